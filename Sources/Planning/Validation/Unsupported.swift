public import OCISpec

/// Lists the properties of `spec` that this version does not build yet. A container with one of them is refused by name, never made without it.
public func unsupportedProperties(in spec: Spec) -> [SpecProblem] {
    var problems = ProblemList()
    findUnsupported(in: spec.process, &problems)
    for (index, mount) in (spec.mounts ?? []).enumerated() { findUnsupported(in: mount, path("mounts", index), &problems) }
    findUnsupported(in: spec.linux, &problems)
    return problems.found
}

/// How the rule of an unsupported property starts.
let notSupportedYet = "not supported yet"

/// Refuses the first unsupported property.
func refuseUnsupported(_ spec: Spec) throws(SpecProblem) {
    if let problem = unsupportedProperties(in: spec).first { throw problem }
}

private func findUnsupported(in process: Process?, _ problems: inout ProblemList) {
    guard let process else { return }
    problems.refuse("process.terminal", if: process.terminal ?? false)
    problems.refuse("process.selinuxLabel", if: isGiven(process.selinuxLabel))
    problems.refuse("process.apparmorProfile", if: isGiven(process.apparmorProfile))
    problems.refuse("process.scheduler", if: process.scheduler != nil)
    problems.refuse("process.ioPriority", if: process.ioPriority != nil)
}

private func findUnsupported(in mount: Mount, _ origin: String, _ problems: inout ProblemList) {
    problems.refuse("\(origin).uidMappings", if: !(mount.uidMappings ?? []).isEmpty)
    let words = mount.options ?? []
    guard let place = MountOptions(words).firstUnsupported, words.indices.contains(place) else { return }
    problems.add("\(origin).options[\(place)]", "\(notSupportedYet), is \(quoted(words[place]))")
}

private func findUnsupported(in linux: Linux?, _ problems: inout ProblemList) {
    guard let linux else { return }
    for (index, namespace) in (linux.namespaces ?? []).enumerated() {
        let origin = path("linux.namespaces", index)
        if namespace.type == .time { problems.add("\(origin).type", "\(notSupportedYet), is \"time\"") }
        if namespace.type == .user, namespace.path != nil {
            problems.add("\(origin).path", "\(notSupportedYet) for a user namespace")
        }
    }
    problems.refuse("linux.netDevices", if: !(linux.netDevices ?? [:]).isEmpty)
    problems.refuse("linux.seccomp", if: linux.seccomp != nil)
    problems.refuse("linux.mountLabel", if: isGiven(linux.mountLabel))
    problems.refuse("linux.intelRdt", if: linux.intelRdt != nil)
    problems.refuse("linux.memoryPolicy", if: linux.memoryPolicy != nil)
    problems.refuse("linux.personality", if: linux.personality != nil)
    problems.refuse("linux.timeOffsets", if: !(linux.timeOffsets ?? [:]).isEmpty)
}

extension ProblemList {
    fileprivate mutating func refuse(_ path: String, if isUsed: Bool) {
        if isUsed { add(path, notSupportedYet) }
    }
}

/// Whether a text is there and not empty; callers written in Go cannot tell an empty one from an absent one.
private func isGiven(_ text: String?) -> Bool {
    !(text ?? "").isEmpty
}
