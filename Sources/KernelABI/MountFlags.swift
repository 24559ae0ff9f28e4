/// The flags of mount(2); the four propagation kinds are taken by mount_setattr(2) too.
///
/// Values from include/uapi/linux/mount.h.
public struct MountFlags: OptionSet, Sendable, Hashable {
    /// The bits as the kernel takes them.
    public let rawValue: UInt

    /// Wraps the bits, known or not.
    public init(rawValue: UInt) {
        self.rawValue = rawValue
    }

    /// `MS_RDONLY`: no writes.
    public static var readOnly: MountFlags { MountFlags(rawValue: 0x1) }
    /// `MS_NOSUID`: set-user-ID and set-group-ID bits and file capabilities have no effect.
    public static var noSuid: MountFlags { MountFlags(rawValue: 0x2) }
    /// `MS_NODEV`: device files cannot be opened.
    public static var noDev: MountFlags { MountFlags(rawValue: 0x4) }
    /// `MS_NOEXEC`: programs cannot be executed.
    public static var noExec: MountFlags { MountFlags(rawValue: 0x8) }
    /// `MS_SYNCHRONOUS`: writes reach the disk at once.
    public static var synchronous: MountFlags { MountFlags(rawValue: 0x10) }
    /// `MS_REMOUNT`: change the flags of an existing mount.
    public static var remount: MountFlags { MountFlags(rawValue: 0x20) }
    /// `MS_MANDLOCK`: permit mandatory locks (without effect since Linux 5.15).
    public static var mandatoryLock: MountFlags { MountFlags(rawValue: 0x40) }
    /// `MS_DIRSYNC`: directory changes reach the disk at once.
    public static var dirSync: MountFlags { MountFlags(rawValue: 0x80) }
    /// `MS_NOSYMFOLLOW`: symbolic links are not followed (Linux 5.10).
    public static var noSymFollow: MountFlags { MountFlags(rawValue: 0x100) }
    /// `MS_NOATIME`: access times are not updated.
    public static var noAccessTime: MountFlags { MountFlags(rawValue: 0x400) }
    /// `MS_NODIRATIME`: access times of directories are not updated.
    public static var noDirectoryAccessTime: MountFlags { MountFlags(rawValue: 0x800) }
    /// `MS_BIND`: make a tree visible at another place.
    public static var bind: MountFlags { MountFlags(rawValue: 0x1000) }
    /// `MS_MOVE`: move a mount.
    public static var move: MountFlags { MountFlags(rawValue: 0x2000) }
    /// `MS_REC`: the whole tree of mounts, not only its top.
    public static var recursive: MountFlags { MountFlags(rawValue: 0x4000) }
    /// `MS_SILENT`: fewer kernel log lines.
    public static var silent: MountFlags { MountFlags(rawValue: 0x8000) }
    /// `MS_POSIXACL`: the file creation mask is not applied by the VFS.
    public static var posixACL: MountFlags { MountFlags(rawValue: 0x1_0000) }
    /// `MS_UNBINDABLE`: private, and cannot be bind-mounted.
    public static var unbindable: MountFlags { MountFlags(rawValue: 0x2_0000) }
    /// `MS_PRIVATE`: mount events travel neither way.
    public static var `private`: MountFlags { MountFlags(rawValue: 0x4_0000) }
    /// `MS_SLAVE`: mount events arrive but do not leave.
    public static var slave: MountFlags { MountFlags(rawValue: 0x8_0000) }
    /// `MS_SHARED`: mount events travel both ways.
    public static var shared: MountFlags { MountFlags(rawValue: 0x10_0000) }
    /// `MS_RELATIME`: access times are updated when older than the modification.
    public static var relativeAccessTime: MountFlags { MountFlags(rawValue: 0x20_0000) }
    /// `MS_I_VERSION`: the inode's version counter is updated.
    public static var iVersion: MountFlags { MountFlags(rawValue: 0x80_0000) }
    /// `MS_STRICTATIME`: access times are always updated.
    public static var strictAccessTime: MountFlags { MountFlags(rawValue: 0x100_0000) }
    /// `MS_LAZYTIME`: time stamps are kept in memory and written later.
    public static var lazyTime: MountFlags { MountFlags(rawValue: 0x200_0000) }

    /// The four kinds of propagation.
    public static var anyPropagation: MountFlags { [.unbindable, .private, .slave, .shared] }
}

/// The attributes of one mount: fsmount(2) and mount_setattr(2), `MOUNT_ATTR_*`.
///
/// How access times are kept is a number of two bits (`accessTimeMask`): none of them set is relative access time.
/// A change of that number clears the whole mask. Values from include/uapi/linux/mount.h.
public struct MountAttributes: OptionSet, Sendable, Hashable {
    /// The bits as the kernel takes them.
    public let rawValue: UInt64

    /// Wraps the bits, known or not.
    public init(rawValue: UInt64) {
        self.rawValue = rawValue
    }

    /// `MOUNT_ATTR_RDONLY`: no writes.
    public static var readOnly: MountAttributes { MountAttributes(rawValue: 0x1) }
    /// `MOUNT_ATTR_NOSUID`: set-user-ID and set-group-ID bits and file capabilities have no effect.
    public static var noSuid: MountAttributes { MountAttributes(rawValue: 0x2) }
    /// `MOUNT_ATTR_NODEV`: device files cannot be opened.
    public static var noDev: MountAttributes { MountAttributes(rawValue: 0x4) }
    /// `MOUNT_ATTR_NOEXEC`: programs cannot be executed.
    public static var noExec: MountAttributes { MountAttributes(rawValue: 0x8) }
    /// `MOUNT_ATTR_NOATIME`: access times are not updated.
    public static var noAccessTime: MountAttributes { MountAttributes(rawValue: 0x10) }
    /// `MOUNT_ATTR_STRICTATIME`: access times are always updated.
    public static var strictAccessTime: MountAttributes { MountAttributes(rawValue: 0x20) }
    /// `MOUNT_ATTR__ATIME`: the bits of the access time setting; to be cleared whenever one of them is set.
    public static var accessTimeMask: MountAttributes { MountAttributes(rawValue: 0x70) }
    /// `MOUNT_ATTR_NODIRATIME`: access times of directories are not updated.
    public static var noDirectoryAccessTime: MountAttributes { MountAttributes(rawValue: 0x80) }
    /// `MOUNT_ATTR_IDMAP`: owners are mapped as in a user namespace (Linux 5.12).
    public static var idmap: MountAttributes { MountAttributes(rawValue: 0x10_0000) }
    /// `MOUNT_ATTR_NOSYMFOLLOW`: symbolic links are not followed (Linux 5.14).
    public static var noSymFollow: MountAttributes { MountAttributes(rawValue: 0x20_0000) }
}

/// The flags of open_tree(2) (Linux 5.2).
public struct OpenTreeFlags: OptionSet, Sendable, Hashable {
    /// The bits as the kernel takes them.
    public let rawValue: UInt32

    /// Wraps the bits, known or not.
    public init(rawValue: UInt32) {
        self.rawValue = rawValue
    }

    /// `OPEN_TREE_CLONE`: a detached copy of the mount, not the mount itself.
    public static var clone: OpenTreeFlags { OpenTreeFlags(rawValue: 0x1) }
    /// `AT_SYMLINK_NOFOLLOW`: a symbolic link at the end of the path is not followed.
    public static var noSymFollow: OpenTreeFlags { OpenTreeFlags(rawValue: 0x100) }
    /// `AT_NO_AUTOMOUNT`: the path does not trigger an automount.
    public static var noAutomount: OpenTreeFlags { OpenTreeFlags(rawValue: 0x800) }
    /// `AT_EMPTY_PATH`: an empty path means the descriptor itself.
    public static var emptyPath: OpenTreeFlags { OpenTreeFlags(rawValue: 0x1000) }
    /// `AT_RECURSIVE`: copy the whole tree of mounts; with `clone` only.
    public static var recursive: OpenTreeFlags { OpenTreeFlags(rawValue: 0x8000) }
    /// `OPEN_TREE_CLOEXEC`: the descriptor is closed by execve(2).
    public static var closeOnExec: OpenTreeFlags { OpenTreeFlags(rawValue: 0x8_0000) }
}

/// The flags of umount2(2).
public struct UnmountFlags: OptionSet, Sendable, Hashable {
    /// The bits as the kernel takes them.
    public let rawValue: Int32

    /// Wraps the bits, known or not.
    public init(rawValue: Int32) {
        self.rawValue = rawValue
    }

    /// `MNT_FORCE`: abort pending requests (network filesystems).
    public static var force: UnmountFlags { UnmountFlags(rawValue: 0x1) }
    /// `MNT_DETACH`: take the tree out of the namespace now, release it when it is no longer used.
    public static var detach: UnmountFlags { UnmountFlags(rawValue: 0x2) }
    /// `MNT_EXPIRE`: mark as expired, unmount at the second call.
    public static var expire: UnmountFlags { UnmountFlags(rawValue: 0x4) }
    /// `UMOUNT_NOFOLLOW`: a symbolic link at the end of the path is not followed.
    public static var noFollow: UnmountFlags { UnmountFlags(rawValue: 0x8) }
}
