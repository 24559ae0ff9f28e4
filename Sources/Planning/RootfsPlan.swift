public import KernelABI

/// The root file system: what is mounted beneath it, what is protected, how it is entered.
public struct RootfsPlan: Sendable, Hashable {
    /// The root's folder, absolute in the runtime's mount namespace.
    public var path: String
    /// The propagation that the inherited tree gets first, recursively: `[.slave, .recursive]` unless `linux.rootfsPropagation` says otherwise.
    public var inheritedPropagation: MountFlags
    /// The propagation of `/` after it was entered; `nil` leaves it as it is.
    public var rootPropagation: MountFlags?
    /// Mounts, device nodes and links, in the order in which they are made beneath the root.
    public var mounts: [RootfsStep]
    /// Read-only and masked paths, made after the createContainer hooks. A path in both lists ends up masked.
    public var protections: [ProtectionStep]
    /// Whether `/` itself becomes read-only.
    public var isReadOnly: Bool
    /// How the root is entered.
    public var entry: RootEntry

    public init(
        path: String, inheritedPropagation: MountFlags, rootPropagation: MountFlags?, mounts: [RootfsStep], protections: [ProtectionStep],
        isReadOnly: Bool, entry: RootEntry
    ) {
        self.path = path
        self.inheritedPropagation = inheritedPropagation
        self.rootPropagation = rootPropagation
        self.mounts = mounts
        self.protections = protections
        self.isReadOnly = isReadOnly
        self.entry = entry
    }
}

/// How the container's root becomes `/`.
public enum RootEntry: Sendable, Hashable {
    /// pivot_root(2), and the old root is detached.
    case pivot
    /// The root is moved over `/`, then chroot(2) (`--no-pivot`).
    case move
}

/// One step in preparing the root file system. Targets are in the container's terms: `/dev/pts`.
public enum RootfsStep: Sendable, Hashable {
    /// A new file system is mounted.
    case attach(FilesystemMount)
    /// An existing file or folder is mounted a second time.
    case bind(BindMount)
    /// A mount that is already at the target gets other flags (an entry with `remount`).
    case reconfigure(MountReconfiguration)
    /// The v1 hierarchies are shown beneath a small tmpfs.
    case attachCgroupHierarchies(CgroupHierarchiesMount)
    /// A device node is made.
    case makeNode(DeviceNode)
    /// A symbolic link is made.
    case makeLink(DeviceLink)
}

/// A new file system, as mount(2) would take it.
public struct FilesystemMount: Sendable, Hashable {
    /// The JSON path, for example `mounts[3]`.
    public var origin: String
    public var type: String
    public var source: String?
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
    public var origin: String
    /// Absolute in the runtime's mount namespace.
    public var source: String
    public var target: String
    /// `rbind`: mounts beneath the source come along.
    public var isRecursive: Bool
    /// Per-mount flags that are added and removed; all others stay as the source has them.
    public var set: MountFlags
    public var clear: MountFlags
    public var propagation: [MountFlags]
    public var targetPolicy: TargetPolicy

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
    public var origin: String
    public var target: String
    public var set: MountFlags
    public var clear: MountFlags
    /// Options for the superblock; empty with `bind`, which changes the mount alone.
    public var parameters: [String]
    public var propagation: [MountFlags]

    public init(
        origin: String, target: String, set: MountFlags, clear: MountFlags, parameters: [String], propagation: [MountFlags]
    ) {
        self.origin = origin
        self.target = target
        self.set = set
        self.clear = clear
        self.parameters = parameters
        self.propagation = propagation
    }
}

/// What an entry of type `cgroup` becomes on a v1 or hybrid host.
public struct CgroupHierarchiesMount: Sendable, Hashable {
    public var origin: String
    public var target: String
    public var flags: MountFlags
    /// One folder a hierarchy.
    public var views: [CgroupHierarchyView]
    /// Links from a controller to the folder that it shares with others: `cpu` → `cpu,cpuacct`.
    public var links: [DeviceLink]
    public var propagation: [MountFlags]

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
    public var content: Content

    public enum Content: Sendable, Hashable {
        /// The container's own cgroup, bound from the host: without a cgroup namespace.
        case bind(source: String)
        /// The hierarchy mounted anew with these options (`memory`, `none,name=systemd`): with a cgroup namespace its root is the container's cgroup.
        case mount(options: String)
    }

    public init(name: String, content: Content) {
        self.name = name
        self.content = content
    }
}

/// A device node.
public struct DeviceNode: Sendable, Hashable {
    public var origin: String
    public var path: String
    public var type: FileType
    public var device: DeviceNumber
    /// Permission bits, 0666 unless set.
    public var permissions: FileMode
    /// Owner in the container's ids.
    public var uid: UInt32
    public var gid: UInt32
    /// Bind the host's node of the same path instead of making one: mknod(2) is refused in a user namespace.
    public var bindsHostNode: Bool

    public init(
        origin: String, path: String, type: FileType, device: DeviceNumber, permissions: FileMode, uid: UInt32, gid: UInt32, bindsHostNode: Bool
    ) {
        self.origin = origin
        self.path = path
        self.type = type
        self.device = device
        self.permissions = permissions
        self.uid = uid
        self.gid = gid
        self.bindsHostNode = bindsHostNode
    }
}

/// A symbolic link at `path` that points to `target`.
public struct DeviceLink: Sendable, Hashable {
    public var path: String
    public var target: String
    /// Take away what stands at `path` first (ptmx); otherwise an existing link is left alone.
    public var replaces: Bool

    public init(path: String, target: String, replaces: Bool) {
        self.path = path
        self.target = target
        self.replaces = replaces
    }
}

/// One path that is protected from the container. A path that does not exist is passed over.
public enum ProtectionStep: Sendable, Hashable {
    /// `linux.readonlyPaths`.
    case makeReadOnly(path: String, origin: String)
    /// `linux.maskedPaths`: a file becomes the null device, a folder an empty read-only one.
    case mask(path: String, origin: String)
}

/// Host name, domain name and kernel parameters of the container's namespaces.
public enum SettingStep: Sendable, Hashable {
    case hostname(String)
    case domainname(String)
    /// `name` is relative to /proc/sys, with slashes: `net/ipv4/ip_forward`.
    case sysctl(name: String, value: String, origin: String)
}
