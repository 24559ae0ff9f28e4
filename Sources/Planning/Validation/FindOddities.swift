import JSON
import KernelABI
import OCISpec

/// Finds what keeps the profile from being compiled, and names that no architecture knows, which a filter passes over.
func findSeccomp(_ profile: LinuxSeccomp, _ syscalls: SyscallTable, _ findings: inout FindingList) {
    do {
        _ = try compileSeccomp(profile, syscalls: syscalls)
    } catch {
        findings.append(Finding(error: error))
    }
    for (index, rule) in (profile.syscalls ?? []).enumerated() {
        for (place, name) in rule.names.enumerated() where syscalls.number(of: name, on: syscalls.native) == nil {
            findings.append(
                Finding(.warning, path(path("linux.seccomp.syscalls", index) + ".names", place), "unknown system call, passed over"),
                .warning)
        }
    }
}

/// Finds what is legal and yet hardly meant.
func findOddities(of candidate: ValidatedSpec, _ findings: inout FindingList) {
    let spec = candidate.spec
    if let warning = warning(ofVersion: spec.ociVersion) {
        findings.append(Finding(.warning, "ociVersion", String(warning.dropFirst("ociVersion: ".count))))
    }
    if let process = spec.process {
        if let sets = process.capabilities { findCapabilities(sets, &findings) }
    } else {
        findings.append(Finding(.note, "process", "is absent: the container can be created, but not started"))
    }
    if spec.linux?.personality?.flags?.isEmpty == false {
        findings.append(Finding(.warning, "linux.personality.flags", "left out, because the specification defines none"))
    }
    for (index, (mount, options)) in zip(spec.mounts ?? [], candidate.mountOptions).enumerated() {
        findMount(mount, options, index, &findings)
    }
}

private func findMount(_ mount: Mount, _ options: MountOptions, _ index: Int, _ findings: inout FindingList) {
    if !mount.destination.isEmpty, !isAbsolute(mount.destination) {
        findings.append(
            Finding(.warning, path("mounts", index) + ".destination", "should be absolute", fix: "begin it with \"/\""), .warning)
    }
    if options.parameters.isEmpty { return }
    let isBind = options.isBind || mount.isBindByType
    let parameters = Set(options.parameters)
    let known = MountOptions.words
    for (place, word) in (mount.options ?? []).enumerated() where parameters.contains(word) {
        let near = neighbour(of: word, among: known)
        if near == nil, !isBind { continue }
        let rule = isBind ? "no effect on a bind mount" : "no known option, handed to the file system"
        let fix = near.map { "did you mean \(quoted($0))?" }
        findings.append(Finding(.warning, path(path("mounts", index) + ".options", place), rule, fix: fix), .warning)
    }
}

private func findCapabilities(_ sets: LinuxCapabilities, _ findings: inout FindingList) {
    let names = Capability.allCases.map(\.name)
    let lists = [
        ("bounding", sets.bounding), ("effective", sets.effective), ("inheritable", sets.inheritable), ("permitted", sets.permitted),
        ("ambient", sets.ambient),
    ]
    for (name, entries) in lists {
        for (index, entry) in (entries ?? []).enumerated() where Capability(name: entry) == nil {
            func finding() -> Finding {
                let fix = neighbour(of: entry, among: names).map { "did you mean \(quoted($0))?" }
                return Finding(.warning, path(list(name), index), "unknown capability, left out", fix: fix)
            }
            findings.append(finding(), .warning)
        }
    }
    require("effective", sets.effective, in: "permitted", sets.permitted, .warning, &findings)
    require("inheritable", sets.inheritable, in: "bounding", sets.bounding, .warning, &findings)
    require("ambient", sets.ambient, in: "permitted", sets.permitted, .warning, &findings)
    // What runc's own example asks for.
    require("ambient", sets.ambient, in: "inheritable", sets.inheritable, .note, &findings)
}

private func list(_ name: String) -> String { "process.capabilities." + name }

/// Finds the capabilities of one set that the kernel grants only if they are in the other too; each once, however often it is named.
private func require(
    _ name: String, _ entries: [String]?, in otherName: String, _ others: [String]?, _ severity: Finding.Severity,
    _ findings: inout FindingList
) {
    var settled: CapabilitySet = []
    for other in others ?? [] {
        if let capability = Capability(name: other) { settled.insert(CapabilitySet(capability)) }
    }
    for (index, entry) in (entries ?? []).enumerated() {
        guard let capability = Capability(name: entry), !settled.contains(capability) else { continue }
        settled.insert(CapabilitySet(capability))
        let rule = "left out, because it is not in \(otherName)"
        findings.append(Finding(severity, path(list(name), index), rule, fix: "add it to \(list(otherName))"))
    }
}
