public import JSON

/// The limits of the container's cgroup. See runtime-spec, config-linux, "Control groups".
public struct LinuxResources: Codable, Sendable, Hashable {
    /// Rules of the device controller, applied in this order.
    public var devices: [LinuxDeviceCgroup]?

    /// The memory controller.
    public var memory: LinuxMemory?

    /// The cpu and cpuset controllers.
    public var cpu: LinuxCPU?

    /// The pids controller.
    public var pids: LinuxPids?

    /// The blkio controller (cgroup v1) or io controller (v2).
    public var blockIO: LinuxBlockIO?

    /// The hugetlb controller, one entry a page size.
    public var hugepageLimits: [LinuxHugepageLimit]?

    /// The net_cls and net_prio controllers (cgroup v1 only).
    public var network: LinuxNetwork?

    /// The rdma controller, by device name.
    public var rdma: [String: LinuxRdma]?

    /// Files of the container's cgroup v2 and what is written to them. An error on cgroup v1.
    public var unified: [String: String]?

    /// Creates the section; every property left out is absent from the JSON.
    public init(
        devices: [LinuxDeviceCgroup]? = nil,
        memory: LinuxMemory? = nil,
        cpu: LinuxCPU? = nil,
        pids: LinuxPids? = nil,
        blockIO: LinuxBlockIO? = nil,
        hugepageLimits: [LinuxHugepageLimit]? = nil,
        network: LinuxNetwork? = nil,
        rdma: [String: LinuxRdma]? = nil,
        unified: [String: String]? = nil
    ) {
        self.devices = devices
        self.memory = memory
        self.cpu = cpu
        self.pids = pids
        self.blockIO = blockIO
        self.hugepageLimits = hugepageLimits
        self.network = network
        self.rdma = rdma
        self.unified = unified
    }
}

/// One rule of the device controller. See runtime-spec, config-linux, "Allowed Device list".
public struct LinuxDeviceCgroup: Codable, Sendable, Hashable {
    /// Whether access is granted or taken away.
    public var allow: Bool

    /// The kind of device. Absent: all.
    public var type: LinuxDeviceCgroupType?

    /// The major number. Absent: all.
    public var major: Int64?

    /// The minor number. Absent: all.
    public var minor: Int64?

    /// Letters out of `r` (read), `w` (write) and `m` (mknod).
    public var access: String?

    /// Creates the value; every optional property left out is absent from the JSON.
    public init(
        allow: Bool,
        type: LinuxDeviceCgroupType? = nil,
        major: Int64? = nil,
        minor: Int64? = nil,
        access: String? = nil
    ) {
        self.allow = allow
        self.type = type
        self.major = major
        self.minor = minor
        self.access = access
    }
}

/// The kinds of devices a rule can speak of. Another letter is an error.
public enum LinuxDeviceCgroupType: String, JSONName, Sendable, Hashable {
    /// Character and block devices.
    case all = "a"
    /// Block devices.
    case block = "b"
    /// Character devices.
    case character = "c"
}

/// The memory controller; limits in bytes, -1 for no limit. See runtime-spec, config-linux, "Memory".
public struct LinuxMemory: Codable, Sendable, Hashable {
    /// The limit of memory in use.
    public var limit: Int64?

    /// The soft limit.
    public var reservation: Int64?

    /// The limit of memory and swap together.
    public var swap: Int64?

    /// The limit of kernel memory. Deprecated: without effect since Linux 5.16.
    public var kernel: Int64?

    /// The limit of TCP buffers in the kernel (cgroup v1). Not recommended.
    public var kernelTCP: Int64?

    /// How readily pages are swapped out, 0 to 100 (cgroup v1).
    public var swappiness: UInt64?

    /// Whether tasks wait instead of being killed at the limit (cgroup v1). Absent: false.
    public var disableOOMKiller: Bool?

    /// Whether children count towards this cgroup's limits (cgroup v1).
    public var useHierarchy: Bool?

    /// Whether an update to below the present use is refused. Absent: left to the kernel, which refuses on v1 and kills on v2.
    public var checkBeforeUpdate: Bool?

    /// Creates the section; every property left out is absent from the JSON.
    public init(
        limit: Int64? = nil,
        reservation: Int64? = nil,
        swap: Int64? = nil,
        kernel: Int64? = nil,
        kernelTCP: Int64? = nil,
        swappiness: UInt64? = nil,
        disableOOMKiller: Bool? = nil,
        useHierarchy: Bool? = nil,
        checkBeforeUpdate: Bool? = nil
    ) {
        self.limit = limit
        self.reservation = reservation
        self.swap = swap
        self.kernel = kernel
        self.kernelTCP = kernelTCP
        self.swappiness = swappiness
        self.disableOOMKiller = disableOOMKiller
        self.useHierarchy = useHierarchy
        self.checkBeforeUpdate = checkBeforeUpdate
    }
}

/// The cpu and cpuset controllers; times in microseconds. See runtime-spec, config-linux, "CPU".
public struct LinuxCPU: Codable, Sendable, Hashable {
    /// The relative share of CPU time, 2 to 262,144 on cgroup v1; converted to a weight on v2.
    public var shares: UInt64?

    /// CPU time in one `period` for all tasks together; -1 for no limit.
    public var quota: Int64?

    /// CPU time saved up that may be used beyond `quota`; at most a positive `quota`. KERNEL: 5.14.
    public var burst: UInt64?

    /// The length of a period for `quota`.
    public var period: UInt64?

    /// Real-time CPU time in one `realtimePeriod` (cgroup v1).
    public var realtimeRuntime: Int64?

    /// The length of a period for `realtimeRuntime` (cgroup v1).
    public var realtimePeriod: UInt64?

    /// The CPUs as a list such as `0-3,7`. Absent or empty: all of the parent's.
    public var cpus: String?

    /// The memory nodes as a list such as `0-1`. Absent or empty: all of the parent's.
    public var mems: String?

    /// 1 makes the group run only when nothing else wants the CPU, 0 is the default. KERNEL: 5.15.
    public var idle: Int64?

    /// Creates the section; every property left out is absent from the JSON.
    public init(
        shares: UInt64? = nil,
        quota: Int64? = nil,
        burst: UInt64? = nil,
        period: UInt64? = nil,
        realtimeRuntime: Int64? = nil,
        realtimePeriod: UInt64? = nil,
        cpus: String? = nil,
        mems: String? = nil,
        idle: Int64? = nil
    ) {
        self.shares = shares
        self.quota = quota
        self.burst = burst
        self.period = period
        self.realtimeRuntime = realtimeRuntime
        self.realtimePeriod = realtimePeriod
        self.cpus = cpus
        self.mems = mems
        self.idle = idle
    }
}

/// The pids controller. See runtime-spec, config-linux, "PIDs".
public struct LinuxPids: Codable, Sendable, Hashable {
    /// The most tasks in the cgroup; 0 is a real limit, -1 means none. Absent: untouched.
    public var limit: Int64?

    /// Creates the section; every property left out is absent from the JSON.
    public init(limit: Int64? = nil) {
        self.limit = limit
    }
}

/// The blkio controller (cgroup v1) or io controller (v2). See runtime-spec, config-linux, "Block IO".
public struct LinuxBlockIO: Codable, Sendable, Hashable {
    /// The default weight, 10 to 1,000.
    public var weight: UInt16?

    /// The weight of the group's own tasks against its children, 10 to 1,000 (cgroup v1 with CFQ).
    public var leafWeight: UInt16?

    /// Weights of single devices.
    public var weightDevice: [LinuxWeightDevice]?

    /// Read limits in bytes a second.
    public var throttleReadBpsDevice: [LinuxThrottleDevice]?

    /// Write limits in bytes a second.
    public var throttleWriteBpsDevice: [LinuxThrottleDevice]?

    /// Read limits in operations a second.
    public var throttleReadIOPSDevice: [LinuxThrottleDevice]?

    /// Write limits in operations a second.
    public var throttleWriteIOPSDevice: [LinuxThrottleDevice]?

    /// Creates the section; every property left out is absent from the JSON.
    public init(
        weight: UInt16? = nil,
        leafWeight: UInt16? = nil,
        weightDevice: [LinuxWeightDevice]? = nil,
        throttleReadBpsDevice: [LinuxThrottleDevice]? = nil,
        throttleWriteBpsDevice: [LinuxThrottleDevice]? = nil,
        throttleReadIOPSDevice: [LinuxThrottleDevice]? = nil,
        throttleWriteIOPSDevice: [LinuxThrottleDevice]? = nil
    ) {
        self.weight = weight
        self.leafWeight = leafWeight
        self.weightDevice = weightDevice
        self.throttleReadBpsDevice = throttleReadBpsDevice
        self.throttleWriteBpsDevice = throttleWriteBpsDevice
        self.throttleReadIOPSDevice = throttleReadIOPSDevice
        self.throttleWriteIOPSDevice = throttleWriteIOPSDevice
    }
}

/// The weight of one block device; at least one of the two weights is given. See runtime-spec, config-linux, "Block IO".
public struct LinuxWeightDevice: Codable, Sendable, Hashable {
    /// The device's major number.
    public var major: Int64

    /// The device's minor number.
    public var minor: Int64

    /// The weight, 10 to 1,000.
    public var weight: UInt16?

    /// The weight against the group's children, 10 to 1,000 (cgroup v1 with CFQ).
    public var leafWeight: UInt16?

    /// Creates the value; every optional property left out is absent from the JSON.
    public init(
        major: Int64,
        minor: Int64,
        weight: UInt16? = nil,
        leafWeight: UInt16? = nil
    ) {
        self.major = major
        self.minor = minor
        self.weight = weight
        self.leafWeight = leafWeight
    }
}

/// The rate limit of one block device. See runtime-spec, config-linux, "Block IO".
public struct LinuxThrottleDevice: Codable, Sendable, Hashable {
    /// The device's major number.
    public var major: Int64

    /// The device's minor number.
    public var minor: Int64

    /// Bytes or operations a second, as the list it stands in says.
    public var rate: UInt64

    /// Creates the value from its properties.
    public init(
        major: Int64,
        minor: Int64,
        rate: UInt64
    ) {
        self.major = major
        self.minor = minor
        self.rate = rate
    }
}

/// The limit for one size of huge pages. See runtime-spec, config-linux, "Huge page limits".
public struct LinuxHugepageLimit: Codable, Sendable, Hashable {
    /// The size as in the controller's file names: `64KB`, `2MB`, `1GB` (base 1,024).
    public var pageSize: String

    /// The limit in bytes, of reservations where the kernel can count them.
    public var limit: UInt64

    /// Creates the value from its properties.
    public init(pageSize: String, limit: UInt64) {
        self.pageSize = pageSize
        self.limit = limit
    }
}

/// The net_cls and net_prio controllers (cgroup v1 only). See runtime-spec, config-linux, "Network".
public struct LinuxNetwork: Codable, Sendable, Hashable {
    /// The class with which the group's packets are tagged.
    public var classID: UInt32?

    /// Priorities of outgoing traffic by interface.
    public var priorities: [LinuxInterfacePriority]?

    /// Creates the section; every property left out is absent from the JSON.
    public init(classID: UInt32? = nil, priorities: [LinuxInterfacePriority]? = nil) {
        self.classID = classID
        self.priorities = priorities
    }
}

/// The priority of outgoing traffic on one interface. See runtime-spec, config-linux, "Network".
public struct LinuxInterfacePriority: Codable, Sendable, Hashable {
    /// The interface's name in the runtime's network namespace.
    public var name: String

    /// The priority.
    public var priority: UInt32

    /// Creates the value from its properties.
    public init(name: String, priority: UInt32) {
        self.name = name
        self.priority = priority
    }
}

/// The limits for one RDMA device; at least one of the two is given. See runtime-spec, config-linux, "RDMA".
public struct LinuxRdma: Codable, Sendable, Hashable {
    /// The most handles.
    public var hcaHandles: UInt32?

    /// The most objects.
    public var hcaObjects: UInt32?

    /// Creates the section; every property left out is absent from the JSON.
    public init(hcaHandles: UInt32? = nil, hcaObjects: UInt32? = nil) {
        self.hcaHandles = hcaHandles
        self.hcaObjects = hcaObjects
    }
}
