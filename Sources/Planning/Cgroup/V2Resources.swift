import OCISpec

/// Turns `linux.resources` into writes to the files of cgroup v2.
///
/// See runtime-spec, config-linux, "Control groups"; kernel, admin-guide/cgroup-v2.
struct V2Resources {
    private(set) var writes: [CgroupWrite] = []
    private(set) var warnings: [String] = []

    mutating func add(_ resources: LinuxResources) throws(SpecProblem) {
        if let memory = resources.memory { try add(memory) }
        if let cpu = resources.cpu { try add(cpu) }
        if let pids = resources.pids, let limit = try pidsMaximum(pids) {
            add("pids", "pids.max", limit, "linux.resources.pids.limit")
        }
        try check(resources.devices ?? [])
        if let unified = resources.unified { try add(unified: unified) }
    }

    private mutating func add(_ memory: LinuxMemory) throws(SpecProblem) {
        let limits = try MemoryLimits(memory)
        if limits.swappiness != nil {
            throw SpecProblem("linux.resources.memory.swappiness", "must be absent on a host with cgroup v2, which has no such setting")
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
    private mutating func add(_ cpu: LinuxCPU) throws(SpecProblem) {
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
            throw SpecProblem("linux.resources.cpu.realtimePeriod", "must be absent on a host with cgroup v2, which has no such setting")
        }
        if let runtime = cpu.realtimeRuntime, runtime != 0 {
            throw SpecProblem("linux.resources.cpu.realtimeRuntime", "must be absent on a host with cgroup v2, which has no such setting")
        }
        if let idle = bandwidth.idle {
            add("cpu", "cpu.idle", idle ? "1" : "0", "linux.resources.cpu.idle", ifMissing: idle ? .fail : .ignore)
        }
        if let cpus = try cpuList(cpu.cpus, "linux.resources.cpu.cpus") {
            add("cpuset", "cpuset.cpus", cpus, "linux.resources.cpu.cpus")
        }
        if let mems = try cpuList(cpu.mems, "linux.resources.cpu.mems") {
            add("cpuset", "cpuset.mems", mems, "linux.resources.cpu.mems")
        }
    }

    /// cgroup v2 has no files for devices: rules become an eBPF program, which is not built yet. Rules that allow everything need none.
    private func check(_ rules: [LinuxDeviceCgroup]) throws(SpecProblem) {
        guard !rules.isEmpty else { return }
        let policy = try DevicePolicy(rules)
        guard policy.allowsByDefault, policy.exceptions.isEmpty else {
            throw SpecProblem("linux.resources.devices", "not supported yet on a host with cgroup v2: needs the eBPF device program")
        }
    }

    /// ORDER: by name, so that the same configuration always gives the same plan; after the other limits, so that a value given here wins.
    private mutating func add(unified: [String: String]) throws(SpecProblem) {
        for file in unified.keys.sorted() {
            let origin = path("linux.resources.unified", file)
            // Only a file of the container's own folder, and only a controller's: cgroup.procs and its like belong to the runtime.
            guard !file.utf8.contains(UInt8(ascii: "/")), !file.utf8.contains(0), let dot = file.utf8.firstIndex(of: UInt8(ascii: ".")),
                dot != file.utf8.startIndex
            else {
                throw SpecProblem(origin, "must be named as a file of cgroup v2 such as memory.high")
            }
            guard file.utf8.count <= 255 else { throw SpecProblem(origin, "must be named with at most 255 bytes") }
            add(String(file[..<dot]), file, unified[file] ?? "", origin)
        }
    }

    private mutating func add(
        _ controller: String, _ file: String, _ value: String, _ origin: String, ifMissing: MissingFilePolicy = .fail
    ) {
        writes.append(CgroupWrite(controller: controller, file: file, value: value, ifMissing: ifMissing, origin: origin))
    }
}

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
