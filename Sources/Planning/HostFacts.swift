public import KernelABI

/// All that the planner may know of the host, gathered once by `probeHost` and handed in, so that planning makes no system call.
///
/// Codable, so that a host can be recorded as a fixture (spec-fixtures/hosts).
public struct HostFacts: Codable, Sendable, Hashable {
    /// The effective user id of the runtime, as seen in its own user namespace.
    public var effectiveUserID: UInt32
    /// Whether the runtime runs in the initial user namespace.
    public var isInitialUserNamespace: Bool
    /// The capabilities that the runtime can hand on: its permitted set.
    public var capabilities: CapabilitySet
    /// The mounted cgroup hierarchies and the runtime's own place in each.
    public var cgroups: CgroupFacts
    /// Whether /proc/kcore exists, which decides about the link /dev/core.
    public var hasKernelCore: Bool
    /// Whether SELinux labels processes and files; `nil` where nobody looked, because no label is configured.
    public var hasSELinux: Bool?
    /// Whether SELinux's policy knows `linux.mountLabel`; `nil` where nobody looked, because none is configured, or where it does not tell.
    public var knowsMountLabel: Bool?
    /// Whether AppArmor is switched on; `nil` where nobody looked, because no profile is configured.
    public var hasAppArmor: Bool?
    /// The systemd that makes the container's cgroup; `nil` where it is not asked to.
    public var systemd: SystemdFacts?

    /// Creates the value from its properties.
    public init(
        effectiveUserID: UInt32, isInitialUserNamespace: Bool, capabilities: CapabilitySet, cgroups: CgroupFacts, hasKernelCore: Bool,
        hasSELinux: Bool? = nil, knowsMountLabel: Bool? = nil, hasAppArmor: Bool? = nil, systemd: SystemdFacts? = nil
    ) {
        self.effectiveUserID = effectiveUserID
        self.isInitialUserNamespace = isInitialUserNamespace
        self.capabilities = capabilities
        self.cgroups = cgroups
        self.hasKernelCore = hasKernelCore
        self.hasSELinux = hasSELinux
        self.knowsMountLabel = knowsMountLabel
        self.hasAppArmor = hasAppArmor
        self.systemd = systemd
    }
}

/// The cgroup hierarchies of the host.
///
/// Pure v2 has only `unified`; pure v1 only `hierarchies`; hybrid both.
public struct CgroupFacts: Codable, Sendable, Hashable {
    /// The cgroup2 hierarchy.
    public var unified: CgroupHierarchy?
    /// The v1 hierarchies in the order of /proc/self/cgroup, named ones (`name=systemd`) included.
    public var hierarchies: [CgroupHierarchy]

    /// Creates the value from its properties.
    public init(unified: CgroupHierarchy?, hierarchies: [CgroupHierarchy]) {
        self.unified = unified
        self.hierarchies = hierarchies
    }
}

/// One mounted cgroup hierarchy.
public struct CgroupHierarchy: Codable, Sendable, Hashable {
    /// v1: the controllers mounted together, or one `name=…` entry. v2: the controllers in cgroup.controllers of the root, where the prober read them.
    public var controllers: [String]
    /// Where it is mounted, for example `/sys/fs/cgroup/memory`.
    public var mountPoint: String
    /// The runtime's own cgroup, relative to `mountPoint`, absolute in form: `/` or `/user.slice/…`.
    public var ownPath: String

    /// Creates the value from its properties.
    public init(controllers: [String], mountPoint: String, ownPath: String) {
        self.controllers = controllers
        self.mountPoint = mountPoint
        self.ownPath = ownPath
    }
}

/// Written as the number of its bits.
extension CapabilitySet: Codable {}
