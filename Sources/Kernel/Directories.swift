import CKernel
public import KernelABI

// Making, listing and removing what lies in directories, and the working directory.

/// Makes the directory `path`; permissions are `mode` less the file creation mask. `EEXIST` if something is there.
public func makeDirectory(_ path: String, mode: FileMode) throws(SyscallError) {
    // SAFETY: the kernel reads the string during the call only.
    try enter("mkdirat", path) { unsafe sw_mkdirat(AtFlags.currentDirectory, path, mode.rawValue) }
}

/// Makes the directory `name` in `directory`; permissions are `mode` less the file creation mask.
public func makeDirectory(_ name: String, at directory: borrowing FileDescriptor, mode: FileMode) throws(SyscallError) {
    let number = directory.number
    // SAFETY: the kernel reads the string during the call only.
    try enter("mkdirat", name) { unsafe sw_mkdirat(number, name, mode.rawValue) }
}

/// Makes the named pipe `name` in `directory`; permissions are `mode` less the file creation mask.
public func makeFIFO(_ name: String, at directory: borrowing FileDescriptor, mode: FileMode) throws(SyscallError) {
    try makeNode(name, at: directory, type: .fifo, permissions: mode, device: DeviceNumber(major: 0, minor: 0))
}

/// Makes the device, fifo, socket or empty regular file `name` in `directory`.
///
/// - Parameters:
///   - permissions: less the file creation mask.
///   - device: counts for the two device types only; `EINVAL` if the kernel cannot have such a number.
///
/// See mknodat(2).
public func makeNode(
    _ name: String, at directory: borrowing FileDescriptor, type: FileType, permissions: FileMode, device: DeviceNumber
) throws(SyscallError) {
    // The kernel would silently cut larger numbers down to those of another device.
    guard device.fitsKernel else { throw SyscallError("mknodat", "\(name) \(device)", .EINVAL) }
    let number = directory.number
    let mode = FileMode(type: type, permissions: permissions).rawValue
    let encoded = UInt32(truncatingIfNeeded: device.encoded)
    // SAFETY: the kernel reads the string during the call only.
    try enter("mknodat", name) { unsafe sw_mknodat(number, name, mode, encoded) }
}

/// Makes the symbolic link `name` in `directory`, pointing to `target`.
public func makeSymlink(_ target: String, _ name: String, at directory: borrowing FileDescriptor) throws(SyscallError) {
    let number = directory.number
    // SAFETY: the kernel reads the strings during the call only.
    try enter("symlinkat", name) { unsafe sw_symlinkat(target, number, name) }
}

/// Reads where the symbolic link at `path` points.
public func readLink(_ path: String) throws(SyscallError) -> String {
    try readLink(path, inDirectory: AtFlags.currentDirectory)
}

/// Reads where the symbolic link `name` in `directory` points. With an empty name: the link that was opened with `[.path, .noFollow]`.
public func readLink(_ name: String, at directory: borrowing FileDescriptor) throws(SyscallError) -> String {
    try readLink(name, inDirectory: directory.number)
}

private func readLink(_ path: String, inDirectory directory: Int32) throws(SyscallError) -> String {
    // The longest target a link can have, with a byte to spare so that a cut would show.
    let capacity = 4096
    var result = 0
    // SAFETY: `result` bytes were written by the kernel, at most `capacity`.
    let text = unsafe String(unsafeUninitializedCapacity: capacity) { buffer in
        result = uninterrupted { unsafe sw_readlinkat(directory, path, buffer.baseAddress, capacity) }
        return max(result, 0)
    }
    guard result >= 0 else { throw failure("readlinkat", path, result) }
    guard result < capacity else { throw SyscallError("readlinkat", path, .ENAMETOOLONG) }
    return text
}

/// Removes the empty directory at `path`.
public func removeDirectory(_ path: String) throws(SyscallError) {
    // SAFETY: the kernel reads the string during the call only.
    try enter("unlinkat", path) { unsafe sw_unlinkat(AtFlags.currentDirectory, path, AtFlags.removeDirectory.rawValue) }
}

/// Removes the empty directory `name` in `directory`.
public func removeDirectory(_ name: String, at directory: borrowing FileDescriptor) throws(SyscallError) {
    let number = directory.number
    // SAFETY: the kernel reads the string during the call only.
    try enter("unlinkat", name) { unsafe sw_unlinkat(number, name, AtFlags.removeDirectory.rawValue) }
}

/// One entry of a directory.
public struct DirectoryEntry: Sendable, Hashable {
    /// The name; bytes that are not UTF-8 are replaced, so such an entry cannot be opened by it.
    public let name: String
    /// The type, or `nil` if the filesystem does not say.
    public let type: FileType?
}

/// Lists the directory behind `descriptor` from its current position on, in the filesystem's order, without `.` and `..`.
///
/// The descriptor must be open for reading, not just as a path. See getdents64(2).
public func directoryEntries(_ descriptor: borrowing FileDescriptor) throws(SyscallError) -> [DirectoryEntry] {
    let number = descriptor.number
    var entries: [DirectoryEntry] = []
    // Room for some hundred records, so that most directories need one call and a second to see the end.
    var buffer = [UInt8](repeating: 0, count: 8192)
    while true {
        let count = try enter("getdents64", naming(number)) {
            // SAFETY: the kernel writes at most the buffer's size.
            unsafe buffer.withUnsafeMutableBytes { unsafe sw_getdents64(number, $0.baseAddress, $0.count) }
        }
        if count == 0 { return entries }
        parseEntries(buffer[..<count], into: &entries)
    }
}

/// Reads the records that getdents64(2) wrote: inode (8 bytes), offset (8), record length (2), type (1), name up to a NUL.
private func parseEntries(_ bytes: ArraySlice<UInt8>, into entries: inout [DirectoryEntry]) {
    let lengthOffset = 16
    let typeOffset = 18
    let nameOffset = 19
    var start = 0
    while start + nameOffset < bytes.endIndex {
        let length = Int(UInt16(littleEndian: UInt16(bytes[start + lengthOffset]) | UInt16(bytes[start + lengthOffset + 1]) << 8))
        guard length > nameOffset, start + length <= bytes.endIndex else { return }
        let name = bytes[(start + nameOffset)..<(start + length)].prefix { $0 != 0 }
        let isDots = name.elementsEqual(".".utf8) || name.elementsEqual("..".utf8)
        if !isDots {
            let type = FileType(directoryEntryType: bytes[start + typeOffset])
            entries.append(DirectoryEntry(name: String(decoding: name, as: UTF8.self), type: type))
        }
        start += length
    }
}

/// Makes `path` the working directory of the calling process.
public func changeDirectory(_ path: String) throws(SyscallError) {
    // SAFETY: the kernel reads the string during the call only.
    try enter("chdir", path) { unsafe sw_chdir(path) }
}

/// Makes the directory behind `descriptor` the working directory of the calling process.
public func changeDirectory(to descriptor: borrowing FileDescriptor) throws(SyscallError) {
    let number = descriptor.number
    try enter("fchdir", naming(number)) { sw_fchdir(number) }
}

/// The path of the working directory.
///
/// Starts with `(unreachable)` and not with `/` if the directory does not lie under the process's root. `ENOENT` if it was removed.
public func currentDirectory() throws(SyscallError) -> String {
    // The longest path the kernel hands out, with its NUL.
    let capacity = 4096
    var result = 0
    // SAFETY: `result` bytes were written by the kernel, at most `capacity`; the last of them is the NUL.
    let path = unsafe String(unsafeUninitializedCapacity: capacity) { buffer in
        // SAFETY: a character and a byte have the same layout.
        result = unsafe buffer.withMemoryRebound(to: CChar.self) { characters in
            uninterrupted { unsafe sw_getcwd(characters.baseAddress, capacity) }
        }
        return max(result - 1, 0)
    }
    guard result > 0 else { throw failure("getcwd", "", result) }
    return path
}

/// Sets the file creation mask of the calling process and returns the former one.
@discardableResult
public func setFileCreationMask(_ mask: FileMode) -> FileMode {
    FileMode(rawValue: UInt32(truncatingIfNeeded: sw_umask(mask.rawValue)))
}
