import JSON
import OCISpec

/// Checks what sched_setattr(2) would refuse, and numbers that the policy ignores.
///
/// See runtime-spec, config, "Linux Process" (`scheduler`); sched(7).
func checkScheduler(_ scheduler: Scheduler, _ problems: inout ProblemList) {
    let policy = scheduler.policy.rawValue
    if scheduler.policy == .iso { problems.add("process.scheduler.policy", "must be a policy that Linux implements, is \(policy)") }
    checkNice(scheduler, &problems)
    checkPriority(scheduler, &problems)
    guard scheduler.policy == .deadline else {
        for (name, value) in [("runtime", scheduler.runtime), ("deadline", scheduler.deadline), ("period", scheduler.period)] {
            if value ?? 0 != 0 { problems.add("process.scheduler.\(name)", "must be absent for \(policy)") }
        }
        return
    }
    checkDeadline(scheduler, &problems)
}

/// The kernel looks at it for SCHED_OTHER and SCHED_BATCH alone; callers give it with other policies too, where it has no effect.
private func checkNice(_ scheduler: Scheduler, _ problems: inout ProblemList) {
    let nice = scheduler.nice ?? 0
    if !(-20...19).contains(nice) { problems.add("process.scheduler.nice", "must be -20 to 19, is \(nice)") }
}

private func checkPriority(_ scheduler: Scheduler, _ problems: inout ProblemList) {
    let policy = scheduler.policy.rawValue
    let priority = scheduler.priority ?? 0
    switch scheduler.policy {
    case .fifo, .roundRobin:
        if !(1...99).contains(priority) { problems.add("process.scheduler.priority", "must be 1 to 99 for \(policy), is \(priority)") }
    case .other, .batch, .iso, .idle, .deadline:
        if priority != 0 { problems.add("process.scheduler.priority", "must be 0 for \(policy), is \(priority)") }
    }
}

/// The kernel counts in units of 1,024 ns, and keeps the highest bit for itself.
private let shortestRuntime: UInt64 = 1024
private let longestPeriod = UInt64(Int64.max)

/// Period and deadline also have bounds that the host's administrator may set (/proc/sys/kernel/sched_deadline_period_min_us and …_max_us).
private func checkDeadline(_ scheduler: Scheduler, _ problems: inout ProblemList) {
    let policy = scheduler.policy.rawValue
    let runtime = scheduler.runtime ?? 0
    let deadline = scheduler.deadline ?? 0
    let period = scheduler.period ?? 0
    if runtime < shortestRuntime {
        problems.add("process.scheduler.runtime", "must be at least \(shortestRuntime) (ns) for \(policy), is \(runtime)")
    }
    if deadline == 0 { problems.add("process.scheduler.deadline", "must be above 0 for \(policy)") }
    if deadline != 0, runtime > deadline {
        problems.add("process.scheduler.runtime", "must be at most deadline (\(deadline)), is \(runtime)")
    }
    if period != 0, deadline > period { problems.add("process.scheduler.deadline", "must be at most period (\(period)), is \(deadline)") }
    for (name, value) in [("deadline", deadline), ("period", period)] where value > longestPeriod {
        problems.add("process.scheduler.\(name)", "must be at most \(longestPeriod) (ns), is \(value)")
    }
}

/// Init would have to fork for a startContainer hook, which the kernel refuses to a SCHED_DEADLINE process; see sched(7).
func checkForking(_ spec: Spec, _ problems: inout ProblemList) {
    guard let scheduler = spec.process?.scheduler, scheduler.policy == .deadline, spec.hooks?.startContainer?.isEmpty == false,
        scheduler.flags?.contains(.resetOnFork) != true
    else { return }
    problems.add(
        "process.scheduler.flags",
        "must hold SCHED_FLAG_RESET_ON_FORK for SCHED_DEADLINE with hooks.startContainer, which init has to fork for")
}

/// Checks `process.ioPriority`. See ioprio_set(2).
func checkIOPriority(_ priority: LinuxIOPriority, _ problems: inout ProblemList) {
    if let level = priority.priority, !(0...7).contains(level) {
        problems.add("process.ioPriority.priority", "must be 0 to 7, is \(level)")
    }
}

/// Checks `linux.memoryPolicy`. See runtime-spec, config-linux, "Memory policy"; set_mempolicy(2).
func checkMemoryPolicy(_ policy: LinuxMemoryPolicy, _ problems: inout ProblemList) {
    checkMemoryNodes(policy, &problems)
    checkMemoryFlags(policy, &problems)
}

private func checkMemoryNodes(_ policy: LinuxMemoryPolicy, _ problems: inout ProblemList) {
    let place = "linux.memoryPolicy.nodes"
    let nodes = policy.nodes ?? ""
    let mode = policy.mode.rawValue
    switch policy.mode {
    case .bind, .interleave, .weightedInterleave, .preferredMany:
        if nodes.isEmpty { problems.add(place, "must be present for \(mode)") }
    case .systemDefault, .local:
        if !nodes.isEmpty { problems.add(place, "must be absent for \(mode)") }
    case .preferred: break
    }
    if nodes.isEmpty { return }
    problems.checkNumberList(nodes, at: place)
    if let list = NumberList(nodes), list.maximum > lastMemoryNode {
        problems.add(place, "must be numbers up to \(lastMemoryNode), is \(quoted(nodes))")
    }
}

private func checkMemoryFlags(_ policy: LinuxMemoryPolicy, _ problems: inout ProblemList) {
    let flags = policy.flags ?? []
    let mode = policy.mode.rawValue
    var placing: LinuxMemoryPolicyFlag?
    for (index, flag) in flags.enumerated() {
        let place = path("linux.memoryPolicy.flags", index)
        switch flag {
        case .numaBalancing:
            guard policy.mode == .bind || policy.mode == .preferredMany else {
                problems.add(place, "must stand with MPOL_BIND or MPOL_PREFERRED_MANY, stands with \(mode)")
                continue
            }
        case .staticNodes, .relativeNodes:
            if (policy.nodes ?? "").isEmpty { problems.add(place, "must stand with nodes, \(mode) has none") }
            if let placing, placing != flag { problems.add(place, "must not stand together with \(placing.rawValue)") }
            placing = placing ?? flag
        }
    }
}
