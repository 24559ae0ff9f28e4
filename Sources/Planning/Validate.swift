import JSON
public import OCISpec

/// A configuration that breaks no rule; outside of this module only `validate` makes one.
public struct ValidatedSpec: Sendable, Hashable {
    /// The configuration itself.
    public let spec: Spec
    /// What the options of each mount ask for, read once.
    let mountOptions: [MountOptions]
    /// The kinds of namespaces it lists.
    let namespaces: ListedNamespaces

    /// Wraps a configuration that has yet to be checked; for the checks themselves.
    init(unchecked spec: Spec) {
        self.spec = spec
        mountOptions = (spec.mounts ?? []).map { MountOptions($0.options ?? []) }
        namespaces = ListedNamespaces(spec)
    }
}

/// Passes `spec` on if it breaks no rule of its own.
///
/// Whether this host can keep its limits is looked at by `planContainer`, which has to do that anyway.
///
/// - Throws: the first of `problems(in:on:)`, limits aside.
public func validate(_ spec: Spec, on host: HostFacts) throws(SpecProblem) -> ValidatedSpec {
    let candidate = ValidatedSpec(unchecked: spec)
    if let problem = brokenRules(in: candidate).found.first { throw problem }
    return candidate
}

/// Finds all rules that `spec` breaks, the limits that this host cannot keep among them.
///
/// What this version does not do yet is no broken rule, see `unsupportedProperties`.
public func problems(in spec: Spec, on host: HostFacts) -> [SpecProblem] {
    var problems = brokenRules(in: ValidatedSpec(unchecked: spec))
    checkLimits(spec, on: host, &problems)
    if let process = spec.process { checkSecurityModules(process, on: host, &problems) }
    return problems.found
}

/// The checks, in the order of the specification's chapters. Each file in Validation holds one area.
///
/// - Parameter problems: what they are added to.
func brokenRules(in candidate: ValidatedSpec, _ problems: ProblemList = ProblemList()) -> ProblemList {
    var problems = problems
    let spec = candidate.spec
    let namespaces = candidate.namespaces
    checkDocument(spec, namespaces, &problems)
    checkMounts(spec.mounts ?? [], candidate.mountOptions, spec.linux, namespaces, &problems)
    if let process = spec.process { checkProcess(process, &problems) }
    if let hooks = spec.hooks { checkHooks(hooks, &problems) }
    checkForking(spec, &problems)
    checkNamespaces(spec, namespaces, &problems)
    checkSharedMountNamespace(spec, candidate.mountOptions, namespaces, &problems)
    guard let linux = spec.linux else { return problems }
    checkIDMappings(linux, spec.process?.user, namespaces, &problems)
    checkTimeOffsets(linux, namespaces, &problems)
    checkDevices(linux.devices ?? [], &problems)
    if let devices = linux.netDevices { checkNetDevices(devices, namespaces, &problems) }
    if let label = mountLabel(of: spec) { checkSELinuxLabel(label, at: "linux.mountLabel", &problems) }
    checkResources(linux.resources, &problems)
    if let parameters = linux.sysctl { checkSysctl(parameters, namespaces, &problems) }
    checkProtectedPaths(linux, &problems)
    if let rdt = linux.intelRdt { checkIntelRdt(rdt, &problems) }
    if let policy = linux.memoryPolicy { checkMemoryPolicy(policy, &problems) }
    if let seccomp = linux.seccomp { checkSeccomp(seccomp, &problems) }
    return problems
}

/// What the checks found so far.
struct ProblemList {
    private(set) var found: [SpecProblem] = []
    /// Whether there are more than are kept.
    private(set) var isCut = false
    /// Whose problems are not kept.
    private let shadows: Shadows?

    /// More than anybody reads: what a hostile configuration breaks beyond is not kept.
    private static let most = 1000

    init(notUnder shadows: Shadows? = nil) {
        self.shadows = shadows
    }

    mutating func add(_ path: @autoclosure () -> String, _ rule: @autoclosure () -> String) {
        guard found.count < ProblemList.most else { return isCut = true }
        let problem = SpecProblem(path(), rule())
        if let shadows, shadows.hide(problem.path, problem.rule) { return }
        found.append(problem)
    }

    /// A path that has to start with a slash.
    mutating func checkAbsolute(_ text: String, at path: @autoclosure () -> String) {
        if !isAbsolute(text) { add(path(), "must be absolute, is \(quoted(text))") }
    }

    /// A user or group id: 4294967295 is -1, which chown(2) and setresuid(2) take for "leave it as it is".
    mutating func checkID(_ id: UInt32?, at path: @autoclosure () -> String) {
        if id == UInt32.max { add(path(), "must be at most 4294967294, is 4294967295") }
    }

    /// The entries of an environment.
    mutating func checkEnvironment(_ entries: [String], at list: @autoclosure () -> String) {
        for (index, entry) in entries.enumerated() {
            let equals = entry.utf8.firstIndex(of: UInt8(ascii: "="))
            if equals == nil || equals == entry.utf8.startIndex { add(path(list(), index), "must be NAME=value, is \(quoted(entry))") }
        }
    }

    /// A list of numbers and ranges, as the kernel writes sets of CPUs and memory nodes.
    mutating func checkNumberList(_ list: String?, at path: @autoclosure () -> String) {
        if let list, !isNumberList(list) { add(path(), "must be a list such as 0-3,7, is \(quoted(list))") }
    }
}
