import OCISpec

/// Which group of resctrl the container's process goes to, and what is written there. Paths are relative to where resctrl is mounted.
///
/// See runtime-spec, config-linux, "IntelRdt"; the kernel's Documentation/filesystems/resctrl.rst.
public struct RdtPlan: Sendable, Hashable {
    /// The group's folder; empty for the root class.
    public var group: String
    /// What happens where there is no such group.
    public var ifMissing: MissingGroupPolicy
    /// Whether `delete` removes a group that was made: only one named after the container, since others may use a class by its name.
    public var isRemovedWithContainer: Bool
    /// What a new group's `schemata` is given, in this order; a group that was there has to have it.
    public var schemata: [RdtSchema]
    /// The name of the monitoring group in it; `nil` without one.
    public var monitor: String?

    /// What happens where a group is missing.
    public enum MissingGroupPolicy: Sendable, Hashable {
        /// It is made.
        case make
        /// Creation fails: somebody else was to configure it.
        case fail
    }

    /// Creates the value from its properties.
    public init(group: String, ifMissing: MissingGroupPolicy, isRemovedWithContainer: Bool, schemata: [RdtSchema], monitor: String?) {
        self.group = group
        self.ifMissing = ifMissing
        self.isRemovedWithContainer = isRemovedWithContainer
        self.schemata = schemata
        self.monitor = monitor
    }
}

/// One write to `schemata`.
public struct RdtSchema: Sendable, Hashable {
    /// One line or more, such as `L3:0=f;1=f0`, without the last line feed.
    public var text: String
    /// The JSON path, for example `linux.intelRdt.l3CacheSchema`.
    public var origin: String

    /// Creates the value from its properties.
    public init(text: String, origin: String) {
        self.text = text
        self.origin = origin
    }
}

/// Plans the group of resctrl; `nil` where config.json does not ask for one, and then resctrl is never touched.
///
/// - Throws: `SpecProblem` where the container's id cannot be the group's name.
func planRdt(_ spec: Spec, id: String) throws(SpecProblem) -> RdtPlan? {
    guard let rdt = spec.linux?.intelRdt else { return nil }
    let schemata = planSchemata(rdt)
    let closID = rdt.closID ?? ""
    if closID.isEmpty, reservedGroupNames.contains(id) {
        throw SpecProblem("linux.intelRdt.closID", "must be present for a container named \(id), which resctrl has for itself")
    }
    return RdtPlan(
        group: closID == "/" ? "" : closID.isEmpty ? id : closID,
        ifMissing: closID.isEmpty || !schemata.isEmpty ? .make : .fail,
        isRemovedWithContainer: closID.isEmpty,
        schemata: schemata,
        monitor: rdt.enableMonitoring == true ? id : nil)
}

/// Folders of resctrl's own.
var reservedGroupNames: [String] { ["info", "mon_groups", "mon_data"] }

private func planSchemata(_ rdt: LinuxIntelRdt) -> [RdtSchema] {
    var schemata: [RdtSchema] = []
    let bandwidth = rdt.memBwSchema ?? ""
    // What is said twice counts as memBwSchema says it.
    let cache = lines(of: rdt.l3CacheSchema ?? "").filter { bandwidth.isEmpty || !isBandwidth($0) }
    if !cache.isEmpty { schemata.append(RdtSchema(text: cache.joined(separator: "\n"), origin: "linux.intelRdt.l3CacheSchema")) }
    if !bandwidth.isEmpty { schemata.append(RdtSchema(text: bandwidth, origin: "linux.intelRdt.memBwSchema")) }
    for (index, line) in (rdt.schemata ?? []).enumerated() where !line.isEmpty {
        schemata.append(RdtSchema(text: line, origin: path("linux.intelRdt.schemata", index)))
    }
    return schemata
}

private func lines(of text: String) -> [String] {
    text.utf8.split(separator: UInt8(ascii: "\n")).map { String(Substring($0)) }
}

private func isBandwidth(_ line: String) -> Bool {
    line.utf8.drop { $0 == UInt8(ascii: " ") }.starts(with: "MB:".utf8)
}

/// The first schema that a group's `schemata` does not have; `nil` if it has them all. What config.json leaves out does not matter.
///
/// Numbers are compared without leading zeros, since the kernel pads them: `L3:0=0000f` is `L3:0=f`.
public func firstMismatch(_ schemata: [RdtSchema], inFile bytes: [UInt8]) -> RdtSchema? {
    let found = allocations(in: String(decoding: bytes, as: UTF8.self))
    return schemata.first { schema in
        let wanted = allocations(in: schema.text)
        return wanted.isEmpty || wanted.contains { found[$0.key] != $0.value }
    }
}

/// `L3:0=ff;1=f` as `L3:0` → `ff` and `L3:1` → `f`.
private func allocations(in text: String) -> [String: String] {
    var result: [String: String] = [:]
    for line in lines(of: text) {
        guard let colon = line.utf8.firstIndex(of: UInt8(ascii: ":")) else { continue }
        let resource = trimmed(line.utf8[..<colon])
        for part in line.utf8[line.utf8.index(after: colon)...].split(separator: UInt8(ascii: ";")) {
            guard let equals = part.firstIndex(of: UInt8(ascii: "=")) else { continue }
            let value = trimmed(part[part.index(after: equals)...]).lowercased().utf8.drop { $0 == UInt8(ascii: "0") }
            result["\(resource):\(trimmed(part[..<equals]))"] = String(Substring(value))
        }
    }
    return result
}

private func trimmed(_ text: Substring.UTF8View) -> String {
    String(decoding: text.filter { $0 != UInt8(ascii: " ") && $0 != UInt8(ascii: "\t") }, as: UTF8.self)
}

/// Where resctrl is mounted, of the text of /proc/self/mountinfo; `nil` if it is not.
public func resctrlMountPoint(mountinfo bytes: [UInt8]) -> String? {
    for line in bytes.split(separator: UInt8(ascii: "\n")) {
        let fields = line.split(separator: UInt8(ascii: " "))
        guard fields.count >= 9, let dash = fields[6...].firstIndex(where: { $0.elementsEqual("-".utf8) }), fields.endIndex - dash >= 3
        else { continue }
        if fields[dash + 1].elementsEqual("resctrl".utf8) { return unescaped(fields[4]) }
    }
    return nil
}
