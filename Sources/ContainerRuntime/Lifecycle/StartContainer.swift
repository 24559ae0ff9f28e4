import Cgroups
import Kernel
import KernelABI
import OCISpec
import Planning

extension ContainerFactory {
    /// Opens the gate of a created container and waits until its program was executed.
    func start(id: String) throws(RuntimeError) {
        try ContainerFactory.checkID(id)
        let store = try StateDirectory.openLocked(root: root, id: id)
        let record = try ContainerRecord.read(in: store)
        let status = try record.observeStatus()
        guard Operation.start.isAllowed(in: status) else { throw cannotStart(status) }
        guard record.hasProgram else { throw RuntimeError(.invalidSpec, "must be set to start a container", pointer: "process") }
        guard let process = record.process, let pidfd = try record.openProcess() else { throw cannotStart(.stopped) }

        do {
            try openGate(in: store, process: process)
            if !record.poststart.isEmpty {
                let state = hookState(
                    id: id, status: .running, pid: process.pid, bundle: record.bundle, annotations: record.annotations)
                try runHooks(record.poststart, .poststart, state: state, place: .runtime(bundle: record.bundle))
            }
        } catch {
            // runtime, "Lifecycle" 7 and 9: a failing hook stops and destroys the container, and the poststop hooks run.
            try? destroy(record, pidfd: pidfd, store: store)
            throw error
        }
    }

    private func cannotStart(_ status: ContainerStatus) -> RuntimeError {
        switch status {
        case .stopped: RuntimeError(.wrongState, "cannot start a container that has stopped")
        case .running: RuntimeError(.wrongState, "cannot start an already running container")
        case .paused: RuntimeError(.wrongState, "cannot start a container in the paused state")
        case .creating, .created: RuntimeError(.wrongState, "cannot start a container that is \(status.rawValue)")
        }
    }

    /// Connects to init, which goes on then, and waits for the end of file that an execve leaves.
    ///
    /// The socket is a doorbell, not the truth: an init that is killed before its execve closes it just as an execve does. The truth is the
    /// flag PF_FORKNOEXEC in /proc/<pid>/stat, which the first execve clears. So a `start` that died half-way is repeated safely.
    private func openGate(in store: borrowing StateDirectory, process: ProcessIdentity) throws(RuntimeError) {
        let report: [UInt8]
        do {
            report = try Kernel.receive(Kernel.connect(StateDirectory.gateName, at: store.descriptor), limit: SyncMessage.longestMessage)
        } catch {
            throw RuntimeError(doing: "open the gate \(store.path)/\(StateDirectory.gateName)", cause: error)
        }
        if !report.isEmpty {
            throw SyncMessage(bytes: report)?.failure ?? RuntimeError(.system, "init left a report that cannot be read")
        }
        let now: ProcessStatus?
        do {
            now = try Kernel.processStatus(process.pid)
        } catch {
            throw RuntimeError(doing: "look at the container's process", cause: error)
        }
        // Reaped already: the program has ended as quickly as that.
        guard let now, now.startTime == process.startTime else { return }
        guard now.hasExecuted else { throw RuntimeError(.system, "init ended before the program was executed") }
    }
}
