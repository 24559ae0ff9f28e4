import Kernel
import KernelABI
import Planning

/// Init's last part: all is ready, the program waits for `start` behind exec.fifo.
struct ReadyProgram: ~Copyable {
    private let gate: FileDescriptor
    private let proc: ProcHandle
    private let path: String?
    private let environment: [String]

    /// Looks the program up, as the container's user.
    init(_ plan: ContainerPlan, gate: consuming FileDescriptor, proc: consuming ProcHandle) throws(RuntimeError) {
        self.gate = gate
        self.proc = proc
        guard let program = plan.program else {
            path = nil
            environment = []
            return
        }
        path = try lookUpProgram(program)
        environment = program.needsHome ? program.environment + ["HOME=\(homeFolder(of: plan.identity.uid))"] : program.environment
    }

    /// Blocks until `start` opens the fifo for reading, runs the startContainer hooks and executes the program.
    ///
    /// An execve that succeeds closes the fifo: `start` reads the end of file. One that fails leaves the report there.
    consuming func waitForStart(_ plan: ContainerPlan) -> Never {
        let fifo: FileDescriptor
        do {
            fifo = try proc.reopen(gate, .writeOnly)
        } catch {
            Kernel.exitNow(1)
        }
        do throws(RuntimeError) {
            try runStartContainerHooks(plan)
            guard let program = plan.program, let path else { throw RuntimeError(.invalidSpec, "must be set to start", pointer: "process") }
            do {
                try Kernel.execute(path, arguments: program.arguments, environment: environment)
            } catch {
                throw RuntimeError(
                    .system, "exec: \"\(path)\": \(error.errno.message)", pointer: "process.args[0]", call: "execve",
                    errno: error.errno.rawValue)
            }
        } catch {
            try? Kernel.writeAll(fifo, SyncMessage(.failed, failure: error).bytes, subject: StateDirectory.fifoName)
            Kernel.exitNow(255)
        }
    }

    private func runStartContainerHooks(_ plan: ContainerPlan) throws(RuntimeError) {
        guard !plan.hooks.startContainer.isEmpty else { return }
        let state = hookState(id: plan.id, status: .created, pid: Kernel.ownPID(), bundle: plan.bundle, annotations: plan.annotations)
        try runHooks(plan.hooks.startContainer, .startContainer, state: state, place: .program(environment: environment))
    }
}
