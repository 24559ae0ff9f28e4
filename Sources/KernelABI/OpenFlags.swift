/// The flags of open(2) and openat2(2).
///
/// Values from include/uapi/asm-generic/fcntl.h; the three that differ on 64-bit ARM from its own header.
public struct OpenFlags: OptionSet, Sendable, Hashable {
    /// The bits as the kernel takes them.
    public let rawValue: Int32

    /// Wraps the bits, known or not.
    public init(rawValue: Int32) {
        self.rawValue = rawValue
    }

    /// `O_RDONLY`: the absence of `writeOnly` and `readWrite`; its value is 0.
    public static var readOnly: OpenFlags { OpenFlags(rawValue: 0x0) }
    /// `O_WRONLY`.
    public static var writeOnly: OpenFlags { OpenFlags(rawValue: 0x1) }
    /// `O_RDWR`.
    public static var readWrite: OpenFlags { OpenFlags(rawValue: 0x2) }
    /// `O_CREAT`: make a regular file if nothing is there.
    public static var create: OpenFlags { OpenFlags(rawValue: 0x40) }
    /// `O_EXCL`: fail with `EEXIST` if something is there; symbolic links are not followed.
    public static var exclusive: OpenFlags { OpenFlags(rawValue: 0x80) }
    /// `O_NOCTTY`: a terminal does not become the controlling one.
    public static var noControllingTerminal: OpenFlags { OpenFlags(rawValue: 0x100) }
    /// `O_TRUNC`: empty the file.
    public static var truncate: OpenFlags { OpenFlags(rawValue: 0x200) }
    /// `O_APPEND`: writes go to the end.
    public static var append: OpenFlags { OpenFlags(rawValue: 0x400) }
    /// `O_NONBLOCK`: do not wait, neither in open nor later.
    public static var nonBlocking: OpenFlags { OpenFlags(rawValue: 0x800) }
    /// `O_CLOEXEC`: closed by execve(2). The functions of `Kernel` set it unasked.
    public static var closeOnExec: OpenFlags { OpenFlags(rawValue: 0x8_0000) }
    /// `O_PATH`: a handle on the place in the tree, without access to the contents.
    public static var path: OpenFlags { OpenFlags(rawValue: 0x20_0000) }

    #if arch(arm64)
        /// `O_DIRECTORY`: fail with `ENOTDIR` unless it is a directory.
        public static var directory: OpenFlags { OpenFlags(rawValue: 0x4000) }
    #else
        /// `O_DIRECTORY`: fail with `ENOTDIR` unless it is a directory.
        public static var directory: OpenFlags { OpenFlags(rawValue: 0x1_0000) }
    #endif

    #if arch(arm64)
        /// `O_NOFOLLOW`: fail with `ELOOP` if the last component is a symbolic link (with `path`: open the link).
        public static var noFollow: OpenFlags { OpenFlags(rawValue: 0x8000) }
    #else
        /// `O_NOFOLLOW`: fail with `ELOOP` if the last component is a symbolic link (with `path`: open the link).
        public static var noFollow: OpenFlags { OpenFlags(rawValue: 0x2_0000) }
    #endif

    /// `O_TMPFILE` with its directory bit: an unnamed file in the given directory.
    public static var temporaryFile: OpenFlags { OpenFlags(rawValue: 0x40_0000 | OpenFlags.directory.rawValue) }
}

/// How openat2(2) walks a path (Linux 5.6).
///
/// Values from include/uapi/linux/openat2.h.
public struct ResolveFlags: OptionSet, Sendable, Hashable {
    /// The bits as the kernel takes them.
    public let rawValue: UInt64

    /// Wraps the bits, known or not.
    public init(rawValue: UInt64) {
        self.rawValue = rawValue
    }

    /// `RESOLVE_NO_XDEV`: fail with `EXDEV` at a mount point.
    public static var noCrossMounts: ResolveFlags { ResolveFlags(rawValue: 0x1) }
    /// `RESOLVE_NO_MAGICLINKS`: fail with `ELOOP` at a link such as /proc/self/fd/3.
    public static var noMagicLinks: ResolveFlags { ResolveFlags(rawValue: 0x2) }
    /// `RESOLVE_NO_SYMLINKS`: fail with `ELOOP` at any symbolic link.
    public static var noSymlinks: ResolveFlags { ResolveFlags(rawValue: 0x4) }
    /// `RESOLVE_BENEATH`: fail with `EXDEV` where the path would leave the starting directory.
    public static var beneath: ResolveFlags { ResolveFlags(rawValue: 0x8) }
    /// `RESOLVE_IN_ROOT`: the starting directory is the root for `/`, `..` and links.
    public static var inRoot: ResolveFlags { ResolveFlags(rawValue: 0x10) }
    /// `RESOLVE_CACHED`: fail with `EAGAIN` unless the answer is in the cache (Linux 5.12).
    public static var cached: ResolveFlags { ResolveFlags(rawValue: 0x20) }
}

/// The flags of the calls that take a directory descriptor and a name, `AT_*`.
///
/// Values from include/uapi/linux/fcntl.h.
public struct AtFlags: OptionSet, Sendable, Hashable {
    /// The bits as the kernel takes them.
    public let rawValue: Int32

    /// Wraps the bits, known or not.
    public init(rawValue: Int32) {
        self.rawValue = rawValue
    }

    /// `AT_SYMLINK_NOFOLLOW`: act on a symbolic link itself.
    public static var symlinkNoFollow: AtFlags { AtFlags(rawValue: 0x100) }
    /// `AT_REMOVEDIR`: unlinkat(2) removes a directory.
    public static var removeDirectory: AtFlags { AtFlags(rawValue: 0x200) }
    /// `AT_SYMLINK_FOLLOW`: linkat(2) follows a symbolic link.
    public static var symlinkFollow: AtFlags { AtFlags(rawValue: 0x400) }
    /// `AT_NO_AUTOMOUNT`: the path does not trigger an automount.
    public static var noAutomount: AtFlags { AtFlags(rawValue: 0x800) }
    /// `AT_EMPTY_PATH`: an empty name means the descriptor itself.
    public static var emptyPath: AtFlags { AtFlags(rawValue: 0x1000) }
    /// `AT_RECURSIVE`: the whole tree of mounts.
    public static var recursive: AtFlags { AtFlags(rawValue: 0x8000) }

    /// `AT_FDCWD`: the number that stands for the working directory where a directory descriptor is expected.
    public static var currentDirectory: Int32 { -100 }
}
