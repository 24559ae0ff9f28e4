import JSON
import OCISpec

/// Checks `linux.intelRdt`. See runtime-spec, config-linux, "IntelRdt".
func checkIntelRdt(_ rdt: LinuxIntelRdt, _ problems: inout ProblemList) {
    if let closID = rdt.closID, closID != "/" {
        let isName =
            !closID.isEmpty && closID != "." && closID != ".." && !closID.utf8.contains(UInt8(ascii: "/"))
            && !hasLineBreak(closID) && closID.utf8.count <= 255
        if reservedGroupNames.contains(closID) {
            problems.add("linux.intelRdt.closID", "must not be info, mon_groups or mon_data, is \(quoted(closID))")
        }
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
