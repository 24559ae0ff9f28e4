import JSON
import OCISpec

/// Checks the parts of `linux.resources` that are a matter of form. Memory, cpu, pids and device rules are checked as they are converted, see `planResources`.
///
/// See runtime-spec, config-linux, "Block IO", "Huge page limits", "RDMA", "Unified".
func checkResources(_ resources: LinuxResources?, _ problems: inout ProblemList) {
    guard let resources else { return }
    if let blockIO = resources.blockIO { checkBlockIO(blockIO, &problems) }
    for (index, limit) in (resources.hugepageLimits ?? []).enumerated() where !isPageSize(limit.pageSize) {
        problems.add(
            "\(path("linux.resources.hugepageLimits", index)).pageSize", "must be a size such as 2MB, is \(quoted(limit.pageSize))")
    }
    if let limits = resources.rdma { checkRdma(limits, &problems) }
    if let files = resources.unified { checkUnified(files, &problems) }
    problems.checkNumberList(resources.cpu?.cpus.flatMap { $0.isEmpty ? nil : $0 }, at: "linux.resources.cpu.cpus")
    problems.checkNumberList(resources.cpu?.mems.flatMap { $0.isEmpty ? nil : $0 }, at: "linux.resources.cpu.mems")
}

/// Adds the limits that this host cannot keep.
///
/// The cgroup planner stops at the first problem, so each section is planned by itself. What is not supported yet is left to the plan.
func checkLimits(_ spec: Spec, on host: HostFacts, _ problems: inout ProblemList) {
    let resources = spec.linux?.resources
    let sections = [
        LinuxResources(),
        LinuxResources(memory: resources?.memory),
        LinuxResources(cpu: resources?.cpu),
        LinuxResources(pids: resources?.pids),
        LinuxResources(devices: resources?.devices),
        LinuxResources(unified: resources?.unified),
    ]
    for section in sections {
        var part = Spec(linux: Linux(resources: section))
        part.linux?.cgroupsPath = spec.linux?.cgroupsPath
        do {
            _ = try planCgroup(part, id: "container", on: host)
        } catch {
            if error.rule.utf8.starts(with: notSupportedYet.utf8) || problems.found.contains(where: { isSameSection($0, error) }) {
                continue
            }
            problems.add(error.path, error.rule)
        }
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

private func checkRdma(_ limits: [String: LinuxRdma], _ problems: inout ProblemList) {
    for (device, limit) in limits.sorted(by: { $0.key < $1.key }) where limit.hcaHandles == nil && limit.hcaObjects == nil {
        problems.add(path("linux.resources.rdma", device), "must have hcaHandles or hcaObjects")
    }
}

private func checkUnified(_ files: [String: String], _ problems: inout ProblemList) {
    for file in files.keys.sorted() where file.isEmpty || file == "." || file == ".." || file.utf8.contains(UInt8(ascii: "/")) {
        problems.add(path("linux.resources.unified", file), "must be a file name without \"/\"")
    }
}

private func checkBlockIO(_ blockIO: LinuxBlockIO, _ problems: inout ProblemList) {
    checkWeight(blockIO.weight, "linux.resources.blockIO.weight", &problems)
    checkWeight(blockIO.leafWeight, "linux.resources.blockIO.leafWeight", &problems)
    for (index, device) in (blockIO.weightDevice ?? []).enumerated() {
        let origin = path("linux.resources.blockIO.weightDevice", index)
        if device.weight == nil, device.leafWeight == nil { problems.add(origin, "must have weight or leafWeight") }
        checkWeight(device.weight, "\(origin).weight", &problems)
        checkWeight(device.leafWeight, "\(origin).leafWeight", &problems)
    }
}

/// 0 is what callers written in Go send for "unset".
private func checkWeight(_ weight: UInt16?, _ path: @autoclosure () -> String, _ problems: inout ProblemList) {
    if let weight, weight != 0, !(10...1000).contains(weight) { problems.add(path(), "must be 10 to 1000, is \(weight)") }
}

/// Digits and one of KB, MB, GB, as the controller's files are named.
private func isPageSize(_ text: String) -> Bool {
    let bytes = Array(text.utf8)
    guard bytes.count > 2, bytes.last == UInt8(ascii: "B") else { return false }
    let unit = bytes[bytes.count - 2]
    guard unit == UInt8(ascii: "K") || unit == UInt8(ascii: "M") || unit == UInt8(ascii: "G") else { return false }
    return bytes.dropLast(2).allSatisfy { $0 >= UInt8(ascii: "0") && $0 <= UInt8(ascii: "9") }
}
