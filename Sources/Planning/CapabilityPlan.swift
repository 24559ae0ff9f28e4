import JSON
public import KernelABI
import OCISpec

/// The five capability sets. A set that config.json leaves out is empty.
public struct CapabilityPlan: Sendable, Hashable {
    /// The most that an execve(2) can ever grant.
    public var bounding: CapabilitySet
    /// What the kernel checks; part of `permitted`.
    public var effective: CapabilitySet
    /// What the process may switch on.
    public var permitted: CapabilitySet
    /// What survives execve(2) of a file with the same inheritable capability; part of `bounding`.
    public var inheritable: CapabilitySet
    /// What survives execve(2) of an ordinary file; part of `permitted` and `inheritable`.
    public var ambient: CapabilitySet

    /// Creates the value from its properties.
    public init(
        bounding: CapabilitySet, effective: CapabilitySet, permitted: CapabilitySet, inheritable: CapabilitySet, ambient: CapabilitySet
    ) {
        self.bounding = bounding
        self.effective = effective
        self.permitted = permitted
        self.inheritable = inheritable
        self.ambient = ambient
    }
}

/// Plans the capability sets: what is unknown, not held by the runtime or contradictory is left out, with one warning that lists it.
///
/// What is permitted, but not inheritable, cannot be ambient: a note, because runc's own example asks for that, and the process holds it all
/// the same. In a new user namespace every capability can be granted. See runtime-spec, config, "Linux Process" (`capabilities`); capabilities(7).
func planCapabilities(_ names: LinuxCapabilities?, grantable: CapabilitySet, warnings: inout [String], notes: inout [String])
    -> CapabilityPlan
{
    var leftOut = LeftOutCapabilities()
    var plan = CapabilityPlan(
        bounding: capabilitySet(names?.bounding, grantable, &leftOut),
        effective: capabilitySet(names?.effective, grantable, &leftOut),
        permitted: capabilitySet(names?.permitted, grantable, &leftOut),
        inheritable: capabilitySet(names?.inheritable, grantable, &leftOut),
        ambient: capabilitySet(names?.ambient, grantable, &leftOut))
    // The kernel refuses the whole call for any of these, see capset(2) and PR_CAP_AMBIENT in prctl(2).
    leftOut.contradictory(&plan.effective, "effective", notIn: plan.permitted, "permitted")
    leftOut.contradictory(&plan.inheritable, "inheritable", notIn: plan.bounding, "bounding")
    leftOut.contradictory(&plan.ambient, "ambient", notIn: plan.permitted, "permitted")
    let unheritable = plan.ambient.subtracting(plan.inheritable)
    plan.ambient.subtract(unheritable)
    if !unheritable.isEmpty { notes.append("process.capabilities: left out: ambient but not inheritable: \(list(unheritable))") }
    if let warning = leftOut.warning { warnings.append(warning) }
    return plan
}

private func capabilitySet(_ names: [String]?, _ grantable: CapabilitySet, _ leftOut: inout LeftOutCapabilities) -> CapabilitySet {
    var result: CapabilitySet = []
    for name in names ?? [] {
        guard let capability = Capability(name: name) else {
            leftOut.addUnknown(name)
            continue
        }
        if grantable.contains(capability) {
            result.insert(CapabilitySet(capability))
        } else {
            leftOut.ungrantable.insert(CapabilitySet(capability))
        }
    }
    return result
}

/// The capabilities that a plan leaves out, for the warning.
private struct LeftOutCapabilities {
    private var unknown: [String] = []
    private var hasMoreUnknown = false
    var ungrantable: CapabilitySet = []
    var contradictions: [String] = []

    /// As many names as a message can hold; a hostile configuration has 100,000.
    private static var mostUnknown: Int { 16 }

    mutating func addUnknown(_ name: String) {
        if unknown.contains(name) { return }
        guard unknown.count < Self.mostUnknown else { return hasMoreUnknown = true }
        unknown.append(name)
    }

    /// Takes away what the kernel would refuse to have in `set` alone.
    mutating func contradictory(_ set: inout CapabilitySet, _ name: String, notIn other: CapabilitySet, _ otherName: String) {
        let refused = set.subtracting(other)
        if refused.isEmpty { return }
        set.subtract(refused)
        contradictions.append("\(name) but not \(otherName): \(list(refused))")
    }

    var warning: String? {
        var clauses: [String] = []
        if !unknown.isEmpty {
            let names = Capability.allCases.map(\.name)
            clauses.append(
                "unknown: " + unknown.map { quoted($0) + suggestion(for: $0, among: names) }.joined(separator: ", ")
                    + (hasMoreUnknown ? ", and more" : ""))
        }
        if !ungrantable.isEmpty { clauses.append("not held by the runtime: \(list(ungrantable))") }
        clauses += contradictions
        return clauses.isEmpty ? nil : "process.capabilities: left out: " + clauses.joined(separator: "; ")
    }
}

private func list(_ set: CapabilitySet) -> String { set.capabilities.map(\.name).joined(separator: ", ") }
