import CKernel
public import KernelABI

// The system call filter of the calling process. See seccomp(2); kernel, userspace-api, "Seccomp BPF".

/// Whether the kernel knows all of `flags`, in this combination.
///
/// - Throws: `SyscallError` with `ENOSYS` or `EINVAL` for no flags at all: the kernel has no filters.
public func knowsSeccompFlags(_ flags: SeccompFlags) throws(SyscallError) -> Bool {
    // Flags are looked at before the program, which is not there.
    let result = uninterrupted { sw_try_filter_flags(flags.rawValue) }
    if result == minus(.EFAULT) { return true }
    if result == minus(.EINVAL), !flags.isEmpty { return false }
    throw failure("seccomp", "", result)
}

/// Whether the kernel knows an action, whatever number comes with it.
///
/// KERNEL: since 4.14; one that cannot be asked is taken to know what it had until then.
public func knowsSeccompAction(_ action: SeccompReturn) -> Bool {
    // SAFETY: the shim hands the kernel the address of its own parameter.
    let result = uninterrupted { sw_filter_action_available(action.rawValue) }
    if result == minus(.EINVAL) || result == minus(.ENOSYS) { return ![.killProcess, .log, .notify].contains(action) }
    return result >= 0
}

/// Has every system call of the calling process and its descendants judged by `program` from now on, for good.
///
/// - Parameter program: 1 to 4,096 instructions.
/// - Throws: `SyscallError` with `EACCES` without CAP_SYS_ADMIN and no_new_privs, `EINVAL` for a program or flags that the kernel does not take,
///   `ENOMEM` if this and the filters in force before it are too long together.
public func installFilter(_ program: [BPFInstruction], flags: SeccompFlags) throws(SyscallError) {
    let result = uninterrupted { install(program, flags) }
    // With TSYNC alone it may be the number of a thread that could not follow; then nothing is installed.
    guard result == 0 else { throw failure("seccomp", "", result > 0 ? minus(.ESRCH) : result) }
}

/// As `installFilter`, with a listener for `SeccompReturn.notify`, whose number goes to `socket` as one message of five bytes: `word` and
/// the number, little endian.
///
/// From the moment of the first call to the end of the second nobody else has the listener who could answer a notification. So there is
/// nothing but write(2) between them, and no memory is asked for.
/// - Returns: the listener. Close-on-exec.
/// - Throws: as `installFilter`; what write(2) throws, under the filter. `EBUSY` if the caller has a filter with a listener already.
public func installFilter(
    _ program: [BPFInstruction], flags: SeccompFlags, announcing word: UInt8, on socket: borrowing FileDescriptor
) throws(SyscallError) -> FileDescriptor {
    let socket = socket.number
    let result = uninterrupted { install(program, flags.union(.newListener)) }
    guard result >= 0 else { throw failure("seccomp", "", result) }
    let listener = FileDescriptor(adopting: Int32(truncatingIfNeeded: result))
    var message = (UInt64(word) | UInt64(UInt32(bitPattern: listener.number)) << 8).littleEndian
    let length = 5
    // SAFETY: the kernel reads five of the eight bytes during the call only.
    let written = uninterrupted { unsafe withUnsafeBytes(of: &message) { unsafe sw_write(socket, $0.baseAddress, length) } }
    guard written == length else { throw failure("write", "", written) }
    return listener
}

@inline(__always)
private func install(_ program: [BPFInstruction], _ flags: SeccompFlags) -> Int {
    // An instruction more than the kernel takes cannot be counted with 16 bits in any case.
    let count = UInt16(clamping: program.count)
    // SAFETY: the kernel reads `count` instructions of the array during the call only; their layout is that of its own (KernelABITests).
    return unsafe program.withUnsafeBytes { unsafe sw_install_filter(flags.rawValue, $0.baseAddress, count) }
}
