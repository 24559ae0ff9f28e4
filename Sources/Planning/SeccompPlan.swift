public import KernelABI
public import OCISpec

/// The system call filter of the container's process.
public struct SeccompPlan: Sendable, Hashable {
    /// The profile, compiled.
    public var program: [BPFInstruction]
    /// What the profile does with a call that it does not name; for the description.
    public var defaultAction: LinuxSeccompAction
    /// What the kernel has to know.
    public var flags: SeccompFlags
    /// What is left out where the kernel does not know it.
    public var flagsIfKnown: SeccompFlags
    /// Actions of the profile that not every kernel has.
    public var actions: [SeccompAction]
    /// What init holds until it executes the program, besides the container's own capabilities, because the kernel asks for it.
    public var heldCapabilities: CapabilitySet
    /// Whether it is in force when `create` returns; if not, `start` installs it.
    public var isInstalledAtCreate: Bool
    /// Who decides about the calls that the profile notifies; `nil` if there are none.
    public var listener: SeccompListener?

    /// Creates the value from its properties.
    public init(
        program: [BPFInstruction], defaultAction: LinuxSeccompAction, flags: SeccompFlags, flagsIfKnown: SeccompFlags,
        actions: [SeccompAction], heldCapabilities: CapabilitySet, isInstalledAtCreate: Bool,
        listener: SeccompListener?
    ) {
        self.program = program
        self.defaultAction = defaultAction
        self.flags = flags
        self.flagsIfKnown = flagsIfKnown
        self.actions = actions
        self.heldCapabilities = heldCapabilities
        self.isInstalledAtCreate = isInstalledAtCreate
        self.listener = listener
    }
}

/// An action that the kernel has to know.
public struct SeccompAction: Sendable, Hashable {
    /// The action by its name in config.json.
    public var action: LinuxSeccompAction
    /// The JSON path, for example `linux.seccomp.syscalls[3].action`.
    public var origin: String

    /// Creates the value from its properties.
    public init(action: LinuxSeccompAction, origin: String) {
        self.action = action
        self.origin = origin
    }

    /// As filters return it.
    public var result: SeccompReturn { action.result }
}

/// Where notifications go.
public struct SeccompListener: Sendable, Hashable {
    /// The socket (AF_UNIX, SOCK_STREAM) of the one who decides, absolute.
    public var path: String
    /// What is passed on to him.
    public var metadata: String?

    /// Creates the value from its properties.
    public init(path: String, metadata: String?) {
        self.path = path
        self.metadata = metadata
    }
}

/// Plans the filter: compiles the profile, decides about the flags, and who may install it.
///
/// - Throws: `SpecProblem` for what cannot be compiled, would keep init from handing its listener over, or would be refused by the kernel.
///
/// See runtime-spec, config-linux, "Seccomp"; seccomp(2).
func planSeccomp(
    _ profile: LinuxSeccomp, _ process: Process, _ spawn: SpawnPlan, bundle: String, options: CreateOptions, syscalls: SyscallTable,
    on host: HostFacts,
    warnings: inout [String], notes: inout [String]
) throws(SpecProblem) -> SeccompPlan {
    let actions = actionsToAskFor(in: profile)
    let notifies = actions.contains { $0.action == .notify }
    if notifies { try checkAnnouncement(in: profile) }
    var listener: SeccompListener?
    if let path = profile.listenerPath, !path.isEmpty {
        if notifies {
            listener = SeccompListener(path: isAbsolute(path) ? path : bundle + "/" + path, metadata: profile.listenerMetadata)
        } else {
            notes.append("linux.seccomp.listenerPath: left out: no rule has SCMP_ACT_NOTIFY")
        }
    }
    return SeccompPlan(
        program: try compileSeccomp(profile, syscalls: syscalls),
        defaultAction: profile.defaultAction,
        flags: planFlags(profile.flags ?? [], notifies: notifies, warnings: &warnings),
        // As runc and crun do: a filter alone would switch on a mitigation that slows the program down.
        flagsIfKnown: profile.flags == nil ? .allowSpeculation : [],
        actions: actions,
        heldCapabilities: try planHeldCapabilities(process, spawn, on: host),
        // The one who listens is told by the runtime, which is gone at `start`. runtime, "Create" has all but `process` applied by create.
        isInstalledAtCreate: listener != nil || options.isStrict,
        listener: listener)
}

/// The kernel takes a filter from a process with CAP_SYS_ADMIN, or with no_new_privs.
///
/// Holding the capability longer than the container's process may have it gives the program nothing: without no_new_privs execve(2) computes
/// its sets from the bounding, inheritable and ambient ones alone. See capabilities(7), "Transformation of capabilities during execve()".
private func planHeldCapabilities(_ process: Process, _ spawn: SpawnPlan, on host: HostFacts) throws(SpecProblem) -> CapabilitySet {
    if process.noNewPrivileges ?? false { return [] }
    // Init has every capability in a user namespace that it makes or joins.
    guard spawn.hasUserNamespace || host.capabilities.contains(.sysAdmin) else {
        throw SpecProblem("linux.seccomp", "needs process.noNewPrivileges, because the runtime does not have CAP_SYS_ADMIN")
    }
    return CapabilitySet(.sysAdmin)
}

private func planFlags(_ words: [LinuxSeccompFlag], notifies: Bool, warnings: inout [String]) -> SeccompFlags {
    var flags: SeccompFlags = []
    for (index, word) in words.enumerated() {
        switch word {
        case .synchronizeThreads:
            // KERNEL: the call has one result, the listener or the thread that could not follow; with the second flag the thread is an error.
            flags.insert(notifies ? [.synchronizeThreads, .synchronizeThreadsOrFail] : .synchronizeThreads)
        case .log: flags.insert(.log)
        case .allowSpeculation: flags.insert(.allowSpeculation)
        case .waitKillable:
            if notifies {
                flags.insert(.waitKillable)
            } else {
                warnings.append("\(path("linux.seccomp.flags", index)): left out: no rule has SCMP_ACT_NOTIFY")
            }
        }
    }
    return flags
}

/// The first place of each action that came later than filters themselves.
private func actionsToAskFor(in profile: LinuxSeccomp) -> [SeccompAction] {
    var found: [SeccompAction] = []
    func add(_ action: LinuxSeccompAction, _ origin: @autoclosure () -> String) {
        guard action == .killProcess || action == .log || action == .notify, !found.contains(where: { $0.action == action }) else { return }
        found.append(SeccompAction(action: action, origin: origin()))
    }
    add(profile.defaultAction, "linux.seccomp.defaultAction")
    for (index, rule) in (profile.syscalls ?? []).enumerated() { add(rule.action, path("linux.seccomp.syscalls", index) + ".action") }
    return found
}

/// Refuses a profile under which init could not say that there is a listener.
private func checkAnnouncement(in profile: LinuxSeccomp) throws(SpecProblem) {
    func allows(_ action: LinuxSeccompAction) -> Bool { action == .allow || action == .log }
    var isNamed = false
    for rule in profile.syscalls ?? [] where rule.names.contains("write") {
        // With conditions on its arguments it may be allowed; the kernel has the last word.
        if allows(rule.action) { return }
        if (rule.args ?? []).isEmpty { isNamed = true }
    }
    guard isNamed || !allows(profile.defaultAction) else { return }
    throw SpecProblem("linux.seccomp.syscalls", "must allow \"write\", by which the listener of SCMP_ACT_NOTIFY is announced")
}

extension LinuxSeccompAction {
    /// As filters return it, without a number.
    fileprivate var result: SeccompReturn {
        switch self {
        case .kill, .killThread: .killThread
        case .killProcess: .killProcess
        case .trap: .trap
        case .errno: .errno
        case .trace: .trace
        case .allow: .allow
        case .log: .log
        case .notify: .notify
        }
    }
}
