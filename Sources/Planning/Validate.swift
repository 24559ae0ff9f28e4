import KernelABI
public import OCISpec

/// A configuration that breaks no rule; only `validate` makes one.
public struct ValidatedSpec: Sendable, Hashable {
    /// The configuration itself.
    public let spec: Spec

    fileprivate init(_ spec: Spec) { self.spec = spec }
}

/// Finds all rules that `spec` breaks, in the order of the configuration.
///
/// Rules that hold on this host count too. What this version does not do yet is no broken rule, see `unsupportedProperties`.
public func problems(in spec: Spec, on host: HostFacts) -> [SpecProblem] {
    var problems = ProblemList()
    if spec.root == nil { problems.add("root", "is required") }
    if !ListedNamespaces(spec).contains(.newMount) {
        problems.add("linux.namespaces", "must list a mount namespace (containers without one are not supported)")
    }
    return problems.found
}

/// Passes `spec` on if it breaks no rule.
///
/// - Throws: the first of `problems(in:on:)`.
public func validate(_ spec: Spec, on host: HostFacts) throws(SpecProblem) -> ValidatedSpec {
    if let problem = problems(in: spec, on: host).first { throw problem }
    return ValidatedSpec(spec)
}

/// What the checks found so far.
struct ProblemList {
    private(set) var found: [SpecProblem] = []

    mutating func add(_ path: String, _ rule: String) {
        found.append(SpecProblem(path, rule))
    }
}
