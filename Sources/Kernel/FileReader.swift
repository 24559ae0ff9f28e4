import CKernel
import KernelABI

/// Reads small files one after the other into the same memory: for the figures of many containers.
///
/// A file counts as read where a call fills less than the room it was given. That holds for regular files and for those of /proc and of
/// cgroups that the kernel makes in one piece, and saves a call a file.
public struct FileReader: ~Copyable {
    private var buffer: [UInt8]
    /// How much is read of one file.
    private let limit: Int

    /// - Parameter limit: a file with more bytes counts as unreadable.
    public init(limit: Int = 4 << 20) {
        buffer = [UInt8](repeating: 0, count: min(limit, 8192))
        self.limit = limit
    }

    /// What the file `path` below `directory` holds now, until the next call; `nil` if it cannot be opened or read.
    ///
    /// The path is the caller's own, and its last part no symbolic link.
    public mutating func read(_ path: String, at directory: borrowing FileDescriptor) -> ArraySlice<UInt8>? {
        try? readOrThrow(path, inDirectory: directory.number)
    }

    /// The same for a path from the root.
    public mutating func read(_ path: String) -> ArraySlice<UInt8>? {
        try? readOrThrow(path, inDirectory: AtFlags.currentDirectory)
    }

    /// The same, and the user id of the file's owner.
    public mutating func readOwned(_ path: String, at directory: borrowing FileDescriptor) -> (bytes: ArraySlice<UInt8>, owner: UInt32)? {
        do throws(SyscallError) {
            let file = try open(path, inDirectory: directory.number, [.readOnly, .noFollow], mode: .none)
            return (try read(file, path), try status(of: file).uid)
        } catch {
            return nil
        }
    }

    private mutating func readOrThrow(_ path: String, inDirectory directory: Int32) throws(SyscallError) -> ArraySlice<UInt8> {
        try read(try open(path, inDirectory: directory, [.readOnly, .noFollow], mode: .none), path)
    }

    private mutating func read(_ file: borrowing FileDescriptor, _ path: String) throws(SyscallError) -> ArraySlice<UInt8> {
        let number = file.number
        var count = 0
        while true {
            let start = count
            // SAFETY: the kernel writes behind `start`, which is less than the buffer's size, and no further than its end.
            let result = unsafe buffer.withUnsafeMutableBytes { bytes in
                uninterrupted { unsafe sw_read(number, bytes.baseAddress?.advanced(by: start), bytes.count - start) }
            }
            guard result >= 0 else { throw failure("read", path, result) }
            count += result
            guard count == buffer.count else { return buffer[..<count] }
            guard buffer.count < limit else { throw SyscallError("read", path, .EFBIG) }
            buffer.append(contentsOf: repeatElement(0, count: min(buffer.count, limit - buffer.count)))
        }
    }
}
