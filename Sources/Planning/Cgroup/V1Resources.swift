import JSON
import OCISpec

/// Turns `linux.resources` into writes to the files of cgroup v1.
///
/// A value that engines send for "unset" (0 bytes, 0 shares, an empty list) writes nothing: a new cgroup is unlimited.
/// The sections are added one by one, because a host may have one controller here and another on cgroup v2.
/// See runtime-spec, config-linux, "Control groups"; kernel, admin-guide/cgroup-v1.
struct V1Resources {
    /// The hierarchies of the host: a limit without its controller is an error.
    let hierarchies: [CgroupHierarchy]
    private(set) var writes: [CgroupWrite] = []
    private(set) var warnings: [String] = []

    init(hierarchies: [CgroupHierarchy]) {
        self.hierarchies = hierarchies
        // Sixteen is above what the default device rules and usual limits need: no growing on the way.
        writes.reserveCapacity(16)
    }

    /// ORDER: the limit before the swap limit, which may never be the smaller one; a new cgroup starts with both unlimited.
    mutating func add(_ memory: LinuxMemory) throws(SpecProblem) {
        let limits = try MemoryLimits(memory)
        if let limit = limits.limit {
            try add("memory", "memory.limit_in_bytes", String(limit), "linux.resources.memory.limit")
        }
        if let swap = limits.swap {
            // Without swap accounting there is no file, and "unlimited" is what already holds.
            try add(
                "memory", "memory.memsw.limit_in_bytes", String(swap), "linux.resources.memory.swap",
                ifMissing: swap == -1 ? .ignore : .fail)
        }
        if let reservation = limits.reservation {
            try add("memory", "memory.soft_limit_in_bytes", String(reservation), "linux.resources.memory.reservation")
        }
        if let kernel = memory.kernel, kernel > 0 {
            warnings.append("linux.resources.memory.kernel is without effect: the kernel gave this limit up in Linux 5.16")
        }
        if let kernelTCP = memory.kernelTCP, kernelTCP != 0 {
            try add("memory", "memory.kmem.tcp.limit_in_bytes", String(kernelTCP), "linux.resources.memory.kernelTCP")
        }
        if let swappiness = limits.swappiness {
            try add("memory", "memory.swappiness", String(swappiness), "linux.resources.memory.swappiness")
        }
        if memory.disableOOMKiller == true {
            try add("memory", "memory.oom_control", "1", "linux.resources.memory.disableOOMKiller")
        }
        if memory.useHierarchy == true {
            // KERNEL: since 5.11 every memory cgroup counts towards its ancestors, and later kernels drop the file.
            try add("memory", "memory.use_hierarchy", "1", "linux.resources.memory.useHierarchy", ifMissing: .ignore)
        }
    }

    /// ORDER: each period before the time in it, the quota before the burst, the shares before idleness, which forbids to set them.
    mutating func add(_ cpu: LinuxCPU) throws(SpecProblem) {
        let bandwidth = try CPUBandwidth(cpu)
        if let shares = cpu.shares, shares != 0 {
            guard CPUShares.range.contains(shares) else {
                throw SpecProblem("linux.resources.cpu.shares", "must be 2 to 262,144, is \(shares)")
            }
            try add("cpu", "cpu.shares", String(shares), "linux.resources.cpu.shares")
        }
        if let period = bandwidth.period {
            try add("cpu", "cpu.cfs_period_us", String(period), "linux.resources.cpu.period")
        }
        if let quota = bandwidth.quota {
            try add("cpu", "cpu.cfs_quota_us", String(quota), "linux.resources.cpu.quota")
        }
        if let burst = bandwidth.burst {
            try add("cpu", "cpu.cfs_burst_us", String(burst), "linux.resources.cpu.burst", ifMissing: burst == 0 ? .ignore : .fail)
        }
        if let period = cpu.realtimePeriod, period != 0 {
            try add("cpu", "cpu.rt_period_us", String(period), "linux.resources.cpu.realtimePeriod")
        }
        if let runtime = cpu.realtimeRuntime, runtime != 0 {
            try add("cpu", "cpu.rt_runtime_us", String(runtime), "linux.resources.cpu.realtimeRuntime")
        }
        if let idle = bandwidth.idle {
            try add("cpu", "cpu.idle", idle ? "1" : "0", "linux.resources.cpu.idle", ifMissing: idle ? .fail : .ignore)
        }
    }

    mutating func add(cpuset cpu: LinuxCPU) throws(SpecProblem) {
        if let cpus = try cpuList(cpu.cpus, "linux.resources.cpu.cpus") {
            try add("cpuset", "cpuset.cpus", cpus, "linux.resources.cpu.cpus")
        }
        if let mems = try cpuList(cpu.mems, "linux.resources.cpu.mems") {
            try add("cpuset", "cpuset.mems", mems, "linux.resources.cpu.mems")
        }
    }

    mutating func add(_ pids: LinuxPids) throws(SpecProblem) {
        guard let limit = try pidsMaximum(pids) else { return }
        try add("pids", "pids.max", limit, "linux.resources.pids.limit")
    }

    /// KERNEL: the weights went with the CFQ scheduler in 5.0; BFQ, since 4.12, has files of its own, since 5.4 for single devices too.
    mutating func add(_ blockIO: LinuxBlockIO) throws(SpecProblem) {
        let origin = "linux.resources.blockIO"
        if let weight = try blockWeight(blockIO.weight, "\(origin).weight") {
            let value = String(weight)
            try add("blkio", "blkio.weight", value, "\(origin).weight", ifMissing: .instead(file: "blkio.bfq.weight", value: value))
        }
        if let weight = try blockWeight(blockIO.leafWeight, "\(origin).leafWeight") {
            try add("blkio", "blkio.leaf_weight", String(weight), "\(origin).leafWeight")
        }
        for (index, entry) in (blockIO.weightDevice ?? []).enumerated() {
            let origin = path("\(origin).weightDevice", index)
            let weights = try BlockDeviceWeights(entry, origin)
            if let weight = weights.weight {
                let line = "\(weights.device) \(weight)"
                try add("blkio", "blkio.weight_device", line, origin, ifMissing: .instead(file: "blkio.bfq.weight_device", value: line))
            }
            if let weight = weights.leafWeight {
                try add("blkio", "blkio.leaf_weight_device", "\(weights.device) \(weight)", origin)
            }
        }
        for throttle in BlockThrottle.allCases {
            for (index, limit) in throttle.limits(in: blockIO).enumerated() {
                let origin = path(throttle.origin, index)
                try add("blkio", throttle.file, throttleLine(limit, origin), origin)
            }
        }
    }

    /// KERNEL: reservations are counted since 5.7; before, pages are limited as they are used, alone.
    mutating func add(_ limits: [LinuxHugepageLimit]) throws(SpecProblem) {
        for (index, limit) in limits.enumerated() {
            let origin = path("linux.resources.hugepageLimits", index)
            let size = try hugepageSize(limit.pageSize, origin)
            try add("hugetlb", "hugetlb.\(size).limit_in_bytes", String(limit.limit), origin)
            try add("hugetlb", "hugetlb.\(size).rsvd.limit_in_bytes", String(limit.limit), origin, ifMissing: .ignore)
        }
    }

    mutating func add(_ network: LinuxNetwork) throws(SpecProblem) {
        if let classID = network.classID, classID != 0 {
            try add("net_cls", "net_cls.classid", String(classID), "linux.resources.network.classID")
        }
        for (index, entry) in (network.priorities ?? []).enumerated() {
            let origin = path("linux.resources.network.priorities", index)
            try add("net_prio", "net_prio.ifpriomap", interfacePriority(entry, origin), origin)
        }
    }

    /// ORDER: by name, so that the same configuration always gives the same plan.
    mutating func add(_ limits: [String: LinuxRdma]) throws(SpecProblem) {
        for (device, limit) in limits.sorted(by: { $0.key < $1.key }) {
            try add("rdma", "rdma.max", rdmaMaximum(device, limit), path("linux.resources.rdma", device))
        }
    }

    /// - Parameter isAsked: whether config.json has rules of its own; without them a host without the controller is none of its business.
    mutating func add(_ policy: DevicePolicy, isAsked: Bool) throws(SpecProblem) {
        guard isAsked || isMounted("devices") else { return }
        try check("devices", "linux.resources.devices")
        writes.append(contentsOf: policy.writes)
    }

    private mutating func add(
        _ controller: String, _ file: String, _ value: String, _ origin: String, ifMissing: MissingFilePolicy = .fail
    ) throws(SpecProblem) {
        try check(controller, origin)
        writes.append(CgroupWrite(controller: controller, file: file, value: value, ifMissing: ifMissing, origin: origin))
    }

    private func check(_ controller: String, _ origin: String) throws(SpecProblem) {
        guard isMounted(controller) else {
            throw SpecProblem(origin, "needs the cgroup v1 controller \(controller), which is not mounted on this host")
        }
    }

    func isMounted(_ controller: String) -> Bool {
        for hierarchy in hierarchies where hierarchy.controllers.contains(controller) { return true }
        return false
    }
}
