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
    /// Whether a bind mount among them maps owners, which the runtime prepares before the clone.
    public var mapsOwners: Bool
    /// The SELinux label that the new file systems carry, which needs a host with SELinux; `nil` for none.
    public var mountLabel: String?
    /// Read-only and masked paths, made after the createContainer hooks. A path in both lists ends up masked.
    public var protections: [ProtectionStep]
    /// Whether `/` itself becomes read-only.
    public var isReadOnly: Bool
    /// How the root is entered.
    public var entry: RootEntry

    /// Creates the value from its properties.
    public init(
        path: String, inheritedPropagation: MountFlags, rootPropagation: MountFlags?, mounts: [RootfsStep], mapsOwners: Bool,
        mountLabel: String?, protections: [ProtectionStep], isReadOnly: Bool, entry: RootEntry
    ) {
        self.path = path
        self.inheritedPropagation = inheritedPropagation
        self.rootPropagation = rootPropagation
        self.mounts = mounts
        self.mapsOwners = mapsOwners
        self.mountLabel = mountLabel
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
    /// A detached copy of the root becomes the root directory of the process, which goes back to the runtime's mount namespace: for a container
    /// that shares it. Everything before happens in a mount namespace that exists only meanwhile.
    case detach
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

/// One path that is protected from the container. A path that does not exist is passed over.
public enum ProtectionStep: Sendable, Hashable {
    /// `linux.readonlyPaths`.
    case makeReadOnly(path: String, origin: String)
    /// `linux.maskedPaths`: a file becomes the null device, a folder an empty read-only one.
    case mask(path: String, origin: String)
}
