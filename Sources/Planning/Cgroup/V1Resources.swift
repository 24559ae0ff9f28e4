import OCISpec

/// Turns `linux.resources` into writes to the files of cgroup v1.
///
/// A value that engines send for "unset" (0 bytes, 0 shares, an empty list) writes nothing: a new cgroup is unlimited.
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

    private func isMounted(_ controller: String) -> Bool {
        for hierarchy in hierarchies where hierarchy.controllers.contains(controller) { return true }
        return false
    }
}
