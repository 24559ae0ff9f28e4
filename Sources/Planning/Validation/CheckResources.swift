import JSON
import OCISpec

/// Checks the parts of `linux.resources` that are a matter of form, by the same conversions as the plan. What depends on the host's
/// version of cgroups, and memory, cpu, pids and device rules, are checked by `planResources` alone.
///
/// See runtime-spec, config-linux, "Block IO", "Huge page limits", "Network", "RDMA", "Unified".
func checkResources(_ resources: LinuxResources?, _ problems: inout ProblemList) {
    guard let resources else { return }
    if let blockIO = resources.blockIO { checkBlockIO(blockIO, &problems) }
    for (index, limit) in (resources.hugepageLimits ?? []).enumerated() {
        problems.collect { () throws(SpecProblem) in
            _ = try hugepageSize(limit.pageSize, path("linux.resources.hugepageLimits", index))
        }
    }
    for (index, entry) in (resources.network?.priorities ?? []).enumerated() {
        problems.collect { () throws(SpecProblem) in
            _ = try interfacePriority(entry, path("linux.resources.network.priorities", index))
        }
    }
    for (device, limit) in (resources.rdma ?? [:]).sorted(by: { $0.key < $1.key }) {
        problems.collect { () throws(SpecProblem) in _ = try rdmaMaximum(device, limit) }
    }
    for (file, value) in (resources.unified ?? [:]).sorted(by: { $0.key < $1.key }) {
        problems.collect { () throws(SpecProblem) in _ = try unifiedController(of: file, value: value) }
    }
    problems.checkNumberList(resources.cpu?.cpus.flatMap { $0.isEmpty ? nil : $0 }, at: "linux.resources.cpu.cpus")
    problems.checkNumberList(resources.cpu?.mems.flatMap { $0.isEmpty ? nil : $0 }, at: "linux.resources.cpu.mems")
}

/// Adds the limits that this host cannot keep.
///
/// The cgroup planner stops at the first problem, so each section is planned by itself. What is not supported yet is left to the plan.
func checkLimits(_ spec: Spec, on host: HostFacts, _ problems: inout ProblemList) {
    let resources = spec.linux?.resources
    let sections = [
        LinuxResources(memory: resources?.memory),
        LinuxResources(cpu: resources?.cpu),
        LinuxResources(pids: resources?.pids),
        LinuxResources(blockIO: resources?.blockIO),
        LinuxResources(hugepageLimits: resources?.hugepageLimits),
        LinuxResources(network: resources?.network),
        LinuxResources(rdma: resources?.rdma),
        LinuxResources(devices: resources?.devices),
        LinuxResources(unified: resources?.unified),
    ]
    var limits = ProblemList()
    limits.collect { () throws(SpecProblem) in
        _ = try planCgroup(Spec(linux: Linux(cgroupsPath: spec.linux?.cgroupsPath)), id: "container", on: host)
    }
    for section in sections {
        limits.collect { () throws(SpecProblem) in _ = try planResources(section, on: host) }
    }
    for problem in limits.found {
        if problem.rule.utf8.starts(with: notSupportedYet.utf8) || problems.found.contains(where: { isSameSection($0, problem) }) {
            continue
        }
        problems.add(problem.path, problem.rule)
    }
}

/// Whether two problems lie in the same section of `linux.resources`, which then need not be told twice.
private func isSameSection(_ first: SpecProblem, _ second: SpecProblem) -> Bool {
    func section(_ problem: SpecProblem) -> Substring.UTF8View {
        let resources = "linux.resources."
        guard problem.path.utf8.starts(with: resources.utf8) else { return problem.path[...].utf8 }
        return problem.path.utf8.dropFirst(resources.utf8.count).prefix { $0 != UInt8(ascii: ".") && $0 != UInt8(ascii: "[") }
    }
    return section(first).elementsEqual(section(second))
}

private func checkBlockIO(_ blockIO: LinuxBlockIO, _ problems: inout ProblemList) {
    let origin = "linux.resources.blockIO"
    problems.collect { () throws(SpecProblem) in _ = try blockWeight(blockIO.weight, "\(origin).weight") }
    problems.collect { () throws(SpecProblem) in _ = try blockWeight(blockIO.leafWeight, "\(origin).leafWeight") }
    for (index, entry) in (blockIO.weightDevice ?? []).enumerated() {
        problems.collect { () throws(SpecProblem) in _ = try BlockDeviceWeights(entry, path("\(origin).weightDevice", index)) }
    }
    for throttle in BlockThrottle.allCases {
        for (index, limit) in throttle.limits(in: blockIO).enumerated() {
            problems.collect { () throws(SpecProblem) in _ = try throttleLine(limit, path(throttle.origin, index)) }
        }
    }
}

extension ProblemList {
    /// Adds the problem that a conversion ends with, if it does.
    fileprivate mutating func collect(_ conversion: () throws(SpecProblem) -> Void) {
        do {
            try conversion()
        } catch {
            add(error.path, error.rule)
        }
    }
}
