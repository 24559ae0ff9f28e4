import Kernel
import KernelABI
public import Planning

extension ContainerFactory {
    /// Creates a container, starts it and, unless detached, waits for its end and removes it.
    ///
    /// The calling process has to have one thread, see `create`; unless detached all its signals are blocked, and stay so.
    /// Signals that reach the runtime go to the container's process; TERM, INT and HUP that come before it is started end the container.
    ///
    /// - Parameters:
    ///   - detach: return when the program was executed; the container stays.
    ///   - keep: leave the stopped container for `delete`.
    ///   - subreaper: adopt processes of the container that lose their parent.
    /// - Returns: the program's exit status, 128 + n if signal n ended it; 0 when detached.
    public func run(
        id: String, bundle: String, options: CreateOptions, detach: Bool, keep: Bool, subreaper: Bool
    ) throws(RuntimeError) -> Int32 {
        if detach {
            let container = try makeContainer(id: id, bundle: bundle, options: options)
            try startOrDestroy(container, id: id, cancellation: .none)
            return 0
        }
        let signals = try takeChargeOfSignals(subreaper: subreaper)
        let cancellation = Cancellation(signals: signals.first.number)
        let container = try makeContainer(id: id, bundle: bundle, options: options, cancellation: cancellation)
        try startOrDestroy(container, id: id, cancellation: cancellation)
        let status: WaitStatus
        do {
            status = try waitForEnd(of: container, signals: signals.second)
        } catch {
            throw RuntimeError(doing: "wait for the container's process", cause: error)
        }
        if !keep { try delete(id: id, force: true, isStrict: false, only: container.process) }
        return status.exitCode
    }

    /// Holds signals back and opens what they are read from: `first` for those that cancel the creation, `second` for all.
    private func takeChargeOfSignals(subreaper: Bool) throws(RuntimeError) -> DescriptorPair {
        do {
            if subreaper { try Kernel.setChildSubreaper() }
            // ORDER: before the clone, so that no signal is lost; init empties its mask.
            try Kernel.blockSignals(.all)
            // Both at once: with a container running, there must be no want of descriptors any more.
            let cancelling = try Kernel.signalDescriptor(SignalSet(Cancellation.names))
            return DescriptorPair(first: cancelling, second: try Kernel.signalDescriptor(.all))
        } catch {
            throw RuntimeError(doing: "take charge of signals", cause: error)
        }
    }

    /// A container that cannot be started is not left behind by `run`.
    private func startOrDestroy(_ container: borrowing Created, id: String, cancellation: Cancellation) throws(RuntimeError) {
        do {
            try start(id: id, only: container.process, cancellation: cancellation)
        } catch {
            // By the descriptor from the clone: `delete` needs pidfd_open(2), and its refusal may be what has failed.
            try? Kernel.signal(container.pidfd, .SIGKILL)
            _ = try? Kernel.wait(container.pidfd)
            try? delete(id: id, force: true, isStrict: false, only: container.process)
            throw error
        }
    }

    /// Hands signals on until the container's process has ended, and reaps what the runtime adopted.
    private func waitForEnd(of container: borrowing Created, signals: borrowing FileDescriptor) throws(SyscallError) -> WaitStatus {
        while true {
            let ready = try Kernel.poll(
                [PollRequest(number: container.pidfd.number, events: .readable), PollRequest(number: signals.number, events: .readable)],
                timeoutMilliseconds: nil)
            if !ready[0].isEmpty { return try Kernel.wait(container.pidfd) }
            guard !ready[1].isEmpty, let received = try Kernel.readSignal(signals) else { continue }
            // What our own writes caused (SIGPIPE, SIGXFSZ) concerns nobody else.
            if received.pid != Kernel.ownPID() { try handOn(received.signal, to: container) }
        }
    }

    private func handOn(_ signal: Signal, to container: borrowing Created) throws(SyscallError) {
        switch signal {
        case .SIGCHLD: try reapOrphans(except: container.process.pid)
        // The runtime's own: the window's size concerns a terminal, and urgent data no one here.
        case .SIGWINCH, .SIGURG: return
        default:
            do {
                try Kernel.signal(container.pidfd, signal)
            } catch {
                // It has just ended.
                guard error.errno == .ESRCH else { throw error }
            }
        }
    }

    /// Reaps adopted processes. The container's own is left to `waitForEnd`, which wants its status.
    private func reapOrphans(except pid: Int32) throws(SyscallError) {
        while let waiting = try Kernel.waitingChild(), waiting != pid {
            _ = try Kernel.wait(pid: waiting, noHang: true)
        }
    }
}
