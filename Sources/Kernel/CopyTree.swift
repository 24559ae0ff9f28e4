import CKernel
public import KernelABI

/// Copies all that lies in the directory behind `source` into the one behind `target`: files with their holes, folders, symbolic links, fifos, sockets
/// and device files, with owner, permissions, times and extended attributes.
///
/// Nothing leads out of the directory: links are copied and never followed, and a folder on which something is mounted stays empty. What is no
/// regular file is never opened. A file with several names becomes several files. Attributes that the file system of `target` does not take are
/// left out.
/// `target` itself stays as it is.
///
/// - Parameters:
///   - source: a directory, as a path descriptor.
///   - target: a directory without the names that are in `source`, as a path descriptor.
/// - Throws: `SyscallError` about the path below `source`; `ENOSPC` where `target` has no room, `ENAMETOOLONG` below 255 folders.
///   What was copied before stays.
public func copyTree(from source: borrowing FileDescriptor, to target: borrowing FileDescriptor) throws(SyscallError) {
    let from = try open(".", at: source, [.readOnly, .directory])
    let into = try open(".", at: target, [.readOnly, .directory])
    let status = try rawStatus(nameless, inDirectory: from.number, .emptyPath, "")
    var copy = TreeCopy(mountID: try mountID(of: from, status))
    try copy.copyEntries(from: from, to: into)
}

/// A name as the kernel has it: any bytes, and a NUL at the end.
private typealias RawName = [CChar]

private let nameless: RawName = [0]

private func rawStatus(_ name: RawName, inDirectory directory: Int32, _ flags: AtFlags, _ subject: String) throws(SyscallError) -> RawStatus
{
    var raw = sw_statx()
    let allFlags = flags.union(.noAutomount).rawValue
    // SAFETY: the kernel reads the name and fills the structure during the call only.
    try enter("statx", subject) { unsafe sw_statx(directory, name, allFlags, maskBasic | maskMountID, &raw) }
    return RawStatus(raw: raw)
}

private struct RawStatus {
    let raw: sw_statx

    var mode: FileMode { FileMode(rawValue: UInt32(raw.mode)) }
    var mountID: UInt64? { raw.mask & maskMountID != 0 ? raw.mnt_id : nil }
}

/// KERNEL: from statx(2) since Linux 5.8, else from /proc.
private func mountID(of descriptor: borrowing FileDescriptor, _ status: RawStatus) throws(SyscallError) -> UInt64 {
    if let number = status.mountID { return number }
    return try mountIDFromProc(of: descriptor)
}

private struct TreeCopy {
    /// The mount that is not left.
    let mountID: UInt64
    /// Where the copy is, for an error.
    private var path: [RawName] = []

    /// As many folders as `PathWalk` goes down. Each holds two descriptors.
    private static let deepest = 255
    private static let bufferSize = 64 << 10

    init(mountID: UInt64) {
        self.mountID = mountID
    }

    private var subject: String {
        var bytes: [UInt8] = []
        for name in path {
            if !bytes.isEmpty { bytes.append(UInt8(ascii: "/")) }
            bytes += name.dropLast().map { UInt8(bitPattern: $0) }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    func look(at name: RawName, in directory: Int32, _ flags: AtFlags) throws(SyscallError) -> RawStatus {
        try rawStatus(name, inDirectory: directory, flags, subject)
    }

    mutating func copyEntries(from source: borrowing FileDescriptor, to target: borrowing FileDescriptor) throws(SyscallError) {
        guard path.count < TreeCopy.deepest else { throw SyscallError("openat", subject, .ENAMETOOLONG) }
        let number = source.number
        var buffer = [UInt8](repeating: 0, count: 32 << 10)
        while true {
            let count = try enter("getdents64", subject) {
                // SAFETY: the kernel writes at most the buffer's size.
                unsafe buffer.withUnsafeMutableBytes { unsafe sw_getdents64(number, $0.baseAddress, $0.count) }
            }
            if count == 0 { return }
            for name in names(in: buffer[..<count]) {
                path.append(name)
                try copyEntry(name, from: number, to: target.number)
                path.removeLast()
            }
        }
    }

    private mutating func copyEntry(_ name: RawName, from source: Int32, to target: Int32) throws(SyscallError) {
        let status = try look(at: name, in: source, .symlinkNoFollow)
        switch status.mode.type {
        case .directory: try copyFolder(name, from: source, to: target)
        case .regular: try copyFile(name, from: source, to: target)
        case .symlink:
            try copyLink(name, from: source, to: target)
            try copyOwnerAndTimes(of: status, to: name, in: target)
        case .fifo, .socket, .characterDevice, .blockDevice:
            let device = DeviceNumber(major: status.raw.rdev_major, minor: status.raw.rdev_minor)
            let encoded = UInt32(truncatingIfNeeded: device.encoded)
            // SAFETY: the kernel reads the name during the call only.
            try enter("mknodat", subject) { unsafe sw_mknodat(target, name, status.mode.rawValue, encoded) }
            try copyOwnerAndTimes(of: status, to: name, in: target)
        case nil: throw SyscallError("statx", subject, .EINVAL)
        }
    }

    private mutating func copyFolder(_ name: RawName, from source: Int32, to target: Int32) throws(SyscallError) {
        let from = try open(name, in: source, [.readOnly, .directory, .noFollow])
        let status = try look(at: nameless, in: from.number, .emptyPath)
        // SAFETY: the kernel reads the name during the call only.
        try enter("mkdirat", subject) { unsafe sw_mkdirat(target, name, FileMode.ownerAll.rawValue) }
        let into = try open(name, in: target, [.readOnly, .directory, .noFollow])
        if try Kernel.mountID(of: from, status) == mountID { try copyEntries(from: from, to: into) }
        try copyProperties(of: status, from: from, to: into)
    }

    private func copyFile(_ name: RawName, from source: Int32, to target: Int32) throws(SyscallError) {
        // Somebody who shares the folder may put a fifo there in the meantime.
        let from = try open(name, in: source, [.readOnly, .noFollow, .nonBlocking, .noControllingTerminal])
        let status = try look(at: nameless, in: from.number, .emptyPath)
        guard status.mode.type == .regular else { throw SyscallError("openat", "\(subject) has changed meanwhile", .EBUSY) }
        let into = try open(name, in: target, [.writeOnly, .create, .exclusive, .noFollow], mode: .ownerReadWrite)
        try copyContents(from: from, to: into, size: Int(clamping: status.raw.size))
        try copyProperties(of: status, from: from, to: into)
    }

    /// Copies the data up to `size` and leaves holes as they are: a file of holes takes no room.
    private func copyContents(from source: borrowing FileDescriptor, to target: borrowing FileDescriptor, size: Int) throws(SyscallError) {
        let from = source.number
        let into = target.number
        var position = 0
        while position < size {
            let found = uninterrupted { sw_lseek(from, position, seekData) }
            if found == minus(.ENXIO) { break }
            // EINVAL: the file system does not tell. Nor does an answer count that leads back, which would never end.
            let data = max(found, position)
            let end = uninterrupted { sw_lseek(from, data, seekHole) }
            let limit = min(end <= data ? size : end, size)
            try enter("lseek", subject) { sw_lseek(from, data, seekSet) }
            try enter("lseek", subject) { sw_lseek(into, data, seekSet) }
            position = data
            while position < limit {
                let bytes = try readSome(source, limit: min(TreeCopy.bufferSize, limit - position))
                // Somebody cut it off.
                if bytes.isEmpty { return }
                try writeAll(target, bytes, subject: subject)
                position += bytes.count
            }
        }
        try enter("ftruncate", subject) { sw_ftruncate(into, size) }
    }

    private func copyLink(_ name: RawName, from source: Int32, to target: Int32) throws(SyscallError) {
        // The longest text that a link can have, and a NUL.
        var text = RawName(repeating: 0, count: 4097)
        let count = try enter("readlinkat", subject) {
            // SAFETY: the kernel reads the name and writes at most the buffer's size less one.
            unsafe text.withUnsafeMutableBytes { unsafe sw_readlinkat(source, name, $0.baseAddress, $0.count - 1) }
        }
        text[count] = 0
        // SAFETY: the kernel reads the strings during the call only.
        try enter("symlinkat", subject) { unsafe sw_symlinkat(text, target, name) }
    }

    // MARK: Properties

    private func copyOwnerAndTimes(of status: RawStatus, to name: RawName, in directory: Int32) throws(SyscallError) {
        let flags = AtFlags.symlinkNoFollow.rawValue
        // SAFETY: the kernel reads the name during the call only.
        try enter("fchownat", subject) { unsafe sw_fchownat(directory, name, status.raw.uid, status.raw.gid, flags) }
        let times = status.times
        // SAFETY: the kernel reads name and times during the call only; there are two times.
        try enter("utimensat", subject) { unsafe sw_utimensat(directory, name, times, flags) }
    }

    /// ORDER: the owner first, because that takes away set-user-ID bits and capabilities; times last, because all else changes them.
    private func copyProperties(
        of status: RawStatus, from source: borrowing FileDescriptor, to target: borrowing FileDescriptor
    ) throws(SyscallError) {
        let into = target.number
        // SAFETY: the kernel reads the name during the call only.
        try enter("fchownat", subject) {
            unsafe sw_fchownat(into, nameless, status.raw.uid, status.raw.gid, AtFlags.emptyPath.rawValue)
        }
        try enter("fchmod", subject) { sw_fchmod(into, status.mode.permissions.rawValue) }
        try copyAttributes(from: source.number, to: into)
        let times = status.times
        // SAFETY: the kernel reads the times during the call only; there are two.
        try enter("utimensat", subject) { unsafe sw_utimensat(into, nil, times, 0) }
    }

    private func copyAttributes(from source: Int32, to target: Int32) throws(SyscallError) {
        var names = RawName()
        let size = uninterrupted {
            // Without a buffer the kernel tells the size.
            sw_flistxattr(source, nil, 0)
        }
        // None, or a file system without any.
        guard size > 0 else { return }
        names = RawName(repeating: 0, count: size)
        let count = try enter("flistxattr", subject) {
            // SAFETY: the kernel writes at most the buffer's size.
            unsafe names.withUnsafeMutableBufferPointer { unsafe sw_flistxattr(source, $0.baseAddress, $0.count) }
        }
        for name in names[..<count].split(separator: 0) {
            try copyAttribute(RawName(name) + [0], from: source, to: target)
        }
    }

    private func copyAttribute(_ name: RawName, from source: Int32, to target: Int32) throws(SyscallError) {
        // The policy labels what is made.
        if name.dropLast().elementsEqual("security.selinux".utf8.map { CChar(bitPattern: $0) }) { return }
        // The most that the kernel lets a value have, XATTR_SIZE_MAX.
        var value = [UInt8](repeating: 0, count: 64 << 10)
        let count = uninterrupted {
            // SAFETY: the kernel reads the name and writes at most the buffer's size.
            unsafe value.withUnsafeMutableBytes { unsafe sw_fgetxattr(source, name, $0.baseAddress, $0.count) }
        }
        // Gone meanwhile, or not to be read by this process.
        guard count >= 0 else { return }
        let result = uninterrupted {
            // SAFETY: the kernel reads the name and `count` bytes, which the buffer has.
            unsafe value.withUnsafeBytes { unsafe sw_fsetxattr(target, name, $0.baseAddress, count, 0) }
        }
        if result >= 0 || [minus(.EOPNOTSUPP), minus(.EPERM), minus(.EINVAL)].contains(result) { return }
        throw failure("fsetxattr", subject, result)
    }

    // MARK: Names

    private func open(_ name: RawName, in directory: Int32, _ flags: OpenFlags, mode: FileMode = .none) throws(SyscallError)
        -> FileDescriptor
    {
        let all = flags.union(.closeOnExec).rawValue
        let number = try enter("openat", subject) {
            // SAFETY: the kernel reads the name during the call only.
            unsafe sw_openat(directory, name, all, mode.rawValue)
        }
        return FileDescriptor(adopting: Int32(truncatingIfNeeded: number))
    }

    /// Reads the records that getdents64(2) wrote, see `directoryEntries`, without `.` and `..`.
    private func names(in bytes: ArraySlice<UInt8>) -> [RawName] {
        let lengthOffset = 16
        let nameOffset = 19
        var names: [RawName] = []
        var start = bytes.startIndex
        while start + nameOffset < bytes.endIndex {
            let length = Int(UInt16(bytes[start + lengthOffset]) | UInt16(bytes[start + lengthOffset + 1]) << 8)
            guard length > nameOffset, start + length <= bytes.endIndex else { break }
            let name = bytes[(start + nameOffset)..<(start + length)].prefix { $0 != 0 }
            if !name.elementsEqual(".".utf8), !name.elementsEqual("..".utf8) { names.append(name.map { CChar(bitPattern: $0) } + [0]) }
            start += length
        }
        return names
    }
}

extension RawStatus {
    fileprivate var times: [timespec] {
        [timespec(raw.atime), timespec(raw.mtime)]
    }
}

extension timespec {
    fileprivate init(_ time: sw_statx_time) {
        self.init(tv_sec: Int(truncatingIfNeeded: time.seconds), tv_nsec: Int(time.nanoseconds))
    }
}

/// Sets the extended attribute `name` of the directory behind `directory`, which may be opened as a path only. See setxattr(2).
public func setAttribute(_ name: String, _ value: [UInt8], of directory: borrowing FileDescriptor) throws(SyscallError) {
    let opened = try open(".", at: directory, [.readOnly, .directory])
    let number = opened.number
    try enter("fsetxattr", name) {
        // SAFETY: the kernel reads the name and the bytes of the buffer during the call only.
        unsafe value.withUnsafeBytes { unsafe sw_fsetxattr(number, name, $0.baseAddress, $0.count, 0) }
    }
}

// statx(2) and lseek(2) numbers.
private let maskBasic: UInt32 = 0x7ff
private let maskMountID: UInt32 = 0x1000
private let seekSet: Int32 = 0
private let seekData: Int32 = 3
private let seekHole: Int32 = 4
