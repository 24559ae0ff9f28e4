import CKernel
public import KernelABI

// Whole files: reading, writing, replacing. Paths here are the caller's own, never a container's (see SafePath).

/// Reads from `descriptor` to the end of file.
///
/// - Parameters:
///   - limit: the most bytes accepted; one more is `EFBIG`.
///   - subject: how an error names the file.
public func readAll(_ descriptor: borrowing FileDescriptor, limit: Int, subject: String) throws(SyscallError) -> [UInt8] {
    let number = descriptor.number
    var bytes: [UInt8] = []
    // Most files we read are under a page; a file in /proc does not tell its size.
    var capacity = 4096
    while true {
        var result = 0
        let before = bytes
        // SAFETY: what is initialised is counted: the bytes copied and those the kernel wrote behind them, at most `capacity` in all.
        bytes = unsafe [UInt8](unsafeUninitializedCapacity: capacity) { buffer, count in
            count = before.count
            for position in before.indices { unsafe buffer[position] = before[position] }
            while count < capacity {
                let start = unsafe buffer.baseAddress?.advanced(by: count)
                let room = capacity - count
                result = uninterrupted { unsafe sw_read(number, start, room) }
                guard result > 0 else { break }
                count += result
            }
        }
        guard result >= 0 else { throw failure("read", subject, result) }
        guard bytes.count <= limit else { throw SyscallError("read", subject, .EFBIG) }
        if result == 0 { return bytes }
        // `capacity` is full and below the limit, so that doubling it does not overflow.
        capacity *= 2
    }
}

/// Reads once, at most `limit` bytes: what a pipe holds now. Empty at the end of file.
public func readSome(_ descriptor: borrowing FileDescriptor, limit: Int) throws(SyscallError) -> [UInt8] {
    let number = descriptor.number
    var result = 0
    // SAFETY: the kernel writes at most the buffer's size, and what it wrote is counted.
    let bytes = unsafe [UInt8](unsafeUninitializedCapacity: limit) { buffer, count in
        let start = buffer.baseAddress
        result = uninterrupted { unsafe sw_read(number, start, limit) }
        count = max(result, 0)
    }
    guard result >= 0 else { throw failure("read", naming(number), result) }
    return bytes
}

/// Reads the file at `path`; `EFBIG` if it has more than `limit` bytes.
public func readFile(_ path: String, limit: Int) throws(SyscallError) -> [UInt8] {
    try readAll(try open(path, .readOnly), limit: limit, subject: path)
}

/// Reads the file `name` in `directory`; `EFBIG` if it has more than `limit` bytes, `ELOOP` if it is a symbolic link.
public func readFile(_ name: String, at directory: borrowing FileDescriptor, limit: Int) throws(SyscallError) -> [UInt8] {
    try readAll(try open(name, at: directory, .noFollow), limit: limit, subject: name)
}

/// Writes all of `bytes`, with as many calls as the kernel asks for.
public func writeAll(_ descriptor: borrowing FileDescriptor, _ bytes: [UInt8], subject: String) throws(SyscallError) {
    try writeAll(descriptor.number, bytes, subject: subject)
}

/// Writes all of `bytes` to descriptor `number`, such as 1 or 2.
public func writeAll(_ number: Int32, _ bytes: [UInt8], subject: String) throws(SyscallError) {
    var written = 0
    while written < bytes.count {
        written += try enter("write", subject) {
            // SAFETY: the buffer is `bytes` behind `written`, which is less than its count.
            unsafe bytes.withUnsafeBytes { buffer in
                let rest = unsafe UnsafeRawBufferPointer(rebasing: buffer[written...])
                return unsafe sw_write(number, rest.baseAddress, rest.count)
            }
        }
    }
}

/// Writes `text` with a single write(2): a line for the kernel in /proc, /sys or a cgroup, or a log line.
///
/// A partial write is `EIO`.
public func write(_ descriptor: borrowing FileDescriptor, _ text: String, subject: String) throws(SyscallError) {
    let number = descriptor.number
    let length = text.utf8.count
    let written = try enter("write", subject) {
        // SAFETY: a string reaches C as its UTF-8 bytes and a NUL; `length` leaves the NUL out.
        unsafe sw_write(number, text, length)
    }
    guard written == length else { throw SyscallError("write", subject, .EIO) }
}

/// Writes `text` with a single write(2) into the existing file at `path`, which is neither made nor truncated and no symbolic link.
///
/// For files of /proc, /sys and cgroups.
public func writeFile(_ path: String, _ text: String) throws(SyscallError) {
    try write(try open(path, [.writeOnly, .noFollow]), text, subject: path)
}

/// Writes `text` with a single write(2) into the existing file `name` in `directory`; otherwise as the function for paths.
public func writeFile(_ name: String, at directory: borrowing FileDescriptor, _ text: String) throws(SyscallError) {
    try write(try open(name, at: directory, [.writeOnly, .noFollow]), text, subject: name)
}

/// Makes or overwrites the file `name` in `directory`.
///
/// - Parameters:
///   - mode: permissions of a file made here, less the file creation mask.
///   - exclusive: `EEXIST` if something is there already; otherwise an existing file is emptied first.
public func createFile(
    _ name: String, at directory: borrowing FileDescriptor, contents: [UInt8] = [], mode: FileMode, exclusive: Bool = true
) throws(SyscallError) {
    let flags: OpenFlags = [.writeOnly, .create, .noFollow, exclusive ? .exclusive : .truncate]
    try writeAll(try open(name, at: directory, flags, mode: mode), contents, subject: name)
}

/// Puts `contents` at `name` in `directory`, so that a reader finds either the old file or the whole new one.
///
/// Writes under a temporary name (`.name.pid.n`) and renames; the temporary file is removed after a failure.
/// - Parameter sync: flush to disk before renaming, for a folder that outlives the machine's next start; /run does not.
public func replaceFile(
    _ name: String, at directory: borrowing FileDescriptor, contents: [UInt8], mode: FileMode, sync: Bool = false
) throws(SyscallError) {
    let (temporary, file) = try createTemporary(beside: name, at: directory, mode: mode)
    do {
        let descriptor = FileDescriptor(adopting: file)
        try writeAll(descriptor, contents, subject: name)
        if sync { try enter("fsync", name) { sw_fsync(file) } }
        try rename(temporary, to: name, at: directory)
    } catch {
        // The first failure is the one to report; a leftover that cannot be removed either does no harm.
        try? unlink(temporary, at: directory)
        throw error
    }
}

/// Puts `contents` at `name` in `directory`, so that a reader finds either the old file or the whole new one, and keeps the old one as `previous`.
///
/// As many calls as `replaceFile` needs. Only for one writer at a time. A failure leaves `name` as it was and takes `previous` away.
/// KERNEL: RENAME_EXCHANGE since 3.15; a filesystem that cannot do it (NFS) keeps nothing.
public func replaceFile(
    _ name: String, keeping previous: String, at directory: borrowing FileDescriptor, contents: [UInt8], mode: FileMode
) throws(SyscallError) {
    do throws(SyscallError) {
        let flags: OpenFlags = [.writeOnly, .create, .truncate, .noFollow]
        try writeAll(try open(previous, at: directory, flags, mode: mode), contents, subject: name)
        let number = directory.number
        let result = uninterrupted {
            // SAFETY: the kernel reads the strings during the call only.
            unsafe sw_renameat2(number, previous, number, name, renameExchange)
        }
        if result >= 0 { return }
        // ENOENT: there is no old one yet.
        guard result == minus(.ENOENT) || result == minus(.EINVAL) else { throw failure("renameat2", name, result) }
        try rename(previous, to: name, at: directory)
    } catch {
        // The first failure is the one to report; a leftover that cannot be removed either does no harm.
        try? unlink(previous, at: directory)
        throw error
    }
}

/// Makes a file with a name nobody else has; the returned number is owned by the caller (a tuple cannot own a descriptor).
private func createTemporary(
    beside name: String, at directory: borrowing FileDescriptor, mode: FileMode
) throws(SyscallError) -> (name: String, number: Int32) {
    let flags: OpenFlags = [.writeOnly, .create, .exclusive, .noFollow]
    var attempt = 0
    while true {
        let temporary = ".\(name).\(ownPID()).\(attempt)"
        do {
            return (temporary, try open(temporary, at: directory, flags, mode: mode).release())
        } catch {
            // Left over by a process with the same number that was killed at this point.
            guard error.errno == .EEXIST, attempt < 100 else { throw error }
            attempt += 1
        }
    }
}

/// Renames `name` to `target` within `directory`, replacing what is there.
public func rename(_ name: String, to target: String, at directory: borrowing FileDescriptor) throws(SyscallError) {
    let number = directory.number
    try enter("renameat2", "\(name) to \(target)") {
        // SAFETY: the kernel reads the strings during the call only.
        unsafe sw_renameat2(number, name, number, target, 0)
    }
}

/// Removes the file, link, device or fifo `name` in `directory`.
public func unlink(_ name: String, at directory: borrowing FileDescriptor) throws(SyscallError) {
    let number = directory.number
    // SAFETY: the kernel reads the string during the call only.
    try enter("unlinkat", name) { unsafe sw_unlinkat(number, name, 0) }
}

/// Removes the file, link, device or fifo at `path`.
public func unlink(_ path: String) throws(SyscallError) {
    // SAFETY: the kernel reads the string during the call only.
    try enter("unlinkat", path) { unsafe sw_unlinkat(AtFlags.currentDirectory, path, 0) }
}

/// Takes or waits for the lock of the open file behind `descriptor`; `false` if another holds it and `wait` is not set.
///
/// Belongs to the open file: shared by duplicates and children, gone when the last of them is closed. See flock(2).
public func lock(_ descriptor: borrowing FileDescriptor, exclusive: Bool, wait: Bool) throws(SyscallError) -> Bool {
    let number = descriptor.number
    let operation = (exclusive ? lockExclusive : lockShared) | (wait ? 0 : lockNonBlocking)
    let result = uninterrupted { sw_flock(number, operation) }
    if result == minus(.EWOULDBLOCK) { return false }
    guard result >= 0 else { throw failure("flock", naming(number), result) }
    return true
}

/// Makes a pipe: `first` reads what `second` writes.
public func pipe() throws(SyscallError) -> DescriptorPair {
    var numbers: (Int32, Int32) = (-1, -1)
    try enter("pipe2", "") {
        // SAFETY: the kernel writes two numbers, which is what the tuple holds.
        unsafe withUnsafeMutableBytes(of: &numbers) { bytes in
            unsafe sw_pipe2(bytes.baseAddress?.assumingMemoryBound(to: Int32.self), OpenFlags.closeOnExec.rawValue)
        }
    }
    return DescriptorPair(first: FileDescriptor(adopting: numbers.0), second: FileDescriptor(adopting: numbers.1))
}

// renameat2(2) and flock(2) numbers, which only this file uses.
private let renameExchange: UInt32 = 2
private let lockShared: Int32 = 1
private let lockExclusive: Int32 = 2
private let lockNonBlocking: Int32 = 4
