import Cgroups
import Kernel
import KernelABI
import Planning

/// Descriptor 3 in init is always the sync socket.
private let syncNumber: Int32 = 3

/// The child's story, from the clone to the program, in the order of docs/ARCHITECTURE.md, "Create and start".
///
/// One thread, no stdio; ends with execve(2) or _exit(2).
func runInit(_ plan: ContainerPlan, _ inheritance: consuming InitInheritance) -> Never {
    let joinKinds = inheritance.joinKinds
    let entrances = inheritance.entrances
    var joins = DescriptorList()
    swap(&joins, &inheritance.joins)
    var mappedSources = DescriptorList()
    swap(&mappedSources, &inheritance.mappedSources)
    let gate = inheritance.gate
    let sync = beginInit(sync: inheritance.sync, gate: gate, joins: joins, mappedSources)
    switch prepareOrReport(
        plan, sync: sync, joins: &joins, mappedSources, joinKinds: joinKinds, entrances: entrances, gate: gate)
    {
    case .some(let program): program.waitForStart(plan)
    case .none: Kernel.exitNow(1)
    }
}

/// Ties init to its creator, and leaves it with the descriptors that it needs.
private func beginInit(
    sync: consuming FileDescriptor, gate: borrowing FileDescriptor, joins: borrowing DescriptorList,
    _ mappedSources: borrowing DescriptorList
) -> SyncSocket {
    do {
        try Kernel.setParentDeathSignal(.SIGKILL)
        try Kernel.resetSignals()
        return SyncSocket(try arrangeDescriptors(sync: sync, gate: gate, joins: joins, mappedSources))
    } catch {
        // There is no socket yet to say it on; the parent sees the end of file and this status.
        Kernel.exitNow(1)
    }
}

/// Prepares everything, says `ready` or what went wrong (then `nil`), and closes the sync socket.
private func prepareOrReport(
    _ plan: ContainerPlan, sync: consuming SyncSocket, joins: inout DescriptorList, _ mappedSources: consuming DescriptorList,
    joinKinds: [CloneFlags], entrances: [String],
    gate: consuming FileDescriptor
) -> ReadyProgram? {
    // Not send(2): a filter that is in force already allows write(2).
    let mayBeUnderFilter = plan.security.seccomp?.isInstalledAtCreate ?? false
    do {
        let program = try prepareContainer(
            plan, sync: sync, joins: &joins, mappedSources, joinKinds: joinKinds, entrances: entrances, gate: gate)
        if mayBeUnderFilter { try writeReady(to: sync) } else { try announce(.ready, on: sync) }
        return program
    } catch {
        // If the parent is gone there is nobody to tell.
        let report = SyncMessage(.failed, failure: error)
        if mayBeUnderFilter { try? Kernel.writeAll(sync.descriptor, report.bytes, subject: "sync socket") } else { try? sync.send(report) }
        return nil
    }
}

/// Moves the sync socket to descriptor 3 and closes all that init does not need: whatever the caller leaked, and the parent's lock.
private func arrangeDescriptors(
    sync: consuming FileDescriptor, gate: borrowing FileDescriptor, joins: borrowing DescriptorList,
    _ mappedSources: borrowing DescriptorList
) throws(SyscallError) -> FileDescriptor {
    var kept: [Int32] = [gate.number]
    for position in 0..<joins.count { kept.append(joins.number(at: position)) }
    for position in 0..<mappedSources.count { kept.append(mappedSources.number(at: position)) }
    if sync.number != syncNumber {
        // The parent opens descriptors in ascending order, and the socket last: 3 is free unless something to keep has it.
        guard !kept.contains(syncNumber) else { throw SyscallError("dup3", "descriptor 3 is taken", .EBUSY) }
        try Kernel.duplicate(sync.number, to: syncNumber, closeOnExec: true)
        _ = sync.release()
    } else {
        _ = sync.release()
    }
    kept.sort()
    var next = syncNumber + 1
    for number in kept {
        if number > next { try Kernel.closeRange(from: UInt32(next), through: UInt32(number - 1)) }
        next = number + 1
    }
    try Kernel.closeRange(from: UInt32(next))
    return FileDescriptor(adopting: syncNumber)
}

/// Everything between the clone and `ready`.
private func prepareContainer(
    _ plan: ContainerPlan, sync: borrowing SyncSocket, joins: inout DescriptorList, _ mappedSources: consuming DescriptorList,
    joinKinds: [CloneFlags], entrances: [String],
    gate: consuming FileDescriptor
) throws(RuntimeError) -> ReadyProgram {
    try wait(for: .hostReady, on: sync)
    if let offsets = plan.spawn.timeOffsets { try makeTimeNamespace(offsets, isHidden: plan.spawn.usesMiddleProcess) }
    try hide()
    try enterCgroup(entrances, plan: plan)
    try joinNamespaces(&joins, kinds: joinKinds, plan: plan.spawn.joins)

    let hasUserNamespace = plan.spawn.hasUserNamespace
    var rootfs = try RootfsBuilder(plan.rootfs, mappedSources: mappedSources)
    if hasUserNamespace {
        try rootfs.cloneSources()
        try becomeRoot(plan.spawn)
        if plan.spawn.makesIPCNamespaceAsRoot { try makeIPCNamespace() }
    }
    let proc = try openProc(for: plan)
    try beginSession(plan, through: proc)
    for step in plan.network { try carryOut(step) }

    // Modes in the plan are exact.
    _ = Kernel.setFileCreationMask(.none)
    try rootfs.makeMounts()
    try announce(.rootfsReady, on: sync)

    try wait(for: .hooksDone, on: sync)
    if !plan.hooks.createContainer.isEmpty {
        let state = hookState(
            id: plan.id, status: .creating, pid: Kernel.ownPID(), bundle: plan.bundle, annotations: plan.annotations)
        try runHooks(plan.hooks.createContainer, .createContainer, state: state, place: .container(directory: plan.rootfs.path))
    }
    try rootfs.protect()
    try rootfs.enter()
    for step in plan.settings { try carryOut(step, through: proc) }
    try setLabels(plan.security, through: proc)
    // The program waits without a descriptor of any file system.
    _ = consume proc

    try makeWorkingDirectory(plan.identity.cwd)
    if !hasUserNamespace { try setLimits(plan.identity.limits) }
    try setDomainAndMemory(plan.scheduling)
    // ORDER: while init is still the container's root, who may have a privilege for it.
    if !plan.scheduling.isSetFromOutside { try setScheduling(plan.scheduling) }
    _ = Kernel.setFileCreationMask(plan.identity.umask)
    let filter = try plan.security.seccomp.map { (plan) throws(RuntimeError) in try SystemCallFilter(plan) }
    try takeIdentity(plan.identity, holding: plan.security.seccomp?.heldCapabilities ?? [])
    if plan.security.noNewPrivileges { try setNoNewPrivileges() }
    try enterWorkingDirectory(plan.identity.cwd)
    var program = try ReadyProgram(plan, gate: gate)
    try disarm()
    if let filter {
        // ORDER: last, because it judges init's own calls. Most wait for `start`, see `ReadyProgram`.
        if filter.hasListener { try filter.install(handingListenerOver: sync) } else if filter.isInstalledAtCreate { try filter.install() }
        if !filter.isInstalledAtCreate { program.filter = filter }
    }
    return program
}

private func wait(for checkpoint: Checkpoint, on sync: borrowing SyncSocket) throws(RuntimeError) {
    do throws(SyscallError) {
        // End of file: the parent is gone, and with it the wish for this container.
        guard let message = try sync.receive() else { Kernel.exitNow(1) }
        guard message.checkpoint == checkpoint else { throw SyscallError("recvmsg", "sync socket", .EPROTO) }
    } catch {
        throw RuntimeError(doing: "wait for the runtime", cause: error)
    }
}

private func announce(_ checkpoint: Checkpoint, on sync: borrowing SyncSocket) throws(RuntimeError) {
    do {
        try sync.send(SyncMessage(checkpoint))
    } catch {
        throw RuntimeError(doing: "tell the runtime that \(checkpoint)", cause: error)
    }
}

private func writeReady(to sync: borrowing SyncSocket) throws(RuntimeError) {
    do {
        try Kernel.writeAll(sync.descriptor, SyncMessage(.ready).bytes, subject: "sync socket")
    } catch {
        throw RuntimeError(doing: "tell the runtime that \(Checkpoint.ready)", cause: error)
    }
}

/// From here on nothing in the container may trace init, read its memory or open its descriptors and program through /proc.
///
/// ORDER: after `hostReady`, because an unprivileged parent may write the id maps of a process that is dumpable only; before anything is
/// joined, because processes that are there already see init from then on (CVE-2019-5736, CVE-2016-9962).
/// A change of the user may take it back (see /proc/sys/fs/suid_dumpable), so `becomeRoot` and `takeIdentity` do it again.
private func hide() throws(RuntimeError) {
    do {
        try Kernel.setDumpable(false)
    } catch {
        throw RuntimeError(doing: "hide init from other processes", cause: error)
    }
}

private func enterCgroup(_ entrances: [String], plan: ContainerPlan) throws(RuntimeError) {
    do {
        try Cgroups.enterCgroup(entrances)
    } catch {
        throw RuntimeError(doing: "enter the cgroup", pointer: "linux.cgroupsPath", cause: error)
    }
    guard plan.spawn.makesCgroupNamespace else { return }
    do {
        // ORDER: after entering, or the caller's cgroup would be the namespace's root.
        try Kernel.unshare(.newCgroup)
    } catch {
        throw RuntimeError(doing: "make a cgroup namespace", pointer: "linux.namespaces", cause: error)
    }
}

private func joinNamespaces(_ joins: inout DescriptorList, kinds: [CloneFlags], plan: [NamespaceJoin]) throws(RuntimeError) {
    for kind in kinds {
        guard let namespace = joins.removeFirst() else { return }
        do {
            try Kernel.setNamespace(namespace, kinds: kind)
        } catch {
            throw cannotJoin(kind, of: plan, error)
        }
    }
}

func cannotJoin(_ kind: CloneFlags, of plan: [NamespaceJoin], _ cause: SyscallError) -> RuntimeError {
    let step = plan.first { $0.kind == kind }
    return RuntimeError(doing: "join the namespace \(step?.path ?? "")", pointer: step?.origin, cause: cause)
}

private func becomeRoot(_ spawn: SpawnPlan) throws(RuntimeError) {
    do throws(SyscallError) {
        // A group list of the caller would mean other groups inside. Where setgroups(2) is denied it cannot be cleared, nor misused.
        do { try Kernel.setGroups([]) } catch { guard error.errno == .EPERM else { throw error } }
        try Kernel.setGroupIDs(real: 0, effective: 0, saved: 0)
        try Kernel.setUserIDs(real: 0, effective: 0, saved: 0)
        try Kernel.setDumpable(false)
        // Changing the user clears the parent-death signal.
        try Kernel.setParentDeathSignal(.SIGKILL)
    } catch {
        let pointer = spawn.joins.first { $0.kind == .newUser }?.origin ?? "linux.uidMappings"
        throw RuntimeError(doing: "become root of the user namespace", pointer: pointer, cause: error)
    }
}

/// ORDER: as root of the user namespace, whom the top folder of the message queues then belongs to; after the clone it is the runtime's user,
/// and setting its label fails (EPERM). See `makesIPCNamespaceAsRoot`.
private func makeIPCNamespace() throws(RuntimeError) {
    do {
        try Kernel.unshare(.newIPC)
    } catch {
        throw RuntimeError(doing: "make an IPC namespace", pointer: "linux.namespaces", cause: error)
    }
}

private func beginSession(_ plan: ContainerPlan, through proc: borrowing ProcHandle?) throws(RuntimeError) {
    if plan.identity.makesSessionKeyring, let label = plan.security.selinuxLabel { try labelKeyrings(label, through: proc) }
    do {
        try Kernel.newSession()
        if plan.identity.makesSessionKeyring { try makeSessionKeyring("_ses.\(plan.id)") }
    } catch {
        throw RuntimeError(doing: "begin a session", cause: error)
    }
}

private func makeSessionKeyring(_ name: String) throws(SyscallError) {
    do {
        _ = try Kernel.joinSessionKeyring(name)
    } catch {
        // A kernel without keyrings has none to share with the host.
        guard error.errno == .ENOSYS else { throw error }
    }
}

private func carryOut(_ step: NetworkStep) throws(RuntimeError) {
    switch step {
    case .setLoopbackUp:
        do {
            try Kernel.bringLoopbackUp()
        } catch {
            throw RuntimeError(doing: "set the loopback interface up", cause: error)
        }
    }
}

private func carryOut(_ step: SettingStep, through proc: borrowing ProcHandle?) throws(RuntimeError) {
    switch step {
    case .hostname(let name):
        do {
            try Kernel.setHostname(name)
        } catch {
            throw RuntimeError(doing: "set the host name \(name)", pointer: "hostname", cause: error)
        }
    case .domainname(let name):
        do {
            try Kernel.setDomainname(name)
        } catch {
            throw RuntimeError(doing: "set the domain name \(name)", pointer: "domainname", cause: error)
        }
    case .sysctl(let name, let value, let origin):
        do {
            try write(value, to: "sys/\(name)", through: proc)
        } catch {
            throw RuntimeError(
                doing: "set \(name) to \(value)", pointer: origin, cause: error,
                remark: error.errno == .ENOENT ? "this kernel has no such parameter" : nil)
        }
    }
}

/// The private procfs, where a sysctl or a label needs it.
private func openProc(for plan: ContainerPlan) throws(RuntimeError) -> ProcHandle? {
    guard let pointer = reasonForProc(plan) else { return nil }
    do {
        return try ProcHandle()
    } catch {
        throw RuntimeError(doing: "mount a private procfs", pointer: pointer, cause: error)
    }
}

private func reasonForProc(_ plan: ContainerPlan) -> String? {
    if plan.security.selinuxLabel != nil { return "process.selinuxLabel" }
    if plan.security.apparmorProfile != nil { return "process.apparmorProfile" }
    for step in plan.settings { if case .sysctl = step { return "linux.sysctl" } }
    return nil
}

/// From here on init outlives its creator, and ends on TERM, INT and HUP: as PID 1 it would not without handlers.
private func disarm() throws(RuntimeError) {
    do {
        try Kernel.exitOnTermination()
        try Kernel.setParentDeathSignal(nil)
    } catch {
        throw RuntimeError(doing: "let go of the runtime", cause: error)
    }
}
