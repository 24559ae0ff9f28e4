import Kernel
import KernelABI
import Planning

// A process between the runtime and init, where a user namespace is joined, or made beside others that are joined (`SpawnPlan.usesMiddleProcess`).
//
// It makes init with CLONE_PARENT: init is the runtime's own child as ever, waited for and killed the same way. The middle process hands over init's
// pidfd and ends, before the runtime goes on. If the runtime is killed meanwhile, the middle process dies by its parent-death signal or ends by itself,
// and init reads the end of file where it waits for `hostReady`.

/// The middle process's own side: joins what is to be joined before the clone. Returns in init.
func runMiddleProcess(_ plan: ContainerPlan, _ inheritance: inout InitInheritance) {
    do {
        // ORDER: as long as its files in /proc belong to the runtime's user: those of a hidden process, as init will be from its first moment, belong to
        // root. Init inherits the score.
        if let adjustment = plan.identity.oomScoreAdjustment { try setOOMScore(adjustment, of: "self") }
        // ORDER: hidden before the first namespace is joined, because processes that are in there see it from then on (CVE-2016-9962).
        try hideFromOthers()
        try joinNamespaces(of: plan.spawn, &inheritance)
        if let child = try cloneInit(plan.spawn) {
            try handOver(child, over: inheritance.sync)
            Kernel.exitNow(0)
        }
    } catch {
        // If the runtime is gone there is nobody to tell.
        try? Kernel.send(inheritance.sync, SyncMessage(.failed, failure: error).bytes)
        Kernel.exitNow(1)
    }
}

/// The runtime's side: waits until the middle process is gone, and gives init.
///
/// - Throws: what the middle process failed with, or how it ended without a word; an init that it may have made reads the end of file then.
func receiveInit(from middle: borrowing Child, over sync: borrowing FileDescriptor) throws(RuntimeError) -> Child {
    let status: WaitStatus
    var message: ReceivedMessage?
    do throws(SyscallError) {
        status = try Kernel.wait(middle.pidfd)
        // ORDER: asked after its end. Init holds the other end of the socket too, so that one killed without a word leaves no end of file.
        let ready = try Kernel.poll([PollRequest(number: sync.number, events: .readable)], timeoutMilliseconds: 0)
        let hasMessage = ready.first?.contains(.readable) == true
        message = hasMessage ? try Kernel.receiveDescriptors(sync, limit: SyncMessage.longestMessage) : nil
    } catch {
        throw RuntimeError(doing: "wait for the process that makes init", pointer: "linux.namespaces", cause: error)
    }
    guard var message = message.take(), let word = SyncMessage(bytes: message.bytes) else {
        throw RuntimeError(.system, "the process that makes init \(status.words)", pointer: "linux.namespaces")
    }
    if let failure = word.failure { throw failure }
    guard status == .exited(code: 0), word.checkpoint == .initMade, let pidfd = message.descriptors.removeFirst() else {
        throw RuntimeError(.system, "the process that makes init is out of step: \(word.checkpoint)")
    }
    do {
        return Child(pid: try Kernel.processNumber(of: pidfd), pidfd: pidfd)
    } catch {
        try? Kernel.signal(pidfd, .SIGKILL)
        _ = try? Kernel.wait(pidfd)
        throw RuntimeError(doing: "look at init", cause: error)
    }
}

private func hideFromOthers() throws(RuntimeError) {
    do {
        try Kernel.setDumpable(false)
        try Kernel.setParentDeathSignal(.SIGKILL)
    } catch {
        throw RuntimeError(doing: "hide the process that makes init", cause: error)
    }
}

/// Joins all but the mount namespace, which is left to init.
///
/// What the host owns can be joined only as long as this process is in the runtime's user namespace; what belongs to the joined user namespace, by a
/// runtime without privileges only when it is in there. So what is refused first is left to init, which is born in there.
private func joinNamespaces(of plan: SpawnPlan, _ inheritance: inout InitInheritance) throws(RuntimeError) {
    var left = DescriptorList()
    var leftKinds: [CloneFlags] = []
    for kind in inheritance.joinKinds {
        guard let namespace = inheritance.joins.removeFirst() else { break }
        if kind != .newMount {
            do {
                try Kernel.setNamespace(namespace, kinds: kind)
                // A change of the user namespace may take both back (prctl(2), PR_SET_PDEATHSIG; /proc/sys/fs/suid_dumpable).
                if kind == .newUser {
                    try Kernel.setDumpable(false)
                    try Kernel.setParentDeathSignal(.SIGKILL)
                }
                continue
            } catch {
                guard error.errno == .EPERM, kind != .newUser else { throw cannotJoin(kind, of: plan.joins, error) }
            }
        }
        left.append(namespace)
        leftKinds.append(kind)
    }
    inheritance.joins = left
    inheritance.joinKinds = leftKinds
}

/// Gives init in the middle process, and `nil` in init.
private func cloneInit(_ plan: SpawnPlan) throws(RuntimeError) -> Child? {
    let outcome: CloneOutcome
    do {
        outcome = try Kernel.clone(CloneArguments(flags: plan.newNamespaces.union(.parent)))
    } catch {
        throw RuntimeError(doing: "clone the container's process", pointer: "linux.namespaces", cause: error)
    }
    switch consume outcome {
    case .parent(let child): return child
    case .child: return nil
    }
}

private func handOver(_ child: borrowing Child, over sync: borrowing FileDescriptor) throws(RuntimeError) {
    do {
        try Kernel.sendDescriptor(child.pidfd.number, over: sync, message: SyncMessage(.initMade).bytes)
    } catch {
        try? Kernel.signal(child.pidfd, .SIGKILL)
        throw RuntimeError(doing: "hand init over to the runtime", cause: error)
    }
}
