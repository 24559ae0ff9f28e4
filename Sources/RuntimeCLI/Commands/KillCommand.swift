import ContainerRuntime
import KernelABI

/// `kill`: sends a signal, by default SIGTERM.
struct KillCommand: Sendable {
    let id: String
    /// The signal's name or number as it was written; `nil` for the default.
    let signal: String?
    /// Signal every process of the container.
    let isForAll: Bool

    init(id: String, _ arguments: Arguments) throws(UsageProblem) {
        self.id = id
        let behindID = arguments.positional.dropFirst().first
        let option = arguments.value(.signal)
        if let behindID, let option, behindID != option {
            throw .invalidValue("signal given twice: --signal \(option) and \(behindID)")
        }
        signal = behindID ?? option
        isForAll = arguments.isSet(.all)
    }

    func execute(_ session: Session) throws(RuntimeError) {
        guard let number = Signal(signal ?? "TERM") else { throw RuntimeError(.invalidArgument, "unknown signal \"\(signal ?? "")\"") }
        try session.factory().kill(id: id, number, all: isForAll)
    }
}
