import Kernel
import KernelABI
import Planning

/// The signals that end a creation or a start which a foreground `run` is waiting for. All others stay pending for the container's process.
struct Cancellation: Sendable {
    static let names: [Signal] = [.SIGTERM, .SIGINT, .SIGHUP]

    /// A signalfd(2) of these signals; `nil` where the runtime leaves signals alone.
    let signals: Int32?

    static let none = Cancellation(signals: nil)

    /// What to wait for beside the event proper.
    var request: PollRequest { PollRequest(number: signals ?? -1, events: .readable) }

    /// Throws `RuntimeError` if one of the signals has come.
    func check() throws(RuntimeError) {
        guard let signals, let received = try next(from: signals) else { return }
        throw RuntimeError(.system, "cancelled by \(received.name)")
    }

    /// Waits until there is something to read, or the end of file; throws if one of the signals comes earlier.
    ///
    /// - Parameter milliseconds: `nil` waits for ever; without signals either, the read itself is left to wait.
    /// - Returns: false when the time is up.
    @discardableResult
    func wait(for descriptor: borrowing FileDescriptor, timeoutMilliseconds milliseconds: Int? = nil) throws(RuntimeError) -> Bool {
        guard signals != nil || milliseconds != nil else { return true }
        while true {
            let ready: [PollEvents]
            do {
                ready = try Kernel.poll(
                    [PollRequest(number: descriptor.number, events: .readable), request], timeoutMilliseconds: milliseconds)
            } catch {
                throw RuntimeError(doing: "wait for init", cause: error)
            }
            if !ready[1].isEmpty { try check() }
            if !ready[0].isEmpty { return true }
            if ready[1].isEmpty { return false }
        }
    }

    private func next(from signals: Int32) throws(RuntimeError) -> Signal? {
        do {
            return try Kernel.readSignal(number: signals)?.signal
        } catch {
            throw RuntimeError(doing: "take a signal", cause: error)
        }
    }
}

/// Signals that are held back and cancel a creation, where it waits for somebody else than the kernel, init and its own hooks: the one who gets a
/// listener. Undone by `letThrough`.
struct HeldSignals: ~Copyable {
    private let descriptor: FileDescriptor?
    private let previousMask: SignalSet?
    let cancellation: Cancellation

    /// - Parameter outer: the signals that cancel already; then nothing more is held back.
    init(for plan: ContainerPlan, besides outer: Cancellation) throws(RuntimeError) {
        guard plan.security.seccomp?.listener != nil, outer.signals == nil else {
            descriptor = nil
            previousMask = nil
            cancellation = outer
            return
        }
        do throws(SyscallError) {
            // What the caller ignores or holds back itself stays without effect.
            var ending: [Signal] = []
            for signal in Cancellation.names where try !Kernel.isIgnored(signal) { ending.append(signal) }
            let previous = try Kernel.blockSignalsForAWhile(SignalSet(ending))
            let taken = try Kernel.signalDescriptor(SignalSet(ending.filter { !previous.contains($0) }))
            cancellation = Cancellation(signals: taken.number)
            descriptor = consume taken
            previousMask = previous
        } catch {
            throw RuntimeError(doing: "take charge of signals", cause: error)
        }
    }

    /// Lets the signals through again. One that came and was not taken has its effect now.
    func letThrough() {
        // The mask was there before, so the kernel has nothing to refuse.
        if let previousMask { try? Kernel.setSignalMask(previousMask) }
    }
}
