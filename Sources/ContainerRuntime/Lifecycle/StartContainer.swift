import Cgroups
import JSON
import Kernel
import KernelABI
import OCISpec
import Planning

extension ContainerFactory {
    /// Runs the program of a created container and returns when it was executed: `Container.start` for a caller that has only the id.
    public func start(id: String) throws(RuntimeError) {
        try start(id: id, only: nil, cancellation: .none)
    }

    /// Opens the gate of a created container and waits until its program was executed.
    ///
    /// - Throws: `RuntimeError`. If the gate could not be opened the container is as it was; if something failed behind it, it is gone.
    ///
    /// - Parameter only: the container's process, where the caller means no other container that has got the id since.
    func start(id: String, only expected: ProcessIdentity?, cancellation: Cancellation) throws(RuntimeError) {
        try ContainerFactory.checkID(id)
        let store = try StateDirectory.openLocked(root: root, id: id)
        let record = try ContainerRecord.read(in: store)
        if let expected, record.process != expected { throw cannotStart(.stopped) }
        let status = try record.observeStatus()
        guard Operation.start.isAllowed(in: status) else { throw cannotStart(status) }
        guard record.hasProgram else {
            throw located(RuntimeError(.invalidSpec, "must be set to start a container", pointer: "process"), in: store)
        }
        guard let process = record.process, let pidfd = try record.openProcess() else { throw cannotStart(.stopped) }

        let connection = try openGate(of: record, in: store)
        do {
            try awaitProgram(of: process, root: record.rootfs, on: connection, cancellation: cancellation)
            if !record.poststart.isEmpty {
                let state = hookState(
                    id: id, status: .running, pid: process.pid, bundle: record.bundle, annotations: record.annotations)
                try runHooks(
                    record.poststart, .poststart, state: state, place: .runtime(bundle: record.bundle), cancellation: cancellation)
            }
        } catch {
            // runtime, "Lifecycle" 7 and 9: a failing hook stops and destroys the container, and the poststop hooks run.
            let failure = located(error, in: store)
            try? destroy(record, pidfd: pidfd, store: store)
            throw failure
        }
    }

    /// With line and column in the configuration as it was at create.
    private func located(_ error: RuntimeError, in store: borrowing StateDirectory) -> RuntimeError {
        guard error.pointer != nil, error.line == nil,
            let config = try? Kernel.readFile(StateDirectory.configName, at: store.descriptor, limit: JSONLimits.configuration.size)
        else { return error }
        return error.located(in: config)
    }

    private func cannotStart(_ status: ContainerStatus) -> RuntimeError {
        switch status {
        case .stopped: RuntimeError(.wrongState, "cannot start a container that has stopped")
        case .running: RuntimeError(.wrongState, "cannot start an already running container")
        case .paused: RuntimeError(.wrongState, "cannot start a container in the paused state")
        case .creating, .created: RuntimeError(.wrongState, "cannot start a container that is \(status.rawValue)")
        }
    }

    /// Connects to init, which goes on then.
    private func openGate(of record: ContainerRecord, in store: borrowing StateDirectory) throws(RuntimeError) -> FileDescriptor {
        do {
            return try Kernel.connect(StateDirectory.gateName, at: store.descriptor)
        } catch {
            // Init has ended since we looked, or has executed the program for a `start` that was killed before us.
            if error.errno == .ECONNREFUSED { throw cannotStart(try record.observeStatus() == .running ? .running : .stopped) }
            throw RuntimeError(doing: "open the gate \(store.path)/\(StateDirectory.gateName)", cause: error)
        }
    }

    /// Waits for the end of file that an execve leaves.
    ///
    /// The socket is a doorbell, not the truth: an init that is killed before its execve closes it just as an execve does. The truth is the
    /// flag PF_FORKNOEXEC in /proc/<pid>/stat, which the first execve clears. So a `start` that died half-way is repeated safely. Of a process
    /// that is reaped already there is no flag to read: it has executed the program unless its last word was that its hooks begin.
    private func awaitProgram(
        of process: ProcessIdentity, root: String, on connection: consuming FileDescriptor, cancellation: Cancellation
    ) throws(RuntimeError) {
        var runsHooks = false
        while let message = try nextMessage(on: connection, cancellation: cancellation) {
            switch message.checkpoint {
            case .startHooksBegan: runsHooks = true
            case .startHooksDone: runsHooks = false
            default:
                guard let failure = message.failure else { throw RuntimeError(.system, "init is out of step: \(message.checkpoint)") }
                throw explained(failure, root: root)
            }
        }
        // Where descriptors are short, the look at the process takes its place.
        _ = consume connection
        let now: ProcessStatus?
        do {
            now = try Kernel.processStatus(process.pid)
        } catch {
            throw RuntimeError(doing: "look at the container's process", cause: error)
        }
        let hasExecuted = now?.startTime == process.startTime ? now?.hasExecuted ?? false : !runsHooks
        guard hasExecuted else { throw RuntimeError(.system, "init ended before the program was executed") }
    }

    /// Where a filter kept init from looking itself: what the root file system tells of a program that could not be executed.
    private func explained(_ failure: RuntimeError, root: String) -> RuntimeError {
        guard failure.remark == nil, failure.call == "execve", failure.pointer == "process.args[0]", let path = failure.path,
            let errno = failure.errno, let folder = try? Kernel.open(root, [.path, .directory])
        else { return failure }
        var failure = failure
        failure.remark = obstacle(toExecuting: path, Errno(rawValue: errno), beneath: folder, isWhole: false)
        return failure
    }

    /// The next word of init; `nil` at the end of file.
    private func nextMessage(on connection: borrowing FileDescriptor, cancellation: Cancellation) throws(RuntimeError) -> SyncMessage? {
        try cancellation.wait(for: connection)
        let bytes: [UInt8]
        do {
            bytes = try Kernel.receive(connection, limit: SyncMessage.longestMessage)
        } catch {
            // Init had a connection of a `start` that was killed and never took this one: its execve closed the gate behind us.
            if error.errno == .ECONNRESET { return nil }
            throw RuntimeError(doing: "wait for the program", cause: error)
        }
        if bytes.isEmpty { return nil }
        guard let message = SyncMessage(bytes: bytes) else { throw RuntimeError(.system, "init left a report that cannot be read") }
        return message
    }
}
