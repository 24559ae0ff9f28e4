public import JSON

/// The part of the configuration that only Linux has. See runtime-spec, config-linux.
public struct Linux: Codable, Sendable, Hashable {
    /// User ids of the user namespace. See "User namespace mappings".
    public var uidMappings: [LinuxIDMapping]?

    /// Group ids of the user namespace. See "User namespace mappings".
    public var gidMappings: [LinuxIDMapping]?

    /// Kernel parameters set in the container, by their name in /proc/sys with dots or slashes. See "Sysctl".
    public var sysctl: [String: String]?

    /// Limits of the container's cgroup. See "Control groups".
    public var resources: LinuxResources?

    /// Where the container's cgroup is: absolute from the cgroup mount point, else relative to a place the runtime chooses.
    /// With the systemd driver `slice:prefix:name`. See "Cgroups Path".
    public var cgroupsPath: String?

    /// Namespaces to create or to join, each type at most once; a type not listed is inherited. See "Namespaces".
    public var namespaces: [LinuxNamespace]?

    /// Device nodes to supply besides the default ones. See "Devices".
    public var devices: [LinuxDevice]?

    /// Network interfaces to move into the container, by their name on the host. See "Network Devices".
    public var netDevices: [String: LinuxNetDevice]?

    /// The system call filter. See "Seccomp".
    public var seccomp: LinuxSeccomp?

    /// The mount propagation of the root mount. See "Rootfs Mount Propagation".
    public var rootfsPropagation: LinuxRootfsPropagation?

    /// Absolute paths inside that cannot be read; one that does not exist is skipped. See "Masked Paths".
    public var maskedPaths: [String]?

    /// Absolute paths inside that are read-only; one that does not exist is skipped. See "Readonly Paths".
    public var readonlyPaths: [String]?

    /// The SELinux context for the container's mounts. See "Mount Label".
    public var mountLabel: String?

    /// Cache and memory bandwidth allocation. See "IntelRdt".
    public var intelRdt: LinuxIntelRdt?

    /// The NUMA memory policy. See "Memory policy".
    public var memoryPolicy: LinuxMemoryPolicy?

    /// The execution domain. See "Personality".
    public var personality: LinuxPersonality?

    /// Clock offsets of a new time namespace, by clock: `monotonic` or `boottime`. See "Offset for Time Namespace".
    public var timeOffsets: [String: LinuxTimeOffset]?

    /// Creates the section; every property left out is absent from the JSON.
    public init(
        uidMappings: [LinuxIDMapping]? = nil,
        gidMappings: [LinuxIDMapping]? = nil,
        sysctl: [String: String]? = nil,
        resources: LinuxResources? = nil,
        cgroupsPath: String? = nil,
        namespaces: [LinuxNamespace]? = nil,
        devices: [LinuxDevice]? = nil,
        netDevices: [String: LinuxNetDevice]? = nil,
        seccomp: LinuxSeccomp? = nil,
        rootfsPropagation: LinuxRootfsPropagation? = nil,
        maskedPaths: [String]? = nil,
        readonlyPaths: [String]? = nil,
        mountLabel: String? = nil,
        intelRdt: LinuxIntelRdt? = nil,
        memoryPolicy: LinuxMemoryPolicy? = nil,
        personality: LinuxPersonality? = nil,
        timeOffsets: [String: LinuxTimeOffset]? = nil
    ) {
        self.uidMappings = uidMappings
        self.gidMappings = gidMappings
        self.sysctl = sysctl
        self.resources = resources
        self.cgroupsPath = cgroupsPath
        self.namespaces = namespaces
        self.devices = devices
        self.netDevices = netDevices
        self.seccomp = seccomp
        self.rootfsPropagation = rootfsPropagation
        self.maskedPaths = maskedPaths
        self.readonlyPaths = readonlyPaths
        self.mountLabel = mountLabel
        self.intelRdt = intelRdt
        self.memoryPolicy = memoryPolicy
        self.personality = personality
        self.timeOffsets = timeOffsets
    }
}

/// How mounts and unmounts below the container's root spread. Another word is an error. See runtime-spec, config-linux, "Rootfs Mount Propagation".
///
/// The specification names the first four; the forms with `r`, which also reach the mounts below, are written by Docker and Podman and read by runc.
public enum LinuxRootfsPropagation: String, JSONName, Sendable, Hashable {
    /// A peer group of its own, in both directions.
    case shared
    /// From the host into the container only.
    case slave
    /// In no direction.
    case `private`
    /// In no direction, and cannot be bind-mounted.
    case unbindable
    /// As `shared`, with everything below.
    case rshared
    /// As `slave`, with everything below.
    case rslave
    /// As `private`, with everything below.
    case rprivate
    /// As `unbindable`, with everything below.
    case runbindable
}
