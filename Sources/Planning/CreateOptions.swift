/// What the caller of `create` or `run` asked for beyond config.json.
public struct CreateOptions: Sendable, Hashable {
    /// Enter the root by MS_MOVE and chroot instead of pivot_root, for a root on the initial ramdisk.
    public var usesPivotRoot = true
    /// Give the container a session keyring of its own.
    public var makesSessionKeyring = true
    /// Where the container's pid is written, decimal without a newline.
    public var pidFile: String?
    /// Follow the specification where callers of runc depend on something else.
    public var isStrict = false
    /// Who makes the cgroup.
    public var cgroupManager = CgroupManager.cgroupfs

    /// The defaults of the command line.
    public init() {}
}
