import JSON
import KernelABI
public import OCISpec

/// What `validate` found in a config.json.
public struct Examination: Sendable {
    /// The findings in the order of the file, at most 1,000: errors before warnings, warnings before notes.
    public private(set) var findings: [Finding]
    /// Whether there are more.
    public private(set) var isCut: Bool
    /// The configuration, as far as it could be read; `nil` if not at all, or if more of it is wrong than is told.
    public let spec: Spec?
    private let tape: JSONTape?
    fileprivate let shadows: Shadows

    /// Adds findings, unless they speak of what could not be read, and gives them their places in the file.
    public mutating func add(_ more: FindingList) {
        for finding in more.found where !shadows.hide(finding.pointer, finding.rule) { findings.append(located(finding)) }
        if more.isCut { isCut = true }
        if findings.count > FindingList.most {
            isCut = true
            findings.sort { $0.severity == $1.severity ? $0.comes(before: $1) : $0.severity.rank < $1.severity.rank }
            findings.removeLast(findings.count - FindingList.most)
        }
        findings.sort { $0.comes(before: $1) }
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
        let (spec, found, isCut, tape) = try JSON.survey(Spec.self, in: bytes)
        var examination = Examination(spec, found, isCut, tape)
        guard let spec else { return examination }
        let candidate = ValidatedSpec(unchecked: spec)
        var list = FindingList()
        list.append(errors: brokenRules(in: candidate, ProblemList(notUnder: examination.shadows)))
        for problem in unsupportedProperties(in: spec) { list.append(Finding(error: problem)) }
        if let profile = spec.linux?.seccomp { findSeccomp(profile, syscalls, &list) }
        findLimits(spec, on: host(spec), &list)
        findOddities(of: candidate, &list)
        examination.add(list)
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
        isCut = false
        tape = nil
        shadows = Shadows([])
    }

    fileprivate init(_ spec: Spec?, _ found: [JSONFinding], _ isCut: Bool, _ tape: JSONTape) {
        self.spec = spec
        self.tape = tape
        self.isCut = isCut
        shadows = Shadows(found.filter { $0.kind == .wrongValue || $0.kind == .missingKey }.map(\.error.pointer))
        findings = []
        for item in found {
            var finding = Finding(item)
            (finding.line, finding.column) = (item.error.line, item.error.column)
            finding.value = tape.excerpt(of: finding.pointer)
            findings.append(finding)
        }
        add(FindingList())
    }

    fileprivate func located(_ finding: Finding) -> Finding {
        var finding = finding.partingFix
        guard let tape, let position = tape.position(of: finding.pointer) else { return finding }
        (finding.line, finding.column) = position
        finding.value = tape.excerpt(of: finding.pointer)
        return finding
    }
}

extension Finding {
    init(error problem: SpecProblem) {
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

    fileprivate func comes(before other: Finding) -> Bool {
        (line ?? 0, column ?? 0, pointer) < (other.line ?? 0, other.column ?? 0, other.pointer)
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
private func findLimits(_ spec: Spec, on host: HostFacts?, _ findings: inout FindingList) {
    func problems(on host: HostFacts) -> [SpecProblem] {
        var list = ProblemList()
        checkLimits(spec, on: host, &list)
        if let process = spec.process { checkSecurityModules(process, on: host, &list) }
        return list.found
    }
    if let host {
        for problem in problems(on: host) { findings.append(Finding(error: problem)) }
        return
    }
    let onV1 = problems(on: .completeV1)
    let onV2 = problems(on: .completeV2)
    for problem in onV1 where !onV2.contains(where: { $0.path == problem.path }) {
        findings.append(Finding(.warning, problem.path, problem.rule.naming("on a host with cgroup v1")))
    }
    for problem in onV2 {
        let isGeneral = onV1.contains { $0.path == problem.path }
        let rule = isGeneral ? problem.rule : problem.rule.naming("on a host with cgroup v2")
        findings.append(Finding(isGeneral ? .error : .warning, problem.path, rule, fix: isGeneral ? remedy(problem) : nil))
    }
}

extension String {
    /// The rule with the hosts it holds on, unless it names them itself.
    fileprivate func naming(_ hosts: String) -> String {
        range(of: "cgroup v") == nil ? self + " (\(hosts))" : self
    }
}
