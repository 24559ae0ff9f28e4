import JSON
import OCISpec

/// Checks `linux.intelRdt`. See runtime-spec, config-linux, "IntelRdt".
func checkIntelRdt(_ rdt: LinuxIntelRdt, _ problems: inout ProblemList) {
    if let closID = rdt.closID, closID != "/" {
        let isName = !closID.isEmpty && closID != "." && closID != ".." && !closID.utf8.contains(UInt8(ascii: "/"))
        if !isName { problems.add("linux.intelRdt.closID", "must be \"/\" or a name without \"/\", is \(quoted(closID))") }
    }
    if let schema = rdt.memBwSchema {
        if !schema.utf8.starts(with: "MB:".utf8) { problems.add("linux.intelRdt.memBwSchema", "must start with MB:, is \(quoted(schema))") }
        if hasLineBreak(schema) { problems.add("linux.intelRdt.memBwSchema", "must not contain a line break") }
    }
    for (index, line) in (rdt.schemata ?? []).enumerated() where hasLineBreak(line) {
        problems.add(path("linux.intelRdt.schemata", index), "must not contain a line break")
    }
}

private func hasLineBreak(_ text: String) -> Bool {
    text.utf8.contains(UInt8(ascii: "\n"))
}

/// Checks `linux.memoryPolicy`. See runtime-spec, config-linux, "Memory policy"; set_mempolicy(2).
func checkMemoryPolicy(_ policy: LinuxMemoryPolicy, _ problems: inout ProblemList) {
    let nodes = policy.nodes ?? ""
    let mode = policy.mode.rawValue
    switch policy.mode {
    case .bind, .interleave, .weightedInterleave, .preferredMany:
        if nodes.isEmpty { problems.add("linux.memoryPolicy.nodes", "must be present for \(mode)") }
    case .systemDefault, .local:
        if !nodes.isEmpty { problems.add("linux.memoryPolicy.nodes", "must be absent for \(mode)") }
    case .preferred: break
    }
    if !nodes.isEmpty { problems.checkNumberList(nodes, at: "linux.memoryPolicy.nodes") }
    let flags = policy.flags ?? []
    guard let first = flags.firstIndex(where: { $0 == .staticNodes || $0 == .relativeNodes }) else { return }
    guard let second = flags.firstIndex(where: { ($0 == .staticNodes || $0 == .relativeNodes) && $0 != flags[first] }) else { return }
    problems.add(path("linux.memoryPolicy.flags", second), "must not stand together with \(flags[first].rawValue)")
}
