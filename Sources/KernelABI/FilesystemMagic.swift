/// The type of a filesystem by its magic number, as statfs(2) reports it.
///
/// Values from include/uapi/linux/magic.h.
public struct FilesystemMagic: RawRepresentable, Sendable, Hashable {
    /// The number; the kernel's `f_type` cut to its 32 meaningful bits.
    public let rawValue: UInt32

    /// Wraps the number, known or not.
    public init(rawValue: UInt32) {
        self.rawValue = rawValue
    }

    /// `PROC_SUPER_MAGIC`: proc.
    public static var proc: FilesystemMagic { FilesystemMagic(rawValue: 0x9fa0) }
    /// `SYSFS_MAGIC`: sysfs.
    public static var sysfs: FilesystemMagic { FilesystemMagic(rawValue: 0x6265_6572) }
    /// `TMPFS_MAGIC`: tmpfs and devtmpfs.
    public static var tmpfs: FilesystemMagic { FilesystemMagic(rawValue: 0x0102_1994) }
    /// `RAMFS_MAGIC`: ramfs.
    public static var ramfs: FilesystemMagic { FilesystemMagic(rawValue: 0x8584_58f6) }
    /// `CGROUP_SUPER_MAGIC`: a cgroup v1 hierarchy.
    public static var cgroup: FilesystemMagic { FilesystemMagic(rawValue: 0x0027_e0eb) }
    /// `CGROUP2_SUPER_MAGIC`: the cgroup v2 hierarchy.
    public static var cgroup2: FilesystemMagic { FilesystemMagic(rawValue: 0x6367_7270) }
    /// `NSFS_MAGIC`: namespace files.
    public static var nsfs: FilesystemMagic { FilesystemMagic(rawValue: 0x6e73_6673) }
    /// `OVERLAYFS_SUPER_MAGIC`: overlay.
    public static var overlay: FilesystemMagic { FilesystemMagic(rawValue: 0x794c_7630) }
    /// `DEVPTS_SUPER_MAGIC`: devpts.
    public static var devpts: FilesystemMagic { FilesystemMagic(rawValue: 0x1cd1) }
    /// `MQUEUE_MAGIC`: mqueue (ipc/mqueue.c; in no user header).
    public static var mqueue: FilesystemMagic { FilesystemMagic(rawValue: 0x1980_0202) }
    /// `EXT4_SUPER_MAGIC`: ext2, ext3 and ext4.
    public static var ext4: FilesystemMagic { FilesystemMagic(rawValue: 0xef53) }
    /// `XFS_SUPER_MAGIC`: xfs.
    public static var xfs: FilesystemMagic { FilesystemMagic(rawValue: 0x5846_5342) }
    /// `BTRFS_SUPER_MAGIC`: btrfs.
    public static var btrfs: FilesystemMagic { FilesystemMagic(rawValue: 0x9123_683e) }
    /// `SQUASHFS_MAGIC`: squashfs.
    public static var squashfs: FilesystemMagic { FilesystemMagic(rawValue: 0x7371_7368) }
    /// `EROFS_SUPER_MAGIC_V1`: erofs.
    public static var erofs: FilesystemMagic { FilesystemMagic(rawValue: 0xe0f5_e1e2) }
    /// `FUSE_SUPER_MAGIC`: fuse.
    public static var fuse: FilesystemMagic { FilesystemMagic(rawValue: 0x6573_5546) }
    /// `NFS_SUPER_MAGIC`: nfs.
    public static var nfs: FilesystemMagic { FilesystemMagic(rawValue: 0x6969) }
    /// `HUGETLBFS_MAGIC`: hugetlbfs.
    public static var hugetlbfs: FilesystemMagic { FilesystemMagic(rawValue: 0x9584_58f6) }
    /// `SECURITYFS_MAGIC`: securityfs.
    public static var securityfs: FilesystemMagic { FilesystemMagic(rawValue: 0x7363_6673) }
    /// `SELINUX_MAGIC`: selinuxfs.
    public static var selinuxfs: FilesystemMagic { FilesystemMagic(rawValue: 0xf97c_ff8c) }
    /// `BPF_FS_MAGIC`: bpf.
    public static var bpf: FilesystemMagic { FilesystemMagic(rawValue: 0xcafe_4a11) }
    /// `DEBUGFS_MAGIC`: debugfs.
    public static var debugfs: FilesystemMagic { FilesystemMagic(rawValue: 0x6462_6720) }
    /// `TRACEFS_MAGIC`: tracefs.
    public static var tracefs: FilesystemMagic { FilesystemMagic(rawValue: 0x7472_6163) }
    /// `PIPEFS_MAGIC`: pipes.
    public static var pipefs: FilesystemMagic { FilesystemMagic(rawValue: 0x5049_5045) }
    /// `SOCKFS_MAGIC`: sockets.
    public static var sockfs: FilesystemMagic { FilesystemMagic(rawValue: 0x534f_434b) }
    /// `ANON_INODE_FS_MAGIC`: anonymous inodes.
    public static var anonymousInode: FilesystemMagic { FilesystemMagic(rawValue: 0x0904_1934) }
    /// `RDTGROUP_SUPER_MAGIC`: resctrl.
    public static var resctrl: FilesystemMagic { FilesystemMagic(rawValue: 0x0765_5821) }
}
