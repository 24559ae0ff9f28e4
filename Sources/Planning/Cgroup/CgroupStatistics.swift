/// What the kernel has counted for a container's cgroup, at one moment. What a file does not tell is `nil` or empty.
///
/// Numbers are those of the kernel's files, brought to one unit a property; a limit that is not set is what its file says of it
/// (`UInt64.max` for `max`). See kernel, admin-guide/cgroup-v1 and admin-guide/cgroup-v2.
public struct CgroupStatistics: Sendable, Hashable {
    public var cpu = CPU()
    /// v1 only.
    public var cpuset: Cpuset?
    public var memory = Memory()
    public var pids = Pids()
    public var blockIO = BlockIO()
    /// In the order of the pages' sizes.
    public var hugepages: [Hugepages] = []
    /// `nil` for a container without a group of resctrl.
    public var rdt: Rdt?

    public init() {}

    /// Time on the processors. All times in nanoseconds.
    public struct CPU: Sendable, Hashable {
        public var usageNanoseconds: UInt64?
        public var kernelNanoseconds: UInt64?
        public var userNanoseconds: UInt64?
        /// One number a processor, the first one's first; v1 only.
        public var usagePerCPU: [UInt64] = []
        public var kernelPerCPU: [UInt64] = []
        public var userPerCPU: [UInt64] = []
        public var periods: UInt64?
        public var throttledPeriods: UInt64?
        public var throttledNanoseconds: UInt64?
        public var pressure: Pressure?

        public init() {}
    }

    /// The container's cpuset.
    public struct Cpuset: Sendable, Hashable {
        public var cpus: [UInt16] = []
        public var mems: [UInt16] = []
        public var cpuExclusive: UInt64?
        public var memHardwall: UInt64?
        public var memExclusive: UInt64?
        public var memoryMigrate: UInt64?
        public var memorySpreadPage: UInt64?
        public var memorySpreadSlab: UInt64?
        public var memoryPressure: UInt64?
        public var schedLoadBalance: UInt64?
        public var schedRelaxDomainLevel: Int64?

        public init() {}
    }

    /// One of the kernel's counters of memory, in bytes.
    public struct MemoryCounter: Sendable, Hashable {
        public var limitBytes: UInt64?
        public var usageBytes: UInt64?
        /// The most it has been.
        public var maximumBytes: UInt64?
        /// How often the limit was reached; v1 only.
        public var failures: UInt64?

        public init(limitBytes: UInt64? = nil, usageBytes: UInt64? = nil, maximumBytes: UInt64? = nil, failures: UInt64? = nil) {
            self.limitBytes = limitBytes
            self.usageBytes = usageBytes
            self.maximumBytes = maximumBytes
            self.failures = failures
        }
    }

    public struct Memory: Sendable, Hashable {
        public var cacheBytes: UInt64?
        public var usage = MemoryCounter()
        /// Memory and swap together, as v1 counts them.
        public var swap = MemoryCounter()
        /// v1 only.
        public var kernel = MemoryCounter()
        /// v1 only.
        public var kernelTCP = MemoryCounter()
        /// memory.stat, in its own order.
        public var raw: [NamedNumber] = []
        public var pressure: Pressure?

        public init() {}
    }

    public struct Pids: Sendable, Hashable {
        public var current: UInt64?
        /// `nil` where there is none.
        public var limit: UInt64?

        public init() {}
    }

    /// Input and output of block devices. v2 counts bytes and operations alone.
    public struct BlockIO: Sendable, Hashable {
        public var serviceBytes: [BlockIOEntry] = []
        public var serviced: [BlockIOEntry] = []
        public var queued: [BlockIOEntry] = []
        public var serviceTime: [BlockIOEntry] = []
        public var waitTime: [BlockIOEntry] = []
        public var merged: [BlockIOEntry] = []
        public var time: [BlockIOEntry] = []
        public var sectors: [BlockIOEntry] = []
        public var pressure: Pressure?

        public init() {}
    }

    /// Pages of one size.
    public struct Hugepages: Sendable, Hashable {
        /// The size as the files have it in their names: `2MB`.
        public var size: String
        public var usageBytes: UInt64?
        /// v1 only.
        public var maximumBytes: UInt64?
        public var failures: UInt64?

        public init(size: String) {
            self.size = size
        }
    }

    /// What resctrl tells of the container's group and of the machine.
    public struct Rdt: Sendable, Hashable {
        /// `info/L3`: `nil` where the machine has none.
        public var cacheBitMask: String?
        public var leastCacheBits: UInt64?
        public var cacheClasses: UInt64?
        public var rootCacheSchema: String?
        public var cacheSchema: String?
        /// `info/MB`: `nil` where the machine has none.
        public var bandwidthGranularity: UInt64?
        public var bandwidthDelayIsLinear: UInt64?
        public var leastBandwidth: UInt64?
        public var bandwidthClasses: UInt64?
        public var rootBandwidthSchema: String?
        public var bandwidthSchema: String?
        /// One entry a cache, in the order of their numbers.
        public var bandwidth: [Bandwidth] = []
        public var cacheOccupancyBytes: [UInt64] = []

        public init() {}

        /// What went through one cache's path to memory.
        public struct Bandwidth: Sendable, Hashable {
            public var totalBytes: UInt64
            public var localBytes: UInt64

            public init(totalBytes: UInt64, localBytes: UInt64) {
                self.totalBytes = totalBytes
                self.localBytes = localBytes
            }
        }
    }
}

/// One line `name number`.
public struct NamedNumber: Sendable, Hashable {
    public var name: String
    public var value: UInt64

    public init(name: String, value: UInt64) {
        self.name = name
        self.value = value
    }
}

/// One number of one block device.
public struct BlockIOEntry: Sendable, Hashable {
    public var major: UInt64
    public var minor: UInt64
    /// `Read`, `Write`, …; empty for a list with one number a device.
    public var operation: String
    public var value: UInt64

    public init(major: UInt64, minor: UInt64, operation: String, value: UInt64) {
        self.major = major
        self.minor = minor
        self.operation = operation
        self.value = value
    }
}

/// How much time was lost waiting for a resource (PSI, Linux 4.20). See kernel, accounting/psi.
public struct Pressure: Sendable, Hashable {
    /// At least one task waits.
    public var some: Share
    /// All tasks wait.
    public var full: Share

    /// Shares of the time, in hundredths of a percent as the kernel prints them, over the last 10, 60 and 300 seconds.
    public struct Share: Sendable, Hashable {
        public var average10: UInt64
        public var average60: UInt64
        public var average300: UInt64
        public var totalMicroseconds: UInt64

        public init(average10: UInt64 = 0, average60: UInt64 = 0, average300: UInt64 = 0, totalMicroseconds: UInt64 = 0) {
            self.average10 = average10
            self.average60 = average60
            self.average300 = average300
            self.totalMicroseconds = totalMicroseconds
        }
    }

    public init(some: Share, full: Share) {
        self.some = some
        self.full = full
    }
}

/// The few figures of a container that people watch. What a file does not tell is `nil`.
public struct CgroupUsage: Sendable, Hashable {
    public var cpuNanoseconds: UInt64?
    public var throttledPeriods: UInt64?
    public var throttledNanoseconds: UInt64?
    /// As the kernel counts it against the limit: page cache included.
    public var memoryBytes: UInt64?
    /// `nil` where there is none.
    public var memoryLimitBytes: UInt64?
    public var readBytes: UInt64?
    public var writtenBytes: UInt64?
    public var pids: UInt64?
    /// `nil` where there is none.
    public var pidsLimit: UInt64?
    /// Share of the last ten seconds in which a task waited, in hundredths of a percent.
    public var cpuPressure: UInt64?
    public var memoryPressure: UInt64?
    public var ioPressure: UInt64?

    public init() {}
}
