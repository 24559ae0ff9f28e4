/// A file's `st_mode`: permission bits, and in most uses the type bits above them.
///
/// May be written as a literal where a name or a reason stands beside it. See inode(7).
public struct FileMode: RawRepresentable, Sendable, Hashable, ExpressibleByIntegerLiteral {
    /// The bits.
    public let rawValue: UInt32

    /// Wraps the bits, known or not.
    public init(rawValue: UInt32) {
        self.rawValue = rawValue
    }

    /// Wraps a literal such as `0o755`.
    public init(integerLiteral value: UInt32) {
        rawValue = value
    }

    /// Joins a type and permissions; other bits of `permissions` are dropped.
    public init(type: FileType, permissions: FileMode) {
        rawValue = type.rawValue | permissions.permissions.rawValue
    }

    /// The permission bits alone, with set-user-ID, set-group-ID and sticky bit (0o7777).
    public var permissions: FileMode { FileMode(rawValue: rawValue & FileMode.permissionMask) }

    /// The type, or `nil` if the type bits are empty or unknown.
    public var type: FileType? { FileType(rawValue: rawValue & FileMode.typeMask) }

    /// No permission for anybody.
    public static var none: FileMode { 0 }
    /// The owner reads and writes (0o600).
    public static var ownerReadWrite: FileMode { 0o600 }
    /// The owner does everything, others nothing (0o700): a private directory.
    public static var ownerAll: FileMode { 0o700 }
    /// The owner writes, everybody reads (0o644): an ordinary file.
    public static var worldReadable: FileMode { 0o644 }
    /// Everybody reads and writes (0o666): /dev/null.
    public static var worldReadWrite: FileMode { 0o666 }
    /// The owner writes, everybody reads and enters (0o755): an ordinary directory or program.
    public static var worldSearchable: FileMode { 0o755 }

    /// The bits that hold permissions.
    public static var permissionMask: UInt32 { 0o7777 }
    /// The bits that hold the type, `S_IFMT`.
    public static var typeMask: UInt32 { 0o170000 }
    /// The set-user-ID bit, `S_ISUID`.
    public static var setUserID: UInt32 { 0o4000 }
    /// The set-group-ID bit, `S_ISGID`.
    public static var setGroupID: UInt32 { 0o2000 }
    /// The sticky bit, `S_ISVTX`.
    public static var sticky: UInt32 { 0o1000 }
}

/// What kind of thing a directory entry is.
///
/// The raw values are the type bits of `st_mode`. See inode(7).
public enum FileType: UInt32, Sendable, Hashable, CaseIterable {
    /// `S_IFIFO`: a named pipe.
    case fifo = 0o010000
    /// `S_IFCHR`: a character device.
    case characterDevice = 0o020000
    /// `S_IFDIR`: a directory.
    case directory = 0o040000
    /// `S_IFBLK`: a block device.
    case blockDevice = 0o060000
    /// `S_IFREG`: a regular file.
    case regular = 0o100000
    /// `S_IFLNK`: a symbolic link.
    case symlink = 0o120000
    /// `S_IFSOCK`: a socket.
    case socket = 0o140000

    /// Reads the type byte of getdents64(2) (`DT_*`); `nil` for 0, which means that the filesystem did not say.
    public init?(directoryEntryType: UInt8) {
        // The kernel derives DT_* from the same bits: S_IFMT >> 12.
        self.init(rawValue: UInt32(directoryEntryType) << 12)
    }
}
