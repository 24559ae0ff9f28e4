import JSON
import OCISpec

/// Turns `linux.resources` into writes to the files of cgroup v2. It has none for devices: see `DeviceProgram`.
///
/// The sections are added one by one, because a host may have one controller here and another on cgroup v1.
/// See runtime-spec, config-linux, "Control groups"; kernel, admin-guide/cgroup-v2.
struct V2Resources {
    private(set) var writes: [CgroupWrite] = []
    private(set) var warnings: [String] = []

    mutating func add(_ memory: LinuxMemory) throws(SpecProblem) {
        let limits = try MemoryLimits(memory)
        if limits.swappiness != nil {
            throw SpecProblem("linux.resources.memory.swappiness", absentOnV2)
        }
        if memory.disableOOMKiller == true {
            throw SpecProblem(
                "linux.resources.memory.disableOOMKiller", "must be absent or false on a host with cgroup v2, which has no such setting")
        }
        if let kernel = memory.kernel, kernel > 0 {
            warnings.append("linux.resources.memory.kernel is without effect: the kernel gave this limit up in Linux 5.16")
        }
        if let kernelTCP = memory.kernelTCP, kernelTCP > 0 {
            warnings.append("linux.resources.memory.kernelTCP is without effect: cgroup v2 counts these buffers in memory.limit")
        }
        if let swap = swapMaximum(swap: limits.swap, limit: limits.limit) {
            // Without swap there is no file, and no swap is what already holds.
            let ifMissing: MissingFilePolicy = swap == "max" || swap == "0" ? .ignore : .fail
            add("memory", "memory.swap.max", swap, "linux.resources.memory.swap", ifMissing: ifMissing)
        }
        if let limit = limits.limit {
            add("memory", "memory.max", limit == -1 ? "max" : String(limit), "linux.resources.memory.limit")
        }
        if let reservation = limits.reservation {
            add("memory", "memory.low", reservation == -1 ? "max" : String(reservation), "linux.resources.memory.reservation")
        }
    }

    /// ORDER: the quota before the burst, the weight before idleness, which forbids to set it.
    mutating func add(_ cpu: LinuxCPU) throws(SpecProblem) {
        let bandwidth = try CPUBandwidth(cpu)
        if let weight = cpuWeight(shares: cpu.shares) {
            add("cpu", "cpu.weight", String(weight), "linux.resources.cpu.shares")
        }
        if let maximum = cpuMaximum(quota: bandwidth.quota, period: bandwidth.period) {
            add("cpu", "cpu.max", maximum, bandwidth.quota == nil ? "linux.resources.cpu.period" : "linux.resources.cpu.quota")
        }
        if let burst = bandwidth.burst {
            add("cpu", "cpu.max.burst", String(burst), "linux.resources.cpu.burst", ifMissing: burst == 0 ? .ignore : .fail)
        }
        if let period = cpu.realtimePeriod, period != 0 {
            throw SpecProblem("linux.resources.cpu.realtimePeriod", absentOnV2)
        }
        if let runtime = cpu.realtimeRuntime, runtime != 0 {
            throw SpecProblem("linux.resources.cpu.realtimeRuntime", absentOnV2)
        }
        if let idle = bandwidth.idle {
            add("cpu", "cpu.idle", idle ? "1" : "0", "linux.resources.cpu.idle", ifMissing: idle ? .fail : .ignore)
        }
    }

    mutating func add(cpuset cpu: LinuxCPU) throws(SpecProblem) {
        if let cpus = try cpuList(cpu.cpus, "linux.resources.cpu.cpus") {
            add("cpuset", "cpuset.cpus", cpus, "linux.resources.cpu.cpus")
        }
        if let mems = try cpuList(cpu.mems, "linux.resources.cpu.mems") {
            add("cpuset", "cpuset.mems", mems, "linux.resources.cpu.mems")
        }
    }

    mutating func add(_ pids: LinuxPids) throws(SpecProblem) {
        guard let limit = try pidsMaximum(pids) else { return }
        add("pids", "pids.max", limit, "linux.resources.pids.limit")
    }

    /// Where the BFQ scheduler is there its weights count, else those of the cost model, which have numbers of their own.
    ///
    /// KERNEL: io.bfq.weight since 5.0, for single devices since 5.4; io.weight since 5.4.
    mutating func add(_ blockIO: LinuxBlockIO) throws(SpecProblem) {
        let origin = "linux.resources.blockIO"
        if let weight = try blockWeight(blockIO.weight, "\(origin).weight") {
            let instead = MissingFilePolicy.instead(file: "io.weight", value: "default \(ioWeight(weight))")
            add("io", "io.bfq.weight", String(weight), "\(origin).weight", ifMissing: instead)
        }
        if try blockWeight(blockIO.leafWeight, "\(origin).leafWeight") != nil {
            throw SpecProblem("\(origin).leafWeight", absentOnV2)
        }
        for (index, entry) in (blockIO.weightDevice ?? []).enumerated() {
            let origin = path("\(origin).weightDevice", index)
            let weights = try BlockDeviceWeights(entry, origin)
            if weights.leafWeight != nil { throw SpecProblem("\(origin).leafWeight", absentOnV2) }
            guard let weight = weights.weight else { continue }
            let instead = MissingFilePolicy.instead(file: "io.weight", value: "\(weights.device) \(ioWeight(weight))")
            add("io", "io.bfq.weight", "\(weights.device) \(weight)", origin, ifMissing: instead)
        }
        for throttle in BlockThrottle.allCases {
            for (index, limit) in throttle.limits(in: blockIO).enumerated() {
                let origin = path(throttle.origin, index)
                add("io", "io.max", try ioMaximum(limit, throttle, origin), origin)
            }
        }
    }

    /// KERNEL: 5.6; reservations are counted since 5.7.
    mutating func add(_ limits: [LinuxHugepageLimit]) throws(SpecProblem) {
        for (index, limit) in limits.enumerated() {
            let origin = path("linux.resources.hugepageLimits", index)
            let size = try hugepageSize(limit.pageSize, origin)
            add("hugetlb", "hugetlb.\(size).max", String(limit.limit), origin)
            add("hugetlb", "hugetlb.\(size).rsvd.max", String(limit.limit), origin, ifMissing: .ignore)
        }
    }

    /// Refuses what only the controllers net_cls and net_prio can do.
    func check(_ network: LinuxNetwork) throws(SpecProblem) {
        if let classID = network.classID, classID != 0 { throw SpecProblem("linux.resources.network.classID", absentOnV2) }
        if network.priorities?.isEmpty == false { throw SpecProblem("linux.resources.network.priorities", absentOnV2) }
    }

    /// ORDER: by name, so that the same configuration always gives the same plan.
    mutating func add(_ limits: [String: LinuxRdma]) throws(SpecProblem) {
        for (device, limit) in limits.sorted(by: { $0.key < $1.key }) {
            add("rdma", "rdma.max", try rdmaMaximum(device, limit), path("linux.resources.rdma", device))
        }
    }

    /// ORDER: by name, so that the same configuration always gives the same plan; after the other limits, so that a value given here wins.
    mutating func add(unified: [String: String]) throws(SpecProblem) {
        for (file, value) in unified.sorted(by: { $0.key < $1.key }) {
            let controller = try unifiedController(of: file, value: value)
            let origin = path("linux.resources.unified", file)
            for line in unifiedLines(value) { add(controller, file, line, origin) }
        }
    }

    private mutating func add(
        _ controller: String, _ file: String, _ value: String, _ origin: String, ifMissing: MissingFilePolicy = .fail
    ) {
        writes.append(CgroupWrite(controller: controller, file: file, value: value, ifMissing: ifMissing, origin: origin))
    }
}

/// The rule that a setting of cgroup v1 alone breaks.
private let absentOnV2 = "must be absent on a host with cgroup v2, which has no such setting"

/// Converts a limit of memory and swap together (v1, the specification) to one of swap alone (v2). `nil` means "leave unset".
func swapMaximum(swap: Int64?, limit: Int64?) -> String? {
    guard let swap else { return nil }
    guard swap != -1, let limit, limit != -1 else { return "max" }
    return String(max(swap - limit, 0))
}

/// The value for cpu.max: quota and period in microseconds. `nil` means "leave unset".
func cpuMaximum(quota: Int64?, period: UInt64?) -> String? {
    guard quota != nil || period != nil else { return nil }
    var text = "max"
    if let quota, quota != -1 { text = String(quota) }
    return text + " " + String(period ?? CPUBandwidth.defaultPeriod)
}
