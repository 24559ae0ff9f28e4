import CKernel
public import KernelABI

/// Opens `path` as the calling process sees it; never for a path inside a container (see SafePath).
///
/// - Parameter mode: permissions of a file made with `.create`, less the file creation mask.
/// - Throws: `SyscallError` about `path`.
///
/// See open(2).
public func open(_ path: String, _ flags: OpenFlags, mode: FileMode = .none) throws(SyscallError) -> FileDescriptor {
    try open(path, inDirectory: AtFlags.currentDirectory, flags, mode: mode)
}

/// Opens `path` relative to `directory`.
///
/// A path with several components, a link or `..` may lead out of the directory: see SafePath for names that are not our own.
/// See openat(2).
public func open(
    _ path: String, at directory: borrowing FileDescriptor, _ flags: OpenFlags, mode: FileMode = .none
) throws(SyscallError) -> FileDescriptor {
    try open(path, inDirectory: directory.number, flags, mode: mode)
}

/// openat(2) with a directory by number.
func open(_ path: String, inDirectory directory: Int32, _ flags: OpenFlags, mode: FileMode) throws(SyscallError) -> FileDescriptor {
    let all = flags.union(.closeOnExec).rawValue
    let number = try enter("openat", path) {
        // SAFETY: the kernel reads the string during the call only.
        unsafe sw_openat(directory, path, all, mode.rawValue)
    }
    return FileDescriptor(adopting: Int32(truncatingIfNeeded: number))
}

/// openat2(2) with a directory by number; `ENOSYS` before Linux 5.6.
///
/// Close-on-exec is added. `O_PATH` excludes all other flags but three, which is why `mode` is dropped unless a file may be made.
func open2(
    _ path: String, inDirectory directory: Int32, _ flags: OpenFlags, mode: FileMode, resolve: ResolveFlags
) -> Int {
    let all = UInt64(UInt32(bitPattern: flags.union(.closeOnExec).rawValue))
    let makes = flags.contains(.create) || flags.contains(.temporaryFile)
    let mode = makes ? UInt64(mode.rawValue & FileMode.permissionMask) : 0
    return uninterrupted {
        // SAFETY: the kernel reads the string during the call only.
        unsafe sw_openat2(directory, path, all, mode, resolve.rawValue)
    }
}

/// Whether descriptor `number` is open.
public func isOpen(_ number: Int32) -> Bool {
    sw_fcntl(number, getDescriptorFlags, 0) >= 0
}

/// Makes `target` another number of the file behind `number`; what was open there is closed first.
///
/// Equal numbers are allowed: then only the close-on-exec mark changes. See dup3(2).
public func duplicate(_ number: Int32, to target: Int32, closeOnExec: Bool) throws(SyscallError) {
    guard number != target else { return try setCloseOnExec(number, closeOnExec) }
    let flags = closeOnExec ? OpenFlags.closeOnExec.rawValue : 0
    try enter("dup3", naming(number)) { sw_dup3(number, target, flags) }
}

/// Opens the lowest free number from `lowest` on for the file behind `descriptor`, close-on-exec.
public func duplicate(_ descriptor: borrowing FileDescriptor, atLeast lowest: Int32) throws(SyscallError) -> FileDescriptor {
    try duplicate(descriptor.number, atLeast: lowest)
}

/// Opens the lowest free number from `lowest` on for the file behind `number`, close-on-exec.
public func duplicate(_ number: Int32, atLeast lowest: Int32) throws(SyscallError) -> FileDescriptor {
    let copy = try enter("fcntl", naming(number)) { sw_fcntl(number, duplicateCloseOnExec, Int(lowest)) }
    return FileDescriptor(adopting: Int32(truncatingIfNeeded: copy))
}

/// Sets or removes the close-on-exec mark of descriptor `number`.
public func setCloseOnExec(_ number: Int32, _ closeOnExec: Bool) throws(SyscallError) {
    try enter("fcntl", naming(number)) { sw_fcntl(number, setDescriptorFlags, closeOnExec ? closeOnExecMark : 0) }
}

/// Sets or removes the non-blocking mode of the open file behind `descriptor`, which all its duplicates share.
public func setNonBlocking(_ descriptor: borrowing FileDescriptor, _ nonBlocking: Bool) throws(SyscallError) {
    let number = descriptor.number
    let flags = try enter("fcntl", naming(number)) { sw_fcntl(number, getStatusFlags, 0) }
    let bit = Int(OpenFlags.nonBlocking.rawValue)
    let wanted = nonBlocking ? flags | bit : flags & ~bit
    try enter("fcntl", naming(number)) { sw_fcntl(number, setStatusFlags, wanted) }
}

/// Closes all descriptors from `first` to `last`, or marks them close-on-exec.
///
/// KERNEL: close_range(2) since 5.9, its mark since 5.11. Before, or behind a seccomp filter, each open number is dealt with alone.
public func closeRange(from first: UInt32, through last: UInt32 = UInt32.max, markOnly: Bool = false) throws(SyscallError) {
    let result = uninterrupted { sw_close_range(first, last, markOnly ? closeRangeMark : 0) }
    if result >= 0 { return }
    guard [minus(.ENOSYS), minus(.EINVAL), minus(.EPERM)].contains(result), first <= last else {
        throw failure("close_range", "\(first) to \(last)", result)
    }
    try closeEach(from: first, through: last, markOnly: markOnly)
}

/// The same as `closeRange` without close_range(2): asks /proc for the open numbers, or tries all below the limit where there is no /proc.
package func closeEach(from first: UInt32, through last: UInt32, markOnly: Bool) throws(SyscallError) {
    for number in try openNumbers() where number >= first && number <= last {
        if markOnly {
            _ = sw_fcntl(Int32(bitPattern: number), setDescriptorFlags, closeOnExecMark)
        } else {
            _ = sw_close(Int32(bitPattern: number))
        }
    }
}

private func openNumbers() throws(SyscallError) -> [UInt32] {
    let directory: FileDescriptor
    do {
        directory = try open("/proc/self/fd", .directory)
    } catch {
        return Array(0..<UInt32(truncatingIfNeeded: min(try limit(.openFiles).soft, highestTriedNumber)))
    }
    var numbers: [UInt32] = []
    for entry in try directoryEntries(directory) {
        if let number = UInt32(entry.name), number != directory.number { numbers.append(number) }
    }
    return numbers
}

// fcntl(2) commands and close_range(2) flags, which only this file uses.
private let duplicateCloseOnExec: Int32 = 1030
private let getDescriptorFlags: Int32 = 1
private let setDescriptorFlags: Int32 = 2
private let getStatusFlags: Int32 = 3
private let setStatusFlags: Int32 = 4
private let closeOnExecMark = 1
private let closeRangeMark: UInt32 = 1 << 2

/// Without /proc, an unlimited number of descriptors would be tried one by one: a million is where the kernel's default ends.
private let highestTriedNumber: UInt64 = 1 << 20
