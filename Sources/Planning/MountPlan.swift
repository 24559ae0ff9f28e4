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
    /// `tmpcopyup`: starts with a copy of what it hides.
    public var copiesUp: Bool
    /// A tmpfs without a `mode=`: it takes that of the folder that it hides, if there is one.
    public var takesMode: Bool
    /// The SELinux label that it carries; `nil` for none.
    public var label: MountLabel?

    /// Creates the value from its properties.
    public init(
        origin: String, type: String, source: String?, target: String, flags: MountFlags, parameters: [String], propagation: [MountFlags],
        targetPolicy: TargetPolicy, ifRefused: RefusalPolicy, copiesUp: Bool = false, takesMode: Bool = false,
        label: MountLabel? = nil
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
        self.copiesUp = copiesUp
        self.takesMode = takesMode
        self.label = label
    }
}

/// An SELinux label of a file system, from `linux.mountLabel`.
public enum MountLabel: Sendable, Hashable {
    /// The mount option `context`: every file in it has the label.
    case option(String)
    /// The attribute `security.selinux` of its top folder: mqueue takes no such option.
    case attribute(String)
}

/// What a mount's target may be.
public enum TargetPolicy: Sendable, Hashable {
    /// Anything beneath the root; symbolic links are followed inside it, missing folders are made.
    case anywhere
    /// A real folder: a symbolic link is refused (CVE-2019-19921: `/proc` as a link misleads label and mask code).
    case realDirectory
    /// A path inside the container's procfs, allowed by the planner's short list.
    case insideProc
    /// Something that is there, symbolic link or not (`dest-nofollow`); not in proc, sysfs or devpts.
    case noFollow
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
    /// What changes in the mount and all below it, after the rest.
    public var tree: TreeChange?
    /// How owners are mapped; `nil` for a mount that shows them as they are.
    public var idMap: MountIDMap?
    /// What happens with a source that is a symbolic link.
    public var sourceLink: SourceLinkPolicy

    /// Creates the value from its properties.
    public init(
        origin: String, source: String, target: String, isRecursive: Bool, set: MountFlags, clear: MountFlags, propagation: [MountFlags],
        targetPolicy: TargetPolicy, tree: TreeChange? = nil, idMap: MountIDMap? = nil, sourceLink: SourceLinkPolicy = .follow
    ) {
        self.origin = origin
        self.source = source
        self.target = target
        self.isRecursive = isRecursive
        self.set = set
        self.clear = clear
        self.propagation = propagation
        self.targetPolicy = targetPolicy
        self.tree = tree
        self.idMap = idMap
        self.sourceLink = sourceLink
    }
}

/// Flags that are switched on and flags that are taken away.
public struct MountChange: Sendable, Hashable {
    /// Flags to switch on.
    public private(set) var set: MountFlags = []
    /// Flags to take away.
    public private(set) var clear: MountFlags = []

    /// Changes nothing.
    public init() {}

    /// Whether it changes nothing.
    public var isEmpty: Bool { self.set.isEmpty && self.clear.isEmpty }

    mutating func on(_ flag: MountFlags) {
        set.insert(flag)
        clear.remove(flag)
    }

    mutating func off(_ flag: MountFlags) {
        set.remove(flag)
        clear.insert(flag)
    }

    /// One way of keeping access times, which rules out the other two.
    mutating func accessTimes(_ flag: MountFlags) {
        set.subtract([.relativeAccessTime, .strictAccessTime, .noAccessTime])
        on(flag)
    }

    /// Makes `later` as if its words stood behind the present ones.
    mutating func apply(_ later: MountChange) {
        let times: MountFlags = [.relativeAccessTime, .strictAccessTime, .noAccessTime]
        if !later.set.isDisjoint(with: times) { set.subtract(times) }
        set = set.subtracting(later.clear).union(later.set)
        clear = clear.subtracting(later.set).union(later.clear)
    }
}

/// A change of a mount and of all mounts below it (`rro`, `rnosuid`, …).
public struct TreeChange: Sendable, Hashable {
    /// The JSON path of the first word that asks for it, for example `mounts[3].options[1]`.
    public var origin: String
    /// What changes.
    public var change: MountChange

    /// Creates the value from its properties.
    public init(origin: String, change: MountChange) {
        self.origin = origin
        self.change = change
    }
}

/// How an id-mapped mount shows the owners of its files.
public struct MountIDMap: Sendable, Hashable {
    /// The JSON path of what asks for it, for example `mounts[3].options[1]`.
    public var origin: String
    /// `ridmap`: the mounts below are mapped too.
    public var isRecursive: Bool
    /// Where the map comes from.
    public var users: Users

    /// Where a map of owners comes from.
    public enum Users: Sendable, Hashable {
        /// These ranges: an id in the file system, and as which one it is seen in the runtime's user namespace.
        case mapping(UserMapping)
        /// The user namespace that the container joins.
        case namespace(path: String)
    }

    /// Creates the value from its properties.
    public init(origin: String, isRecursive: Bool, users: Users) {
        self.origin = origin
        self.isRecursive = isRecursive
        self.users = users
    }
}

/// What happens with the source of a bind mount that is a symbolic link.
public enum SourceLinkPolicy: Sendable, Hashable {
    /// It is followed.
    case follow
    /// The link itself is bound (`src-nofollow`).
    case keep
    /// The link is made anew at the target, and nothing is mounted (`copy-symlink`).
    case copy
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
    /// What changes in the mount and all below it, after the rest.
    public var tree: TreeChange?

    /// Creates the value from its properties.
    public init(
        origin: String, target: String, changesFilesystem: Bool, set: MountFlags, clear: MountFlags, parameters: [String],
        propagation: [MountFlags], tree: TreeChange? = nil
    ) {
        self.origin = origin
        self.target = target
        self.changesFilesystem = changesFilesystem
        self.set = set
        self.clear = clear
        self.parameters = parameters
        self.propagation = propagation
        self.tree = tree
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
    /// The SELinux label of the tmpfs; `nil` for none.
    public var label: MountLabel?

    /// Creates the value from its properties.
    public init(
        origin: String, target: String, flags: MountFlags, views: [CgroupHierarchyView], links: [DeviceLink], propagation: [MountFlags],
        label: MountLabel? = nil
    ) {
        self.origin = origin
        self.target = target
        self.flags = flags
        self.views = views
        self.links = links
        self.propagation = propagation
        self.label = label
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
