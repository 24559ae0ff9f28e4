import JSON
import KernelABI

/// A plan as text, one step a line: the phase, then the step. What `create --dry-run` prints and what the golden files hold.
///
/// The lines stand in the order in which the steps are carried out, so a phase may come more than once:
///
///     spawn    clone pid,network,mount
///     rootfs   attach proc at /proc nosuid,noexec,nodev
///     hooks    createRuntime /usr/bin/net-setup
///     rootfs   mask /proc/kcore
public struct PlanDescription: Sendable, Hashable {
    /// One line.
    public struct Line: Sendable, Hashable, CustomStringConvertible {
        /// The phase: `spawn`, `cgroup`, `rdt`, `network`, `rootfs`, `settings`, `identity`, `security`, `program`, `hooks`, `warning` or `note`.
        public let phase: String
        /// What is done, with all its values.
        public let step: String

        /// The line without a line feed: the phase in a column of eight, a space, the step.
        public var description: String {
            let missing = max(0, phaseWidth - phase.utf8.count)
            return phase + String(repeating: " ", count: missing) + " " + step
        }
    }

    /// The lines in the order of execution.
    public private(set) var lines: [Line] = []

    /// Describes `plan`.
    public init(_ plan: ContainerPlan) {
        describe(plan.cgroup)
        if let rdt = plan.rdt { describe(rdt) }
        describe(plan.spawn, plan.identity, plan.netDevices)
        describe(rootOf: plan.rootfs)
        if plan.identity.makesSessionKeyring {
            add("identity", "session keyring" + (plan.security.selinuxLabel.map { " labelled \(shown($0))" } ?? ""))
        }
        for step in plan.network { describe(step) }
        for step in plan.rootfs.mounts { describe(step) }
        describe(plan.hooks.prestart, "prestart")
        describe(plan.hooks.createRuntime, "createRuntime")
        // The runtime sets them from outside where init is root of a user namespace only.
        let hasUserNamespace = plan.spawn.hasUserNamespace
        if hasUserNamespace { describe(plan.identity.limits) }
        describe(plan.hooks.createContainer, "createContainer")
        describe(protectionOf: plan.rootfs)
        describe(entryOf: plan.rootfs)
        for step in plan.settings { describe(step) }
        describe(labelsOf: plan.security)
        if !hasUserNamespace { describe(plan.identity.limits) }
        describe(memoryOf: plan.scheduling)
        if !plan.scheduling.isSetFromOutside { describe(plan.scheduling) }
        describe(plan.identity)
        if plan.security.noNewPrivileges { add("security", "no_new_privs") }
        add("identity", "cwd \(shown(plan.identity.cwd))")
        if let seccomp = plan.security.seccomp { describe(seccomp) }
        if plan.scheduling.isSetFromOutside { describe(plan.scheduling) }
        describe(plan.hooks.startContainer, "startContainer")
        if let program = plan.program { describe(program) }
        describe(plan.hooks.poststart, "poststart")
        describe(plan.hooks.poststop, "poststop")
        for warning in plan.warnings { add("warning", warning) }
        for note in plan.notes { add("note", note) }
    }

    /// All lines, each with a line feed.
    public var text: String {
        var text = ""
        for line in lines { text += line.description + "\n" }
        return text
    }

    private mutating func add(_ phase: String, _ step: String) {
        lines.append(Line(phase: phase, step: step))
    }
}

private let phaseWidth = 8

// MARK: Spawn, cgroup, network

extension PlanDescription {
    private mutating func describe(_ spawn: SpawnPlan, _ identity: IdentityPlan, _ netDevices: [NetDeviceMove]) {
        // Joined by the runtime around the clone; all others by the child, or by the process that makes it.
        for join in spawn.joins where join.kind == .newPID { describe(join) }
        if spawn.usesMiddleProcess {
            add("spawn", "clone a middle process")
            for join in spawn.joins where join.isForMiddleProcess { describe(join) }
        }
        add("spawn", "clone \(spawn.newNamespaces.isEmpty ? "without namespaces" : spawn.newNamespaces.words)")
        if let mapping = spawn.expectedMapping {
            for line in mapping.uids { add("spawn", "expect uids \(line.line)") }
            for line in mapping.gids { add("spawn", "expect gids \(line.line)") }
        }
        if let mapping = spawn.userMapping {
            if !mapping.allowsSetGroups { add("spawn", "deny setgroups") }
            for line in mapping.gids { add("spawn", "map gids \(line.line)") }
            for line in mapping.uids { add("spawn", "map uids \(line.line)") }
        }
        for device in netDevices {
            add("network", "move \(device.hostName) inside as \(device.name.text), with its addresses, and set it up")
        }
        if let score = identity.oomScoreAdjustment { add("identity", "oom_score_adj \(score)") }
        if let offsets = spawn.timeOffsets {
            add("spawn", "unshare time")
            for offset in offsets { add("spawn", "set \(offset.clock) off by \(offset.seconds) s \(offset.nanoseconds) ns") }
        }
        if spawn.makesCgroupNamespace { add("spawn", "unshare cgroup once inside the cgroup") }
        for join in spawn.joins where join.kind != .newPID && !(spawn.usesMiddleProcess && join.isForMiddleProcess) { describe(join) }
        if spawn.makesIPCNamespaceAsRoot { add("spawn", "unshare ipc as root of the user namespace") }
    }

    private mutating func describe(_ join: NamespaceJoin) {
        add("spawn", "join \(join.kind.words) \(shown(join.path))\(join.ifOwn == .share ? "" : " (refused if the runtime's own)")")
    }

    private mutating func describe(_ cgroup: CgroupPlan) {
        for directory in cgroup.handle.hierarchies {
            add("cgroup", "v1 \(directory.controllers.joined(separator: ",")) \(shown(directory.absolutePath))")
        }
        if let unified = cgroup.handle.unified { add("cgroup", "v2 \(shown(unified.absolutePath))") }
        if let unit = cgroup.unit {
            add("cgroup", "unit \(shown(unit.unit.name)) of \(unit.unit.isUser ? "the user's" : "the machine's") systemd")
            for property in unit.properties { add("cgroup", "property \(property.name)=\(shown(busText(property.value)))") }
        }
        for write in cgroup.writes {
            add("cgroup", "write \(shown(write.file)) \(shown(write.value))\(write.ifMissing.words)")
        }
        if let devices = cgroup.devices { describe(devices) }
        if let owner = cgroup.owner { add("cgroup", "give v2 to user \(owner), with the files that the kernel names for delegation") }
    }

    /// The tests are shown and not the instructions that they become.
    private mutating func describe(_ devices: DeviceProgram) {
        for test in devices.tests { add("cgroup", "device \(test.allows ? "allow" : "deny") \(test.text)") }
        let program = devices.instructions.isEmpty ? "no program" : "program of \(devices.instructions.count) instructions"
        let condition = devices.ifMissing == .ignore ? ", if the kernel has such programs" : ""
        add("cgroup", "device \(devices.allowsOtherwise ? "allow" : "deny") otherwise: \(program)\(condition)")
    }

    private mutating func describe(_ rdt: RdtPlan) {
        let end = rdt.isRemovedWithContainer ? ", removed with the container if made" : ""
        add(
            "rdt",
            "group \(shown(rdt.group.isEmpty ? "/" : rdt.group)) \(rdt.ifMissing == .make ? "made if missing" : "has to be there")\(end)")
        if let monitor = rdt.monitor { add("rdt", "make monitoring group \(shown(monitor))") }
        for schema in rdt.schemata { add("rdt", "write schemata \(shown(schema.text)) (a group that is there has to have it)") }
    }

    private mutating func describe(_ step: NetworkStep) {
        switch step {
        case .setLoopbackUp: add("network", "set lo up")
        }
    }
}

// MARK: Root file system

extension PlanDescription {
    private mutating func describe(rootOf rootfs: RootfsPlan) {
        if rootfs.entry == .detach { add("rootfs", "unshare mount until the root is entered") }
        add("rootfs", "make inherited mounts \(rootfs.inheritedPropagation.propagationWord)")
        add("rootfs", "prepare \(shown(rootfs.path))")
    }

    private mutating func describe(entryOf rootfs: RootfsPlan) {
        switch rootfs.entry {
        case .pivot: add("rootfs", "pivot to \(shown(rootfs.path))")
        case .move: add("rootfs", "move \(shown(rootfs.path)) over / and chroot")
        case .detach:
            add("rootfs", "copy \(shown(rootfs.path)) as a detached tree")
            add("rootfs", "return to the runtime's mount namespace and chroot to the copy")
        }
        if let propagation = rootfs.rootPropagation { add("rootfs", "make / \(propagation.propagationWord)") }
    }

    private mutating func describe(protectionOf rootfs: RootfsPlan) {
        for step in rootfs.protections {
            switch step {
            case .makeReadOnly(let path, _): add("rootfs", "make \(shown(path)) read-only")
            case .mask(let path, _): add("rootfs", "mask \(shown(path))")
            }
        }
        if rootfs.isReadOnly { add("rootfs", "make / read-only") }
    }

    private mutating func describe(_ step: RootfsStep) {
        switch step {
        case .attach(let mount): describe(mount)
        case .bind(let mount): describe(mount)
        case .reconfigure(let mount): describe(mount)
        case .attachCgroupHierarchies(let mount): describe(mount)
        case .makeNode(let node): describe(node)
        case .makeLink(let link): add("rootfs", "link \(shown(link.path)) to \(shown(link.target))\(link.replaces ? " (replacing)" : "")")
        }
    }

    private mutating func describe(_ mount: FilesystemMount) {
        var step = "attach \(shown(mount.type)) at \(shown(mount.target))"
        if let source = mount.source, source != mount.type { step += " from \(shown(source))" }
        var words = mount.flags.words + mount.parameters
        if case .option(let label) = mount.label { words.append("context=\(label)") }
        step += options(words, mount.propagation)
        if case .bind(let source) = mount.ifRefused { step += " (else bind \(shown(source)))" }
        if mount.takesMode { step += " (mode of the target)" }
        if mount.copiesUp { step += " (with a copy of what it hides)" }
        if case .attribute(let label) = mount.label { step += " (labelled \(shown(label)))" }
        add("rootfs", step + mount.targetPolicy.clause)
    }

    private mutating func describe(_ mount: BindMount) {
        add(
            "rootfs",
            "\(mount.isRecursive ? "rbind" : "bind") \(shown(mount.source)) at \(shown(mount.target))"
                + options(mount.set.words + mount.clear.clearingWords + treeWords(mount.tree), mount.propagation)
                + mount.targetPolicy.clause + mount.sourceLink.clause + (mount.idMap?.clause ?? ""))
    }

    private func treeWords(_ tree: TreeChange?) -> [String] {
        guard let change = tree?.change else { return [] }
        return (change.set.words + change.clear.clearingWords).map { "r" + $0 }
    }

    private mutating func describe(_ mount: MountReconfiguration) {
        add(
            "rootfs",
            "\(mount.changesFilesystem ? "remount file system" : "remount") at \(shown(mount.target))"
                + options(mount.set.words + mount.clear.clearingWords + mount.parameters + treeWords(mount.tree), mount.propagation))
    }

    private mutating func describe(_ mount: CgroupHierarchiesMount) {
        add("rootfs", "attach cgroup hierarchies at \(shown(mount.target))" + options(mount.flags.words, mount.propagation))
        for view in mount.views {
            switch view.content {
            case .bind(let source): add("rootfs", "bind \(shown(source)) at \(shown(mount.target + "/" + view.name))")
            case .mount(let options): add("rootfs", "attach cgroup at \(shown(mount.target + "/" + view.name)) \(shown(options))")
            }
        }
        for link in mount.links { add("rootfs", "link \(shown(mount.target + "/" + link.path)) to \(shown(link.target))") }
    }

    private mutating func describe(_ node: DeviceNode) {
        let kind =
            switch node.type {
            case .characterDevice: "character device \(node.device)"
            case .blockDevice: "block device \(node.device)"
            default: "named pipe"
            }
        let owner = node.uid == 0 && node.gid == 0 ? "" : " owner \(node.uid):\(node.gid)"
        add(
            "rootfs",
            node.bindsHostNode
                ? "bind node \(shown(node.path)) \(kind)" : "make node \(shown(node.path)) \(kind) mode \(node.permissions.octal)\(owner)")
    }

    /// The options as one word after a space, the propagation behind them.
    private func options(_ words: [String], _ propagation: [MountFlags]) -> String {
        let words = words + propagation.map(\.propagationWord)
        return words.isEmpty ? "" : " " + words.map(shown).joined(separator: ",")
    }
}

extension NetDeviceName {
    /// As config.json has it.
    fileprivate var text: String {
        switch self {
        case .exactly(let name): name
        case .numbered(let prefix, let suffix): "\(prefix)%d\(suffix)"
        }
    }
}

extension TargetPolicy {
    fileprivate var clause: String {
        switch self {
        case .anywhere: ""
        case .realDirectory: " (real directory)"
        case .insideProc: " (inside procfs)"
        case .noFollow: " (a link at the target is not followed)"
        }
    }
}

extension SourceLinkPolicy {
    fileprivate var clause: String {
        switch self {
        case .follow: ""
        case .keep: " (a link at the source is not followed)"
        case .copy: " (a link at the source is made anew)"
        }
    }
}

extension MountIDMap {
    fileprivate var clause: String {
        let mapped = isRecursive ? "owners mapped in the whole tree" : "owners mapped"
        switch users {
        case .namespace(let path): return " (\(mapped) as in \(shown(path)))"
        case .mapping(let mapping):
            let uids = mapping.uids.map(\.line).joined(separator: ", ")
            let gids = mapping.gids.map(\.line).joined(separator: ", ")
            return " (\(mapped), uids \(uids), gids \(gids))"
        }
    }
}

// MARK: Settings, identity, program, hooks

extension PlanDescription {
    private mutating func describe(_ step: SettingStep) {
        switch step {
        case .hostname(let name): add("settings", "hostname \(shown(name))")
        case .domainname(let name): add("settings", "domainname \(shown(name))")
        case .sysctl(let name, let value, _): add("settings", "sysctl \(shown(name)) \(shown(value))")
        }
    }

    private mutating func describe(_ limits: [LimitStep]) {
        for limit in limits {
            add("identity", "limit \(limit.limit.name) soft \(limitWord(limit.soft)) hard \(limitWord(limit.hard))")
        }
    }

    private mutating func describe(_ identity: IdentityPlan) {
        let sets = identity.capabilities
        describe(sets.bounding, "bounding")
        let groups = identity.additionalGids.map { $0.isEmpty ? "no groups" : "groups " + $0.map { "\($0)" }.joined(separator: ",") }
        add("identity", "uid \(identity.uid) gid \(identity.gid) \(groups ?? "groups kept") umask \(identity.umask.octal)")
        describe(sets.permitted, "permitted")
        describe(sets.effective, "effective")
        if !sets.inheritable.isEmpty { describe(sets.inheritable, "inheritable") }
        if !sets.ambient.isEmpty { describe(sets.ambient, "ambient") }
    }

    private mutating func describe(_ set: CapabilitySet, _ name: String) {
        let words = set == .all ? "all" : set.isEmpty ? "none" : set.capabilities.map(\.shortName).joined(separator: ",")
        add("identity", "capabilities \(name) \(words)")
    }

    private mutating func describe(_ seccomp: SeccompPlan) {
        var step = "seccomp \(seccomp.program.count) instructions, else \(seccomp.defaultAction.rawValue)"
        if !seccomp.flags.isEmpty { step += ", flags \(seccomp.flags.words)" }
        if !seccomp.flagsIfKnown.isEmpty { step += ", flags \(seccomp.flagsIfKnown.words) if known" }
        let held = seccomp.heldCapabilities
        if !held.isEmpty { step += ", held until execve: \(held.capabilities.map(\.shortName).joined(separator: ","))" }
        step += seccomp.isInstalledAtCreate ? ", at create" : ", at start"
        add("security", step)
        guard let listener = seccomp.listener else { return }
        let metadata = listener.metadata.map { " with metadata \(shown($0))" } ?? ""
        add("security", "seccomp listener to \(shown(listener.path))\(metadata)")
    }

    private mutating func describe(_ program: ProgramPlan) {
        for variable in program.environment { add("program", "env \(shown(variable))") }
        if program.needsHome { add("program", "env HOME from the container's passwd") }
        add("program", "search \(program.searchPath.isEmpty ? "nowhere" : program.searchPath.map(shown).joined(separator: ":"))")
        add("program", "execute " + program.arguments.map(shown).joined(separator: " "))
    }

    private mutating func describe(_ hooks: [HookStep], _ list: String) {
        for hook in hooks {
            let arguments = hook.arguments.dropFirst().map { " " + shown($0) }.joined()
            let timeout = hook.timeoutSeconds.map { ", at most \($0) s" } ?? ""
            add("hooks", "\(list) \(shown(hook.path))\(arguments)\(timeout)")
        }
    }

    private mutating func describe(labelsOf security: SecurityPlan) {
        if let profile = security.apparmorProfile { add("security", "apparmor profile \(shown(profile)) on exec") }
        if let label = security.selinuxLabel { add("security", "selinux label \(shown(label)) on exec") }
    }

    private func limitWord(_ value: UInt64) -> String {
        value == ResourceLimit.infinity ? "unlimited" : "\(value)"
    }
}

// MARK: Scheduling

extension PlanDescription {
    private mutating func describe(memoryOf scheduling: SchedulingPlan) {
        if let domain = scheduling.domain { add("identity", "personality \(domain.name)") }
        if let memory = scheduling.memory { add("identity", "memory policy \(memory.words)") }
    }

    private mutating func describe(_ scheduling: SchedulingPlan) {
        if let processor = scheduling.processor { add("identity", "scheduler \(processor.words)") }
        guard let priority = scheduling.inputOutput else { return }
        add("identity", "io priority \(priority.class.name) \(priority.level)")
    }
}

// MARK: Words

/// The text as it is, or in quotes if it is empty or holds spaces or control characters.
private func shown(_ text: String) -> String {
    let isPlain = !text.isEmpty && text.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7f && $0 != UInt8(ascii: "\"") }
    return isPlain ? text : "\"\(escapedForMessage(text))\""
}

extension CloneFlags {
    /// The kinds of namespaces in the words of config.json.
    fileprivate var words: String {
        let names: [(CloneFlags, String)] = [
            (.newUser, "user"), (.newMount, "mount"), (.newPID, "pid"), (.newNetwork, "network"), (.newIPC, "ipc"), (.newUTS, "uts"),
            (.newCgroup, "cgroup"), (.newTime, "time"),
        ]
        return names.filter { contains($0.0) }.map(\.1).joined(separator: ",")
    }
}

extension SeccompFlags {
    fileprivate var words: String {
        let names: [(SeccompFlags, String)] = [
            (.synchronizeThreads, "TSYNC"), (.log, "LOG"), (.allowSpeculation, "SPEC_ALLOW"), (.synchronizeThreadsOrFail, "TSYNC_ESRCH"),
            (.waitKillable, "WAIT_KILLABLE_RECV"),
        ]
        return names.filter { contains($0.0) }.map(\.1).joined(separator: ",")
    }
}

extension MountFlags {
    /// The options that set these flags.
    fileprivate var words: [String] { MountFlags.options.filter { contains($0.flag) }.map(\.set) }

    /// The options that clear these flags.
    fileprivate var clearingWords: [String] { MountFlags.options.filter { contains($0.flag) }.map(\.clear) }

    private static var options: [(flag: MountFlags, set: String, clear: String)] {
        [
            (.readOnly, "ro", "rw"), (.noSuid, "nosuid", "suid"), (.noDev, "nodev", "dev"), (.noExec, "noexec", "exec"),
            (.noSymFollow, "nosymfollow", "symfollow"), (.noAccessTime, "noatime", "atime"),
            (.relativeAccessTime, "relatime", "norelatime"), (.strictAccessTime, "strictatime", "nostrictatime"),
            (.noDirectoryAccessTime, "nodiratime", "diratime"), (.synchronous, "sync", "async"), (.dirSync, "dirsync", "nodirsync"),
            (.lazyTime, "lazytime", "nolazytime"), (.iVersion, "iversion", "noiversion"), (.mandatoryLock, "mand", "nomand"),
            (.silent, "silent", "loud"),
        ]
    }

    /// The propagation as an option.
    fileprivate var propagationWord: String {
        let kinds: [(MountFlags, String)] = [(.shared, "shared"), (.slave, "slave"), (.private, "private"), (.unbindable, "unbindable")]
        let word = kinds.first { contains($0.0) }?.1 ?? ""
        return (contains(.recursive) ? "r" : "") + word
    }
}

extension FileMode {
    /// Four octal digits.
    fileprivate var octal: String {
        let digits = String(rawValue, radix: 8)
        return String(repeating: "0", count: max(0, 4 - digits.utf8.count)) + digits
    }
}

extension Capability {
    /// The name as commands write it: `net_bind_service`.
    fileprivate var shortName: String { name.dropFirst("CAP_".count).lowercased() }
}

extension MissingFilePolicy {
    /// Behind the line of a write.
    fileprivate var words: String {
        switch self {
        case .fail: ""
        case .ignore: " if there"
        case .instead(let file, let value): " or else \(shown(file)) \(shown(value))"
        }
    }
}

/// A value of D-Bus for people: `[[/dev/char/1:3, rwm]]`.
private func busText(_ value: BusValue) -> String {
    switch value {
    case .byte(let number): String(number)
    case .boolean(let truth): truth ? "true" : "false"
    case .int16(let number): String(number)
    case .uint16(let number): String(number)
    case .int32(let number): String(number)
    case .uint32(let number): String(number)
    case .int64(let number): String(number)
    case .uint64(let number): number == .max ? "infinity" : String(number)
    case .double(let number): String(number)
    case .string(let text), .objectPath(let text), .signature(let text): text
    case .array(_, let values), .structure(let values): "[" + values.map(busText).joined(separator: ", ") + "]"
    case .entry(let key, let value): busText(key) + ": " + busText(value)
    case .variant(let value): busText(value)
    }
}
