import JSON
public import OCISpec

/// Lists the properties of `spec` that this version does not build yet. A container with one of them is refused by name, never made without it.
public func unsupportedProperties(in spec: Spec) -> [SpecProblem] {
    unsupportedProperties(in: ValidatedSpec(unchecked: spec))
}

private func unsupportedProperties(in spec: ValidatedSpec) -> [SpecProblem] {
    var problems = ProblemList()
    if let process = spec.spec.process { findUnsupported(in: process, &problems) }
    return problems.found
}

/// How the rule of an unsupported property starts.
let notSupportedYet = "not supported yet"

/// Refuses the first unsupported property.
func refuseUnsupported(_ spec: ValidatedSpec) throws(SpecProblem) {
    if let problem = unsupportedProperties(in: spec).first { throw problem }
}

private func findUnsupported(in process: Process, _ problems: inout ProblemList) {
    problems.refuse("process.terminal", if: process.terminal ?? false)
}

extension ProblemList {
    fileprivate mutating func refuse(_ path: String, if isUsed: Bool) {
        if isUsed { add(path, notSupportedYet) }
    }
}
