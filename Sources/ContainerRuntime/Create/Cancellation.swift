import Kernel
import KernelABI

/// The signals that end a creation which a foreground `run` is waiting for. The other signals that come meanwhile have nobody to go to.
struct Cancellation: Sendable {
    /// A signalfd(2); `nil` where the runtime leaves signals alone.
    let signals: Int32?

    static let none = Cancellation(signals: nil)

    /// What to wait for beside the event proper.
    var request: PollRequest { PollRequest(number: signals ?? -1, events: .readable) }

    /// Takes the waiting signals.
    ///
    /// - Throws: `RuntimeError` if one of them is TERM, INT or HUP.
    func check() throws(RuntimeError) {
        guard let signals else { return }
        while let received = try next(from: signals) {
            switch received {
            case .SIGTERM, .SIGINT, .SIGHUP: throw RuntimeError(.system, "cancelled by \(received.name)")
            default: continue
            }
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
