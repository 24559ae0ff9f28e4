import CKernel
public import KernelABI

// eBPF programs that decide which devices the processes of a cgroup may use. See bpf(2); kernel, admin-guide/cgroup-v2, "Device controller".
//
// KERNEL: since 4.15. Wants CAP_SYS_ADMIN in the initial user namespace, since 5.8 CAP_BPF and CAP_NET_ADMIN are enough to load and attach.

/// Hands a program to the kernel, which checks it. It goes when nothing holds it: no descriptor, no cgroup.
///
/// - Parameters:
///   - name: shown by the kernel, up to 15 letters, digits, underscores and dots.
/// - Throws: `SyscallError` with `EPERM` without the capabilities, `EINVAL` where the kernel has no such programs, `ENOSYS` where it has none
///   at all, `EINVAL` or `EACCES` where its verifier finds a fault (see `deviceProgramFault`), `E2BIG` for more than 1,000,000 instructions
///   (4,096 before Linux 5.2) or too many ways through them.
public func loadDeviceProgram(_ instructions: [EBPFInstruction], name: String) throws(SyscallError) -> FileDescriptor {
    var result = load(instructions, name)
    if result == minus(.EPERM) { result = unlockingMemory { load(instructions, name) } ?? result }
    guard result >= 0 else { throw failure("bpf", "BPF_PROG_LOAD", result) }
    return FileDescriptor(adopting: Int32(truncatingIfNeeded: result))
}

/// What the kernel's verifier says of a program that it has refused, the last line of it; `nil` where it takes the program or says nothing.
///
/// Loads the program once more, so this is for the way to an error.
public func deviceProgramFault(_ instructions: [EBPFInstruction]) -> String? {
    let largest = 1 << 20
    var log = [UInt8](repeating: 0, count: largest)
    // SAFETY: the kernel fills the log within its size and reads the instructions during the call only; strings reach C as bytes and a NUL.
    let result = unsafe log.withUnsafeMutableBytes { log in
        unsafe instructions.withUnsafeBytes { bytes in
            unsafe sw_load_device_program(bytes.baseAddress, UInt32(clamping: instructions.count), "", log.baseAddress, UInt32(largest))
        }
    }
    guard result < 0 else {
        _ = FileDescriptor(adopting: Int32(truncatingIfNeeded: result))
        return nil
    }
    let text = log.prefix { $0 != 0 }
    // The very last line counts instructions and states.
    let lines = text.split(separator: UInt8(ascii: "\n")).filter { !$0.starts(with: "processed ".utf8) }
    return lines.last.map { String(decoding: $0.prefix(200), as: UTF8.self) }
}

/// Attaches a program to a cgroup beside those that are there: what all of them allow is allowed.
///
/// - Throws: `SyscallError` with `EPERM` also where a cgroup above has a program that suffers no other, `E2BIG` for the 65th program,
///   `EINVAL` where the kernel has no such programs.
public func attachDeviceProgram(_ program: borrowing FileDescriptor, to cgroup: borrowing FileDescriptor) throws(SyscallError) {
    let (program, cgroup) = (program.number, cgroup.number)
    try enter("bpf", "BPF_PROG_ATTACH") { sw_attach_device_program(program, cgroup, -1) }
}

/// Attaches a program to a cgroup in place of another one, atomically (Linux 5.6).
///
/// - Throws: `SyscallError` with `EINVAL` before Linux 5.6, `ENOENT` where the other one is not attached to this cgroup.
public func attachDeviceProgram(
    _ program: borrowing FileDescriptor, to cgroup: borrowing FileDescriptor, replacing replaced: borrowing FileDescriptor
) throws(SyscallError) {
    let (program, cgroup, replaced) = (program.number, cgroup.number, replaced.number)
    try enter("bpf", "BPF_PROG_ATTACH") { sw_attach_device_program(program, cgroup, replaced) }
}

/// Takes a program away from a cgroup.
///
/// - Throws: `SyscallError` with `ENOENT` where it is not attached.
public func detachDeviceProgram(_ program: borrowing FileDescriptor, from cgroup: borrowing FileDescriptor) throws(SyscallError) {
    let (program, cgroup) = (program.number, cgroup.number)
    try enter("bpf", "BPF_PROG_DETACH") { sw_detach_device_program(program, cgroup) }
}

/// Opens those programs of a cgroup's own (not of the ones above it) that were loaded with the given name.
///
/// - Throws: `SyscallError` with `EPERM` without CAP_SYS_ADMIN.
public func devicePrograms(named name: String, of cgroup: borrowing FileDescriptor) throws(SyscallError) -> DescriptorList {
    let most = 64
    var numbers = [UInt32](repeating: 0, count: most)
    let folder = cgroup.number
    let count = try enter("bpf", "BPF_PROG_QUERY") {
        // SAFETY: the kernel fills as many numbers as it is told there is room for.
        unsafe numbers.withUnsafeMutableBufferPointer { unsafe sw_query_device_programs(folder, $0.baseAddress, UInt32(most)) }
    }
    var found = DescriptorList()
    for number in numbers.prefix(count) {
        let result = uninterrupted { sw_open_bpf_program(number) }
        // Detached since the list was read.
        if result == minus(.ENOENT) { continue }
        guard result >= 0 else { throw failure("bpf", "BPF_PROG_GET_FD_BY_ID", result) }
        let program = FileDescriptor(adopting: Int32(truncatingIfNeeded: result))
        if try programName(program).elementsEqual(name.utf8) { found.append(program) }
    }
    return found
}

private func programName(_ program: borrowing FileDescriptor) throws(SyscallError) -> [UInt8] {
    var info = sw_bpf_program_info()
    let descriptor = program.number
    // SAFETY: the kernel fills the structure, whose size it is told, during the call only.
    try enter("bpf", "BPF_OBJ_GET_INFO_BY_FD") { unsafe sw_bpf_program_info(descriptor, &info) }
    // SAFETY: the array is read as the bytes that it is.
    return unsafe withUnsafeBytes(of: &info.name) { unsafe Array($0.prefix { $0 != 0 }) }
}

private func load(_ instructions: [EBPFInstruction], _ name: String) -> Int {
    // The verifier gives up when a signal comes in.
    let mostAttempts = 5
    var result = minus(.EAGAIN)
    var attempts = 0
    while result == minus(.EAGAIN), attempts < mostAttempts {
        attempts += 1
        result = uninterrupted {
            // SAFETY: the kernel reads the instructions, whose layout is its own, during the call only; strings reach C as bytes and a NUL.
            unsafe instructions.withUnsafeBytes { bytes in
                unsafe sw_load_device_program(bytes.baseAddress, UInt32(clamping: instructions.count), name, nil, 0)
            }
        }
    }
    return result
}

/// KERNEL: before 5.11 a program counts as locked memory of its user, and EPERM stands for too much of it as well.
///
/// - Returns: `nil` where the limit is not what is in the way, or may not be raised.
private func unlockingMemory(_ body: () -> Int) -> Int? {
    guard let own = try? limit(.lockedMemory), own.soft != ResourceLimit.infinity else { return nil }
    do { try setLimit(.lockedMemory, soft: ResourceLimit.infinity, hard: ResourceLimit.infinity) } catch { return nil }
    // Init inherits the limits; lowering them is always allowed.
    defer { try? setLimit(.lockedMemory, soft: own.soft, hard: own.hard) }
    return body()
}
