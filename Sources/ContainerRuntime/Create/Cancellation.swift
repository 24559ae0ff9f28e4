import Kernel
import KernelABI

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
    func wait(for descriptor: borrowing FileDescriptor) throws(RuntimeError) {
        guard signals != nil else { return }
        while true {
            let ready: [PollEvents]
            do {
                ready = try Kernel.poll([PollRequest(number: descriptor.number, events: .readable), request], timeoutMilliseconds: nil)
            } catch {
                throw RuntimeError(doing: "wait for init", cause: error)
            }
            if !ready[1].isEmpty { try check() }
            if !ready[0].isEmpty { return }
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
