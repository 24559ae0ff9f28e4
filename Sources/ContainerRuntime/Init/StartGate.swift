import Kernel
import KernelABI
import Planning

/// Init's last part: all is ready, the program waits for `start` behind start.sock.
struct ReadyProgram: ~Copyable {
    private let gate: FileDescriptor
    private let program: PreparedProgram?
    private let environment: [String]
    /// The filter that is to be in force when the program is executed, if it is not in force already.
    var filter: SystemCallFilter?

    /// Looks the program up, as the container's user.
    init(_ plan: ContainerPlan, gate: consuming FileDescriptor) throws(RuntimeError) {
        self.gate = gate
        guard let program = plan.program else {
            self.program = nil
            environment = []
            return
        }
        environment = program.needsHome ? program.environment + ["HOME=\(homeFolder(of: plan.identity.uid))"] : program.environment
        // Prepared here, because a filter may refuse init more memory.
        self.program = PreparedProgram(path: try lookUpProgram(program), arguments: program.arguments, environment: environment)
    }

    /// Waits until `start` connects, installs the filter, runs the startContainer hooks and executes the program.
    ///
    /// An execve that succeeds closes the connection: `start` reads the end of file. One that fails leaves the report there.
    consuming func waitForStart(_ plan: ContainerPlan) -> Never {
        let connection: FileDescriptor
        do {
            connection = try Kernel.accept(gate)
        } catch {
            Kernel.exitNow(1)
        }
        let failure = execute(plan, connection: connection)
        // If `start` is gone there is nobody to tell, or another one that waits behind it.
        let report = SyncMessage(.failed, failure: failure).bytes
        tell(connection, report, isFiltered: plan.security.seccomp != nil)
        while let ready = try? Kernel.poll([PollRequest(number: gate.number, events: .readable)], timeoutMilliseconds: 0),
            !ready[0].isEmpty,
            let next = try? Kernel.accept(gate)
        {
            tell(next, report, isFiltered: plan.security.seccomp != nil)
        }
        Kernel.exitNow(255)
    }

    /// Leaves the report for a `start`, by write(2) where a filter judges: few refuse that. Its signal to a writer without reader ends init,
    /// which is ending.
    private func tell(_ connection: borrowing FileDescriptor, _ report: [UInt8], isFiltered: Bool) {
        if isFiltered { try? Kernel.writeAll(connection, report, subject: "gate") } else { try? Kernel.send(connection, report) }
    }

    /// Becomes the program; returns only with what went wrong.
    private func execute(_ plan: ContainerPlan, connection: borrowing FileDescriptor) -> RuntimeError {
        do {
            // ORDER: before the hooks, which are programs of the container too.
            try filter?.install()
            try runStartContainerHooks(plan, connection: connection)
        } catch {
            return error
        }
        switch program {
        case .none: return RuntimeError(.invalidSpec, "must be set to start a container", pointer: "process")
        case .some(let program):
            do {
                try program.execute()
            } catch {
                return RuntimeError(
                    .system, "exec: \"\(program.path)\"", pointer: "process.args[0]", call: "execve",
                    path: program.path, errno: error.errno.rawValue,
                    // A filter may end init for the look itself; `start` takes it then.
                    remark: plan.security.seccomp == nil ? obstacle(toExecuting: program.path, error.errno) : nil)
            }
        }
    }

    private func runStartContainerHooks(_ plan: ContainerPlan, connection: borrowing FileDescriptor) throws(RuntimeError) {
        guard !plan.hooks.startContainer.isEmpty else { return }
        // If `start` is gone there is nobody to tell, and the program is started all the same.
        try? Kernel.send(connection, SyncMessage(.startHooksBegan).bytes)
        let state = hookState(id: plan.id, status: .created, pid: Kernel.ownPID(), bundle: plan.bundle, annotations: plan.annotations)
        try runHooks(plan.hooks.startContainer, .startContainer, state: state, place: .program(environment: environment))
        try? Kernel.send(connection, SyncMessage(.startHooksDone).bytes)
    }
}
