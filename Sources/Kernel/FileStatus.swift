import CKernel
public import KernelABI

/// What statx(2) tells about a file.
public struct FileStatus: Sendable, Hashable {
    /// The type; `nil` for the nameless inodes of the kernel (pidfd, signalfd and their like).
    public let type: FileType?
    /// The permission bits.
    public let permissions: FileMode
    /// The owner, in the caller's user namespace.
    public let uid: UInt32
    /// The group, in the caller's user namespace.
    public let gid: UInt32
    /// The device the file lies on.
    public let device: DeviceNumber
    /// The device the file stands for, if it is a device file.
    public let rdev: DeviceNumber
    /// The number of the inode on `device`.
    public let inode: UInt64
    /// The size in bytes.
    public let size: UInt64
    /// How many names the inode has.
    public let linkCount: UInt32
    /// The id of the mount, as in /proc/self/mountinfo (Linux 5.8); `nil` if the kernel does not tell.
    public let mountID: UInt64?
    /// Whether the file is the root of a mount (Linux 5.8); `nil` if the kernel does not tell.
    public let isMountRoot: Bool?
    /// Whether fs-verity protects the contents (Linux 5.5); `nil` if the filesystem cannot.
    public let isVerity: Bool?

    fileprivate init(_ raw: sw_statx) {
        let mode = FileMode(rawValue: UInt32(raw.mode))
        type = mode.type
        permissions = mode.permissions
        uid = raw.uid
        gid = raw.gid
        device = DeviceNumber(major: raw.dev_major, minor: raw.dev_minor)
        rdev = DeviceNumber(major: raw.rdev_major, minor: raw.rdev_minor)
        inode = raw.ino
        size = raw.size
        linkCount = raw.nlink
        mountID = raw.mask & maskMountID != 0 ? raw.mnt_id : nil
        isMountRoot = raw.attributes_mask & attributeMountRoot != 0 ? raw.attributes & attributeMountRoot != 0 : nil
        isVerity = raw.attributes_mask & attributeVerity != 0 ? raw.attributes & attributeVerity != 0 : nil
    }
}

/// Looks at the file behind `descriptor`, which may be opened as a path only.
public func status(of descriptor: borrowing FileDescriptor) throws(SyscallError) -> FileStatus {
    try status("", inDirectory: descriptor.number, .emptyPath)
}

/// Looks at the file behind descriptor `number`, such as 0, 1 or 2.
public func status(ofNumber number: Int32) throws(SyscallError) -> FileStatus {
    try status("", inDirectory: number, .emptyPath)
}

/// Looks at `path` as the calling process sees it.
public func status(_ path: String, followSymlinks: Bool) throws(SyscallError) -> FileStatus {
    try status(path, inDirectory: AtFlags.currentDirectory, followSymlinks ? [] : .symlinkNoFollow)
}

/// Looks at `path` relative to `directory`.
public func status(_ path: String, at directory: borrowing FileDescriptor, followSymlinks: Bool) throws(SyscallError) -> FileStatus {
    try status(path, inDirectory: directory.number, followSymlinks ? [] : .symlinkNoFollow)
}

/// statx(2) with a directory by number.
func status(_ path: String, inDirectory directory: Int32, _ flags: AtFlags) throws(SyscallError) -> FileStatus {
    var raw = sw_statx()
    let allFlags = flags.union(.noAutomount).rawValue
    try enter("statx", flags.contains(.emptyPath) ? naming(directory) : path) {
        // SAFETY: the kernel reads the string and fills the structure during the call only.
        unsafe sw_statx(directory, path, allFlags, maskBasic | maskMountID, &raw)
    }
    return FileStatus(raw)
}

/// The id of the mount on which the file behind `descriptor` lies, as in /proc/self/mountinfo (Linux 3.15), from a mounted /proc.
///
/// For kernels whose `FileStatus.mountID` is `nil`. See proc_pid_fdinfo(5).
public func mountIDFromProc(of descriptor: borrowing FileDescriptor) throws(SyscallError) -> UInt64 {
    let path = "/proc/self/fdinfo/\(descriptor.number)"
    let text = try readFile(path, limit: 1 << 20)
    let key = "mnt_id:"
    for line in text.split(separator: UInt8(ascii: "\n")) where line.starts(with: key.utf8) {
        let digits = line.dropFirst(key.utf8.count).filter { $0 != UInt8(ascii: "\t") }
        if let id = UInt64(String(decoding: digits, as: UTF8.self)) { return id }
    }
    throw SyscallError("read", path, .EPROTO)
}

/// The type of the filesystem on which the file behind `descriptor` lies. See fstatfs(2).
public func filesystemMagic(of descriptor: borrowing FileDescriptor) throws(SyscallError) -> FilesystemMagic {
    try filesystemMagic(ofNumber: descriptor.number)
}

/// The type of the filesystem on which `path` lies, links followed. See statfs(2).
public func filesystemMagic(at path: String) throws(SyscallError) -> FilesystemMagic {
    var raw = statfs()
    // SAFETY: the kernel reads the string and fills the structure during the call only.
    try enter("statfs", path) { unsafe sw_statfs(path, &raw) }
    return FilesystemMagic(rawValue: UInt32(truncatingIfNeeded: raw.f_type))
}

/// fstatfs(2) on a descriptor by number.
func filesystemMagic(ofNumber number: Int32) throws(SyscallError) -> FilesystemMagic {
    var raw = statfs()
    // SAFETY: the kernel fills the structure during the call only.
    try enter("fstatfs", naming(number)) { unsafe sw_fstatfs(number, &raw) }
    return FilesystemMagic(rawValue: UInt32(truncatingIfNeeded: raw.f_type))
}

/// The attributes of the mount on which the file behind `descriptor` lies. Read-only is also told of a file system that is.
///
/// See fstatfs(2), `f_flags`.
public func mountAttributes(of descriptor: borrowing FileDescriptor) throws(SyscallError) -> MountAttributes {
    var raw = statfs()
    let number = descriptor.number
    // SAFETY: the kernel fills the structure during the call only.
    try enter("fstatfs", naming(number)) { unsafe sw_fstatfs(number, &raw) }
    let bits = UInt64(truncatingIfNeeded: raw.f_flags)
    // The lowest four bits are the same in both.
    var attributes = MountAttributes(rawValue: bits & statfsCommonFlags)
    if bits & statfsNoSymFollow != 0 { attributes.insert(.noSymFollow) }
    if bits & statfsNoDirectoryAccessTime != 0 { attributes.insert(.noDirectoryAccessTime) }
    if bits & statfsNoAccessTime != 0 {
        attributes.insert(.noAccessTime)
    } else if bits & statfsRelativeAccessTime == 0 {
        attributes.insert(.strictAccessTime)
    }
    return attributes
}

/// Gives the file behind `descriptor`, which may be opened as a path only, to `uid` and `gid`; `nil` leaves one as it is.
public func changeOwner(_ descriptor: borrowing FileDescriptor, uid: UInt32?, gid: UInt32?) throws(SyscallError) {
    try changeOwner("", inDirectory: descriptor.number, uid, gid, .emptyPath)
}

/// Gives `name` in `directory` to `uid` and `gid`; `nil` leaves one as it is. A symbolic link is not followed.
public func changeOwner(_ name: String, at directory: borrowing FileDescriptor, uid: UInt32?, gid: UInt32?) throws(SyscallError) {
    try changeOwner(name, inDirectory: directory.number, uid, gid, .symlinkNoFollow)
}

private func changeOwner(
    _ name: String, inDirectory directory: Int32, _ uid: UInt32?, _ gid: UInt32?, _ flags: AtFlags
) throws(SyscallError) {
    try enter("fchownat", flags.contains(.emptyPath) ? naming(directory) : name) {
        // SAFETY: the kernel reads the string during the call only.
        unsafe sw_fchownat(directory, name, uid ?? unchangedID, gid ?? unchangedID, flags.rawValue)
    }
}

/// Sets the permission bits of the file behind `descriptor`; `EBADF` if it is opened as a path only.
public func changeMode(_ descriptor: borrowing FileDescriptor, _ permissions: FileMode) throws(SyscallError) {
    let number = descriptor.number
    try enter("fchmod", naming(number)) { sw_fchmod(number, permissions.permissions.rawValue) }
}

/// Sets the permission bits of `name` in `directory`, following a symbolic link: for names we have just made ourselves.
public func changeMode(_ name: String, at directory: borrowing FileDescriptor, _ permissions: FileMode) throws(SyscallError) {
    let number = directory.number
    // SAFETY: the kernel reads the string during the call only.
    try enter("fchmodat", name) { unsafe sw_fchmodat(number, name, permissions.permissions.rawValue) }
}

/// Whether the calling process may execute the file at `path`, by its real ids and links followed. See faccessat(2).
public func isExecutable(_ path: String) -> Bool {
    // SAFETY: the kernel reads the string during the call only.
    uninterrupted { unsafe sw_faccessat(AtFlags.currentDirectory, path, accessExecute) } >= 0
}

// statx(2) and faccessat(2) constants, which only this file uses.
private let maskBasic: UInt32 = 0x7ff
private let maskMountID: UInt32 = 0x1000
private let attributeMountRoot: UInt64 = 0x2000
private let attributeVerity: UInt64 = 0x10_0000
private let accessExecute: Int32 = 1

// statfs(2), `ST_*`.
private let statfsCommonFlags: UInt64 = 0xf
private let statfsNoAccessTime: UInt64 = 0x400
private let statfsNoDirectoryAccessTime: UInt64 = 0x800
private let statfsRelativeAccessTime: UInt64 = 0x1000
private let statfsNoSymFollow: UInt64 = 0x2000

/// chown(2): an id that is to stay as it is.
private let unchangedID = UInt32.max
