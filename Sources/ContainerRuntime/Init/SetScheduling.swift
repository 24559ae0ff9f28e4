import Kernel
import KernelABI
import Planning

/// Sets execution domain and memory policy of the calling process.
///
/// Needs no privilege, and execve(2) keeps both.
func setDomainAndMemory(_ plan: SchedulingPlan) throws(RuntimeError) {
    if let domain = plan.domain {
        do {
            try Kernel.setExecutionDomain(domain)
        } catch {
            throw RuntimeError(doing: "set the execution domain \(domain.name)", pointer: "linux.personality.domain", cause: error)
        }
    }
    guard let memory = plan.memory else { return }
    do {
        try Kernel.setMemoryPolicy(memory.mode, flags: memory.flags, nodes: memory.nodes)
    } catch {
        let reason = reason(for: memory, error.errno).map { " (\($0))" } ?? ""
        throw RuntimeError(doing: "set the memory policy \(memory.words)\(reason)", pointer: "linux.memoryPolicy", cause: error)
    }
}

/// Sets scheduler and I/O priority of a process, by default the calling one.
///
/// - Parameter cgroup: where the process is, for a second look; `nil` where it cannot be seen any more.
func setScheduling(_ plan: SchedulingPlan, of pid: Int32 = 0, in cgroup: CgroupHandle? = nil) throws(RuntimeError) {
    if let processor = plan.processor {
        do {
            try Kernel.setScheduling(processor, pid: pid)
        } catch {
            let reason = reason(for: processor, error.errno, plan, pid: pid, in: cgroup).map { " (\($0))" } ?? ""
            throw RuntimeError(doing: "set the scheduler \(processor.words)\(reason)", pointer: "process.scheduler", cause: error)
        }
    }
    guard let priority = plan.inputOutput else { return }
    do {
        try Kernel.setIOPriority(priority.class, level: priority.level, pid: pid)
    } catch {
        let reason = error.errno == .EPERM && !plan.isSetFromOutside ? " (\(lacksCapability))" : ""
        throw RuntimeError(
            doing: "set the I/O priority \(priority.class.name) \(priority.level)\(reason)", pointer: "process.ioPriority", cause: error)
    }
}

private let lacksCapability = "the runtime lacks CAP_SYS_NICE over the host"

/// Why the kernel refuses a scheduler, found by a second look; see sched_setattr(2), "ERRORS".
private func reason(
    for attributes: SchedulingAttributes, _ errno: Errno, _ plan: SchedulingPlan, pid: Int32, in cgroup: CgroupHandle?
) -> String? {
    switch (errno, attributes.policy) {
    case (.EPERM, _) where !plan.isSetFromOutside: lacksCapability
    case (.EPERM, .fifo), (.EPERM, .roundRobin): cgroup.flatMap(lackOfRealTime)
    case (.EPERM, .deadline): missingCPUs(of: pid)
    case (.EBUSY, .deadline): deadlineShare.map { "SCHED_DEADLINE and real time may use \($0) together, and too little of it is left" }
    case (.EINVAL, .deadline): periodOutOfBounds(attributes)
    case (.EOPNOTSUPP, _): "the kernel is built without utilization clamps"
    default: nil
    }
}

/// A kernel with CONFIG_RT_GROUP_SCHED gives a new v1 cgroup no real-time bandwidth.
private func lackOfRealTime(_ cgroup: CgroupHandle) -> String? {
    guard let folder = cgroup.hierarchies.first(where: { $0.controllers.contains("cpu") })?.absolutePath,
        number(in: folder + "/cpu.rt_runtime_us") == 0
    else { return nil }
    return "\(folder)/cpu.rt_runtime_us is 0; linux.resources.cpu.realtimeRuntime sets it"
}

private func missingCPUs(of pid: Int32) -> String? {
    guard let status = try? Kernel.readFile("/proc/\(pid)/status", limit: 1 << 16), let allowed = field("Cpus_allowed_list", in: status),
        let bytes = try? Kernel.readFile("/sys/devices/system/cpu/online", limit: 4096)
    else { return nil }
    let online = firstLine(of: bytes[...])
    return allowed == online ? nil : "SCHED_DEADLINE wants all CPUs, \(online); the process may run on \(allowed)"
}

private var deadlineShare: String? {
    guard let runtime = number(in: "/proc/sys/kernel/sched_rt_runtime_us"), let period = number(in: "/proc/sys/kernel/sched_rt_period_us")
    else { return nil }
    return "\(runtime) of \(period) µs"
}

/// KERNEL: the bounds since 5.5.
private func periodOutOfBounds(_ attributes: SchedulingAttributes) -> String? {
    let period = attributes.periodNanoseconds == 0 ? attributes.deadlineNanoseconds : attributes.periodNanoseconds
    guard let least = number(in: "/proc/sys/kernel/sched_deadline_period_min_us"),
        let most = number(in: "/proc/sys/kernel/sched_deadline_period_max_us"), least <= most, !(least...most).contains(period / 1000)
    else { return nil }
    return "the period must be \(least) to \(most) µs"
}

/// Why the kernel refuses a memory policy, found by a second look. Init may have no procfs in sight any more.
private func reason(for memory: MemoryPolicy, _ errno: Errno) -> String? {
    if errno == .ENOSYS { return "the kernel is built without memory nodes" }
    guard errno == .EINVAL, !memory.nodes.isEmpty, let proc = try? ProcHandle(), let status = try? proc.read("self/status", limit: 1 << 16),
        let allowed = field("Mems_allowed_list", in: status)
    else { return nil }
    return "the process may use the memory nodes \(allowed)"
}

/// The value of `name` in a file such as /proc/self/status: `name:`, a tab, the value.
private func field(_ name: String, in bytes: [UInt8]) -> String? {
    let start = "\(name):\t"
    for line in bytes.split(separator: UInt8(ascii: "\n")) where line.starts(with: start.utf8) {
        return firstLine(of: line.dropFirst(start.utf8.count))
    }
    return nil
}

private func firstLine(of bytes: ArraySlice<UInt8>) -> String {
    String(decoding: bytes.prefix { $0 != UInt8(ascii: "\n") }, as: UTF8.self)
}
