import ContainerRuntime
import JSON
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

    private var unknownSignal: RuntimeError {
        let name = signal ?? ""
        let numbers = Signal.SIGHUP.rawValue..<Signal.firstRealTime.rawValue
        // Without the prefix, which would make all names resemble each other.
        let names = numbers.map { Signal(rawValue: $0).name }.filter { $0.hasPrefix("SIG") }.map { String($0.dropFirst(3)) }
        let bare = name.uppercased().hasPrefix("SIG") ? String(name.uppercased().dropFirst(3)) : name.uppercased()
        let near = neighbour(of: bare, among: names)
        return RuntimeError(.invalidArgument, "unknown signal \"\(name)\"", remark: near.map { "did you mean \($0)?" })
    }

    func execute(_ session: Session) throws(RuntimeError) {
        guard let number = Signal(signal ?? "TERM") else { throw unknownSignal }
        try session.factory().kill(id: id, number, all: isForAll)
    }
}
