/// What the runtime can do, as `features` prints it. See runtime-spec, features.
///
/// An absent property means "unknown", an empty list "nothing".
public struct Features: Codable, Sendable, Hashable {
    /// The lowest `ociVersion` that is accepted.
    public var ociVersionMin: String

    /// The highest `ociVersion` that is accepted.
    public var ociVersionMax: String

    /// The keys of `hooks` that are recognized.
    public var hooks: [String]?

    /// The words of `mounts[].options` that are recognized.
    public var mountOptions: [String]?

    /// The part for Linux.
    public var linux: LinuxFeatures?

    /// Facts about the implementation, such as its version.
    public var annotations: [String: String]?

    /// Annotations in config.json that change what the runtime does; one that ends in a full stop is a prefix.
    public var potentiallyUnsafeConfigAnnotations: [String]?

    /// Creates the value; every optional property left out is absent from the JSON.
    public init(
        ociVersionMin: String,
        ociVersionMax: String,
        hooks: [String]? = nil,
        mountOptions: [String]? = nil,
        linux: LinuxFeatures? = nil,
        annotations: [String: String]? = nil,
        potentiallyUnsafeConfigAnnotations: [String]? = nil
    ) {
        self.ociVersionMin = ociVersionMin
        self.ociVersionMax = ociVersionMax
        self.hooks = hooks
        self.mountOptions = mountOptions
        self.linux = linux
        self.annotations = annotations
        self.potentiallyUnsafeConfigAnnotations = potentiallyUnsafeConfigAnnotations
    }
}

/// What the runtime can do on Linux, whatever the host's kernel can. See runtime-spec, features-linux.
public struct LinuxFeatures: Codable, Sendable, Hashable {
    /// The namespace types that are recognized.
    public var namespaces: [String]?

    /// The capability names that are recognized.
    public var capabilities: [String]?

    /// Control groups.
    public var cgroup: CgroupFeatures?

    /// System call filters.
    public var seccomp: SeccompFeatures?

    /// AppArmor.
    public var apparmor: EnabledFeature?

    /// SELinux.
    public var selinux: EnabledFeature?

    /// Cache and memory bandwidth allocation.
    public var intelRdt: IntelRdtFeatures?

    /// NUMA memory policies.
    public var memoryPolicy: MemoryPolicyFeatures?

    /// Mounts beyond mount(2).
    public var mountExtensions: MountExtensionsFeatures?

    /// Network interfaces moved into the container.
    public var netDevices: EnabledFeature?

    /// Creates the section; every property left out is absent from the JSON.
    public init(
        namespaces: [String]? = nil,
        capabilities: [String]? = nil,
        cgroup: CgroupFeatures? = nil,
        seccomp: SeccompFeatures? = nil,
        apparmor: EnabledFeature? = nil,
        selinux: EnabledFeature? = nil,
        intelRdt: IntelRdtFeatures? = nil,
        memoryPolicy: MemoryPolicyFeatures? = nil,
        mountExtensions: MountExtensionsFeatures? = nil,
        netDevices: EnabledFeature? = nil
    ) {
        self.namespaces = namespaces
        self.capabilities = capabilities
        self.cgroup = cgroup
        self.seccomp = seccomp
        self.apparmor = apparmor
        self.selinux = selinux
        self.intelRdt = intelRdt
        self.memoryPolicy = memoryPolicy
        self.mountExtensions = mountExtensions
        self.netDevices = netDevices
    }
}

/// Whether one feature is built in. See runtime-spec, features-linux.
public struct EnabledFeature: Codable, Sendable, Hashable {
    /// Whether it is.
    public var enabled: Bool?

    /// Creates the section; every property left out is absent from the JSON.
    public init(enabled: Bool? = nil) {
        self.enabled = enabled
    }
}

/// Which kinds of cgroup management are built in. See runtime-spec, features-linux, "Cgroup".
public struct CgroupFeatures: Codable, Sendable, Hashable {
    /// cgroup v1.
    public var v1: Bool?

    /// cgroup v2.
    public var v2: Bool?

    /// Through the system's systemd.
    public var systemd: Bool?

    /// Through a user's systemd.
    public var systemdUser: Bool?

    /// The rdma controller.
    public var rdma: Bool?

    /// Creates the section; every property left out is absent from the JSON.
    public init(
        v1: Bool? = nil,
        v2: Bool? = nil,
        systemd: Bool? = nil,
        systemdUser: Bool? = nil,
        rdma: Bool? = nil
    ) {
        self.v1 = v1
        self.v2 = v2
        self.systemd = systemd
        self.systemdUser = systemdUser
        self.rdma = rdma
    }
}

/// What of seccomp is built in. See runtime-spec, features-linux, "Seccomp".
public struct SeccompFeatures: Codable, Sendable, Hashable {
    /// Whether filters are.
    public var enabled: Bool?

    /// The actions that are recognized.
    public var actions: [String]?

    /// The operators that are recognized.
    public var operators: [String]?

    /// The architectures that are recognized.
    public var archs: [String]?

    /// The flags that are recognized.
    public var knownFlags: [String]?

    /// The flags that the running kernel accepts too.
    public var supportedFlags: [String]?

    /// Creates the section; every property left out is absent from the JSON.
    public init(
        enabled: Bool? = nil,
        actions: [String]? = nil,
        operators: [String]? = nil,
        archs: [String]? = nil,
        knownFlags: [String]? = nil,
        supportedFlags: [String]? = nil
    ) {
        self.enabled = enabled
        self.actions = actions
        self.operators = operators
        self.archs = archs
        self.knownFlags = knownFlags
        self.supportedFlags = supportedFlags
    }
}

/// What of Intel RDT is built in. See runtime-spec, features-linux, "Intel RDT".
public struct IntelRdtFeatures: Codable, Sendable, Hashable {
    /// Whether `intelRdt` is.
    public var enabled: Bool?

    /// Whether `intelRdt.schemata` is.
    public var schemata: Bool?

    /// Whether `intelRdt.enableMonitoring` is.
    public var monitoring: Bool?

    /// Creates the section; every property left out is absent from the JSON.
    public init(
        enabled: Bool? = nil,
        schemata: Bool? = nil,
        monitoring: Bool? = nil
    ) {
        self.enabled = enabled
        self.schemata = schemata
        self.monitoring = monitoring
    }
}

/// What of NUMA memory policies is built in. See runtime-spec, features-linux, "Memory policy".
public struct MemoryPolicyFeatures: Codable, Sendable, Hashable {
    /// The modes that are recognized.
    public var modes: [String]?

    /// The flags that are recognized.
    public var flags: [String]?

    /// Creates the section; every property left out is absent from the JSON.
    public init(modes: [String]? = nil, flags: [String]? = nil) {
        self.modes = modes
        self.flags = flags
    }
}

/// Which mounts beyond mount(2) are built in. See runtime-spec, features-linux, "MountExtensions".
public struct MountExtensionsFeatures: Codable, Sendable, Hashable {
    /// Mounts with their own `uidMappings` and `gidMappings`.
    public var idmap: EnabledFeature?

    /// Creates the section; every property left out is absent from the JSON.
    public init(idmap: EnabledFeature? = nil) {
        self.idmap = idmap
    }
}
