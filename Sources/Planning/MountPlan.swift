public import KernelABI

/// A new file system, as mount(2) would take it.
public struct FilesystemMount: Sendable, Hashable {
    /// The JSON path, for example `mounts[3]`.
    public var origin: String
    /// The file system's type.
    public var type: String
    /// What is mounted, as configured; many file systems ignore it.
    public var source: String?
    /// Where, absolute and clean, in the container's terms.
    public var target: String
    /// The flags that the options name, per-mount and superblock flags together, without propagation.
    public var flags: MountFlags
    /// The options that are no flags, in order, for example `mode=755`.
    public var parameters: [String]
    /// Propagation words, in order.
    public var propagation: [MountFlags]
    /// What the target may be.
    public var targetPolicy: TargetPolicy
    /// What happens when the host cannot mount it.
    public var ifRefused: RefusalPolicy

    /// Creates the value from its properties.
    public init(
        origin: String, type: String, source: String?, target: String, flags: MountFlags, parameters: [String], propagation: [MountFlags],
        targetPolicy: TargetPolicy, ifRefused: RefusalPolicy
    ) {
        self.origin = origin
        self.type = type
        self.source = source
        self.target = target
        self.flags = flags
        self.parameters = parameters
        self.propagation = propagation
        self.targetPolicy = targetPolicy
        self.ifRefused = ifRefused
    }
}

/// What a mount's target may be.
public enum TargetPolicy: Sendable, Hashable {
    /// Anything beneath the root; symbolic links are followed inside it, missing folders are made.
    case anywhere
    /// A real folder: a symbolic link is refused (CVE-2019-19921: `/proc` as a link misleads label and mask code).
    case realDirectory
    /// A path inside the container's procfs, allowed by the planner's short list.
    case insideProc
}

/// What happens when a file system cannot be mounted in the container's namespaces.
public enum RefusalPolicy: Sendable, Hashable {
    /// Creation fails.
    case fail
    /// On EPERM or EBUSY the given path of the host is bound instead (cgroup2 without a cgroup namespace, sysfs without a network namespace).
    case bind(source: String)
}

/// A bind mount.
public struct BindMount: Sendable, Hashable {
    /// The JSON path, for example `mounts[3]`.
    public var origin: String
    /// Absolute in the runtime's mount namespace.
    public var source: String
    /// Where, absolute and clean, in the container's terms.
    public var target: String
    /// `rbind`: mounts beneath the source come along.
    public var isRecursive: Bool
    /// Per-mount flags that are added and removed; all others stay as the source has them.
    public var set: MountFlags
    /// Per-mount flags that a word takes away (`rw`, `suid`).
    public var clear: MountFlags
    /// Propagation words, in order.
    public var propagation: [MountFlags]
    /// What the target may be.
    public var targetPolicy: TargetPolicy

    /// Creates the value from its properties.
    public init(
        origin: String, source: String, target: String, isRecursive: Bool, set: MountFlags, clear: MountFlags, propagation: [MountFlags],
        targetPolicy: TargetPolicy
    ) {
        self.origin = origin
        self.source = source
        self.target = target
        self.isRecursive = isRecursive
        self.set = set
        self.clear = clear
        self.propagation = propagation
        self.targetPolicy = targetPolicy
    }
}

/// An entry with the option `remount`.
public struct MountReconfiguration: Sendable, Hashable {
    /// The JSON path, for example `mounts[3]`.
    public var origin: String
    /// Where, absolute and clean, in the container's terms.
    public var target: String
    /// Without `bind`: the flags and parameters reach the file system and so every mount of it; with `bind` the mount alone.
    public var changesFilesystem: Bool
    /// Flags that are added.
    public var set: MountFlags
    /// Flags that are removed.
    public var clear: MountFlags
    /// Options for the superblock; empty with `bind`, which changes the mount alone.
    public var parameters: [String]
    /// Propagation words, in order.
    public var propagation: [MountFlags]

    /// Creates the value from its properties.
    public init(
        origin: String, target: String, changesFilesystem: Bool, set: MountFlags, clear: MountFlags, parameters: [String],
        propagation: [MountFlags]
    ) {
        self.origin = origin
        self.target = target
        self.changesFilesystem = changesFilesystem
        self.set = set
        self.clear = clear
        self.parameters = parameters
        self.propagation = propagation
    }
}

/// What an entry of type `cgroup` becomes on a v1 or hybrid host.
public struct CgroupHierarchiesMount: Sendable, Hashable {
    /// The JSON path, for example `mounts[3]`.
    public var origin: String
    /// Where, absolute and clean, in the container's terms.
    public var target: String
    /// The flags of each hierarchy's mount and, once all are there, of the tmpfs.
    public var flags: MountFlags
    /// One folder a hierarchy.
    public var views: [CgroupHierarchyView]
    /// Links beside the views, from a controller to the folder that it shares with others: `cpu` → `cpu,cpuacct`. Their paths are names in `target`.
    public var links: [DeviceLink]
    /// Propagation words, in order.
    public var propagation: [MountFlags]

    /// Creates the value from its properties.
    public init(
        origin: String, target: String, flags: MountFlags, views: [CgroupHierarchyView], links: [DeviceLink], propagation: [MountFlags]
    ) {
        self.origin = origin
        self.target = target
        self.flags = flags
        self.views = views
        self.links = links
        self.propagation = propagation
    }
}

/// One v1 hierarchy as the container sees it.
public struct CgroupHierarchyView: Sendable, Hashable {
    /// The folder's name beneath the target, for example `memory`.
    public var name: String
    /// What the folder holds.
    public var content: Content

    /// What the folder of a hierarchy holds.
    public enum Content: Sendable, Hashable {
        /// The container's own cgroup, bound from the host: without a cgroup namespace.
        case bind(source: String)
        /// The hierarchy mounted anew with these options (`memory`, `none,name=systemd`): with a cgroup namespace its root is the container's cgroup.
        case mount(options: String)
    }

    /// Creates the value from its properties.
    public init(name: String, content: Content) {
        self.name = name
        self.content = content
    }
}
