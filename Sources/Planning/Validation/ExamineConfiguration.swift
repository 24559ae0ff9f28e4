import JSON
import KernelABI
public import OCISpec

/// What `validate` found in a config.json.
public struct Examination: Sendable {
    /// The findings in the order of the file.
    public private(set) var findings: [Finding]
    /// The configuration, as far as it could be read; `nil` if not at all.
    public let spec: Spec?
    private let tape: JSONTape?
    /// What could not be read: of the values there, and of those beside them, nothing more can be said.
    private let unreadable: [String]

    /// Adds findings, unless they speak of what could not be read, and gives them their places in the file.
    public mutating func add(_ more: [Finding]) {
        for finding in more where !isOvershadowed(finding) { findings.append(located(finding)) }
        findings.sort { ($0.line ?? 0, $0.column ?? 0, $0.pointer) < ($1.line ?? 0, $1.column ?? 0, $1.pointer) }
    }
}

/// Reads a config.json and finds all that is wrong with it, as far as the text can be read.
///
/// - Parameters:
///   - syscalls: compiles the seccomp profile.
///   - host: gives the host that has to keep the limits; without one, a limit is wrong if no host could keep it.
public func examine(
    configJSON bytes: [UInt8], syscalls: SyscallTable, on host: (Spec) -> HostFacts? = { _ in nil }
) -> Examination {
    do {
        let (spec, found, tape) = try JSON.survey(Spec.self, in: bytes)
        var examination = Examination(spec, found, tape)
        guard let spec else { return examination }
        let candidate = ValidatedSpec(unchecked: spec)
        examination.add(brokenRules(in: candidate).found.map { Finding(error: $0) })
        examination.add(unsupportedProperties(in: spec).map { Finding(error: $0) })
        if let profile = spec.linux?.seccomp { examination.add(seccompFindings(profile, syscalls)) }
        examination.add(limitFindings(spec, on: host(spec)))
        examination.add(oddities(of: candidate))
        return examination
    } catch {
        return Examination(unreadable: error)
    }
}

extension Examination {
    fileprivate init(unreadable error: JSONError) {
        var finding = Finding(.error, error.pointer, error.rule)
        (finding.line, finding.column) = (error.line, error.column)
        findings = [finding.partingFix]
        spec = nil
        tape = nil
        unreadable = []
    }

    fileprivate init(_ spec: Spec?, _ found: [JSONFinding], _ tape: JSONTape) {
        self.spec = spec
        self.tape = tape
        unreadable = found.filter { $0.kind == .wrongValue || $0.kind == .missingKey }.map(\.error.pointer)
        findings = []
        for item in found {
            var finding = Finding(item)
            (finding.line, finding.column) = (item.error.line, item.error.column)
            finding.value = tape.excerpt(of: finding.pointer)
            findings.append(finding)
        }
    }

    fileprivate func located(_ finding: Finding) -> Finding {
        var finding = finding.partingFix
        guard let tape, let position = tape.position(of: finding.pointer) else { return finding }
        (finding.line, finding.column) = position
        finding.value = tape.excerpt(of: finding.pointer)
        return finding
    }

    /// Whether a finding may come from a placeholder: one that stands in for a value of the same entry, or for one it is compared with.
    fileprivate func isOvershadowed(_ finding: Finding) -> Bool {
        unreadable.contains { pointer in
            if finding.pointer.utf8.starts(with: pointer.utf8) { return true }
            if pointer == "linux" || pointer.utf8.starts(with: "linux.namespaces".utf8), finding.rule.utf8.starts(with: "needs ".utf8) {
                return true
            }
            guard let bracket = pointer.utf8.lastIndex(of: UInt8(ascii: "]")) else { return false }
            let entry = pointer[...bracket]
            if finding.pointer.utf8.starts(with: entry.utf8) { return true }
            let list = entry.prefix { $0 != "[" } + "["
            return finding.rule.comparesEntries && finding.pointer.utf8.starts(with: list.utf8)
        }
    }
}

extension String {
    /// Whether a rule sets one entry of a list against another.
    fileprivate var comparesEntries: Bool {
        ["must occur only once", "must not overlap", "must not be that of another"].contains { utf8.starts(with: $0.utf8) }
    }
}

extension Finding {
    fileprivate init(error problem: SpecProblem) {
        self.init(.error, problem.path, problem.rule, fix: remedy(problem))
    }

    fileprivate init(_ item: JSONFinding) {
        let pointer = item.error.pointer
        switch item.kind {
        case .unknownKey where Finding.belongsToAnotherPlatform(pointer):
            self.init(.note, pointer, "ignored, because it is for another platform")
        case .unknownKey:
            self.init(.warning, pointer, "unknown key, ignored", fix: item.suggestion.map { "did you mean \(quoted($0))?" })
        case .duplicateKey:
            self.init(.error, pointer, item.error.rule, fix: "keep one of the two")
        case .missingKey:
            self.init(.error, pointer, item.error.rule, fix: "add it")
        case .wrongValue:
            self.init(.error, pointer, item.error.rule)
            self = partingFix
        }
    }

    /// The specification's sections and keys for other platforms than Linux.
    private static func belongsToAnotherPlatform(_ pointer: String) -> Bool {
        switch pointer {
        case "vm", "windows", "solaris", "zos", "freebsd", "hyperv", "process.commandLine", "process.user.username": true
        default: false
        }
    }

    /// The same with a suggestion at the rule's end, `unknown value "pidd" (is "pid" meant?)`, as the fix.
    fileprivate var partingFix: Finding {
        guard fix == nil, rule.hasSuffix("?)"), let start = rule.range(of: " (is ") else { return self }
        var parted = self
        parted.rule = String(rule[..<start])
        parted.fix = String(rule[rule.index(start, offsetBy: 2)...].dropLast())
        return parted
    }
}

extension String {
    /// Where `part` begins; `nil` if it does not occur.
    fileprivate func range(of part: String) -> Index? {
        indices.first { self[$0...].utf8.starts(with: part.utf8) }
    }
}

/// What makes a broken rule hold, where that is one thing.
private func remedy(_ problem: SpecProblem) -> String? {
    let rule = problem.rule
    for type in LinuxNamespaceType.allCases where rule == "needs \(withArticle(type)) namespace" {
        return "add {\"type\": \"\(type.rawValue)\"} to linux.namespaces"
    }
    let notAbsolute = "must be absolute, is \""
    if rule.utf8.starts(with: notAbsolute.utf8) { return "begin it with \"/\"" }
    if rule.utf8.starts(with: "must occur only once".utf8) { return "keep one of them" }
    if rule.utf8.starts(with: notSupportedYet.utf8) { return "remove it" }
    if rule == "is missing" { return "add it" }
    return nil
}

/// The limits that the host cannot keep; without a host those that no host can keep as errors, and those that one kind cannot as warnings.
private func limitFindings(_ spec: Spec, on host: HostFacts?) -> [Finding] {
    func problems(on host: HostFacts) -> [SpecProblem] {
        var list = ProblemList()
        checkLimits(spec, on: host, &list)
        if let process = spec.process { checkSecurityModules(process, on: host, &list) }
        return list.found
    }
    if let host { return problems(on: host).map { Finding(error: $0) } }
    let onV1 = problems(on: .completeV1)
    let onV2 = problems(on: .completeV2)
    var findings: [Finding] = []
    for problem in onV1 where !onV2.contains(problem) && !onV2.contains(where: { $0.path == problem.path }) {
        findings.append(Finding(.warning, problem.path, problem.rule.naming("on a host with cgroup v1")))
    }
    for problem in onV2 {
        let isGeneral = onV1.contains { $0.path == problem.path }
        let rule = isGeneral ? problem.rule : problem.rule.naming("on a host with cgroup v2")
        findings.append(Finding(isGeneral ? .error : .warning, problem.path, rule, fix: isGeneral ? remedy(problem) : nil))
    }
    return findings
}

extension String {
    /// The rule with the hosts it holds on, unless it names them itself.
    fileprivate func naming(_ hosts: String) -> String {
        range(of: "cgroup v") == nil ? self + " (\(hosts))" : self
    }
}

/// What keeps the profile from being compiled, and names that no architecture knows, which a filter passes over.
private func seccompFindings(_ profile: LinuxSeccomp, _ syscalls: SyscallTable) -> [Finding] {
    var findings: [Finding] = []
    do {
        _ = try compileSeccomp(profile, syscalls: syscalls)
    } catch {
        findings.append(Finding(error: error))
    }
    for (index, rule) in (profile.syscalls ?? []).enumerated() {
        for (place, name) in rule.names.enumerated() where syscalls.number(of: name, on: syscalls.native) == nil {
            findings.append(
                Finding(.warning, path(path("linux.seccomp.syscalls", index) + ".names", place), "unknown system call, passed over"))
        }
    }
    return findings
}

// MARK: what is no error

/// What is legal and yet hardly meant.
private func oddities(of candidate: ValidatedSpec) -> [Finding] {
    let spec = candidate.spec
    var findings: [Finding] = []
    if let warning = warning(ofVersion: spec.ociVersion) {
        findings.append(Finding(.warning, "ociVersion", String(warning.dropFirst("ociVersion: ".count))))
    }
    if let process = spec.process {
        findings += capabilityFindings(process.capabilities)
    } else {
        findings.append(Finding(.note, "process", "is absent: the container can be created, but not started"))
    }
    if spec.linux?.personality?.flags?.isEmpty == false {
        findings.append(Finding(.warning, "linux.personality.flags", "left out, because the specification defines none"))
    }
    for (index, (mount, options)) in zip(spec.mounts ?? [], candidate.mountOptions).enumerated() {
        findings += mountFindings(mount, options, path("mounts", index))
    }
    return findings
}

private func mountFindings(_ mount: Mount, _ options: MountOptions, _ origin: String) -> [Finding] {
    var findings: [Finding] = []
    if !mount.destination.isEmpty, !isAbsolute(mount.destination) {
        findings.append(Finding(.warning, "\(origin).destination", "should be absolute", fix: "begin it with \"/\""))
    }
    let isBind = options.isBind || mount.isBindByType
    for (index, word) in (mount.options ?? []).enumerated() where options.parameters.contains(word) {
        let near = neighbour(of: word, among: MountOptions.words)
        if near == nil, !isBind { continue }
        let rule = isBind ? "no effect on a bind mount" : "no known option, handed to the file system"
        findings.append(Finding(.warning, path("\(origin).options", index), rule, fix: near.map { "did you mean \(quoted($0))?" }))
    }
    return findings
}

private func capabilityFindings(_ sets: LinuxCapabilities?) -> [Finding] {
    guard let sets else { return [] }
    let names = Capability.allCases.map(\.name)
    var findings: [Finding] = []
    func list(_ name: String) -> String { "process.capabilities." + name }
    let lists = [
        ("bounding", sets.bounding), ("effective", sets.effective), ("inheritable", sets.inheritable), ("permitted", sets.permitted),
        ("ambient", sets.ambient),
    ]
    for (name, entries) in lists {
        for (index, entry) in (entries ?? []).enumerated() where Capability(name: entry) == nil {
            let fix = neighbour(of: entry, among: names).map { "did you mean \(quoted($0))?" }
            findings.append(Finding(.warning, path(list(name), index), "unknown capability, left out", fix: fix))
        }
    }
    /// The capabilities of one set that the kernel grants only if they are in the other too.
    func require(_ name: String, _ entries: [String]?, in otherName: String, _ others: [String]?, _ severity: Finding.Severity) {
        for (index, entry) in (entries ?? []).enumerated() where Capability(name: entry) != nil {
            if others?.contains(entry) == true { continue }
            let rule = "left out, because it is not in \(otherName)"
            findings.append(Finding(severity, path(list(name), index), rule, fix: "add it to \(list(otherName))"))
        }
    }
    require("effective", sets.effective, in: "permitted", sets.permitted, .warning)
    require("inheritable", sets.inheritable, in: "bounding", sets.bounding, .warning)
    require("ambient", sets.ambient, in: "permitted", sets.permitted, .warning)
    // What runc's own example asks for.
    require("ambient", sets.ambient, in: "inheritable", sets.inheritable, .note)
    return findings
}
