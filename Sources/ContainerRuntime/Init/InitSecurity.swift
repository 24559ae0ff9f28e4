import Kernel
import KernelABI
import Planning

func setNoNewPrivileges() throws(RuntimeError) {
    do {
        try Kernel.setNoNewPrivileges()
    } catch {
        throw RuntimeError(doing: "set no_new_privs", pointer: "process.noNewPrivileges", cause: error)
    }
}

/// The filter of the container's process, once the kernel has been asked whether it knows all of it.
///
/// It judges init's own calls from the moment it is in force. So it comes as late as possible (docs/decisions/0017-late-filter.md): after
/// the gate, with nothing but the startContainer hooks and execve(2) behind it. One with a listener comes right before `ready`, and with
/// `--strict` every one does.
struct SystemCallFilter {
    let hasListener: Bool
    let isInstalledAtCreate: Bool
    private let program: [BPFInstruction]
    private let flags: SeccompFlags

    /// Asks the kernel, so that what it does not know is an error of `create`.
    init(_ plan: SeccompPlan) throws(RuntimeError) {
        hasListener = plan.listener != nil
        isInstalledAtCreate = plan.isInstalledAtCreate
        program = plan.program
        let flags = hasListener ? plan.flags.union(.newListener) : plan.flags
        let preferred = flags.union(plan.flagsIfKnown)
        if try knows(preferred) {
            self.flags = preferred
        } else {
            guard try knows(flags) else {
                throw RuntimeError(.unsupported, "the kernel does not know \(try unknownFlag(of: flags))", pointer: "linux.seccomp.flags")
            }
            self.flags = flags
        }
        for action in plan.actions where !Kernel.knowsSeccompAction(action.result) {
            throw RuntimeError(.unsupported, "the kernel does not know \(action.action.rawValue)", pointer: action.origin)
        }
    }

    func install() throws(RuntimeError) {
        do {
            try Kernel.installFilter(program, flags: flags)
        } catch {
            throw RuntimeError(doing: "install the system call filter", pointer: "linux.seccomp", cause: error)
        }
    }

    /// Installs the filter and waits until the runtime has its listener.
    ///
    /// ORDER: until the listener is out of init's hands, nobody answers a notification, and a call that is notified waits for ever. The
    /// announcement is a write(2), which is never notified; by the time of any other call the runtime is on its way.
    func install(handingListenerOver sync: borrowing SyncSocket) throws(RuntimeError) {
        do throws(SyscallError) {
            let listener = try Kernel.installFilter(program, flags: flags, announcing: Checkpoint.listener.rawValue, on: sync.descriptor)
            var answer = try answerOfRuntime(on: sync)
            if answer == .listenerOutOfReach {
                try Kernel.sendDescriptor(listener.number, over: sync.descriptor, message: SyncMessage(.listener, listener: 0).bytes)
                answer = try answerOfRuntime(on: sync)
            }
            guard answer == .listenerTaken else { throw SyscallError("recvfrom", "sync socket", .EPROTO) }
        } catch {
            throw RuntimeError(doing: "install the system call filter", pointer: "linux.seccomp", cause: error)
        }
    }
}

private func answerOfRuntime(on sync: borrowing SyncSocket) throws(SyscallError) -> Checkpoint {
    // End of file: the runtime is gone.
    guard let message = try sync.receive() else { Kernel.exitNow(1) }
    return message.checkpoint
}

private func knows(_ flags: SeccompFlags) throws(RuntimeError) -> Bool {
    do {
        return try Kernel.knowsSeccompFlags(flags)
    } catch {
        throw RuntimeError(doing: "ask the kernel for system call filters", pointer: "linux.seccomp", cause: error)
    }
}

/// The name of a flag that the kernel does not know by itself.
private func unknownFlag(of flags: SeccompFlags) throws(RuntimeError) -> String {
    let names: [(SeccompFlags, String)] = [
        (.synchronizeThreads, "TSYNC"), (.log, "LOG"), (.allowSpeculation, "SPEC_ALLOW"), (.newListener, "NEW_LISTENER"),
        ([.newListener, .synchronizeThreads, .synchronizeThreadsOrFail], "TSYNC_ESRCH"),
        ([.newListener, .waitKillable], "WAIT_KILLABLE_RECV"),
    ]
    for (flag, name) in names where flags.isSuperset(of: flag) {
        if try !knows(flag) { return "SECCOMP_FILTER_FLAG_" + name }
    }
    return "these flags together"
}
