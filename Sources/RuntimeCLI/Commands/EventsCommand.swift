import ContainerRuntime

/// `events`: prints what happens to a container, one line of JSON an event.
struct EventsCommand: Sendable {
    let id: String
    /// Print the figures once and end.
    let isOnce: Bool
    /// The time between two lines of figures.
    let intervalNanoseconds: Int64

    init(id: String, _ arguments: Arguments) {
        let fiveSeconds: Int64 = 5_000_000_000
        self.id = id
        isOnce = arguments.isSet(.stats)
        intervalNanoseconds = arguments.value(.interval).flatMap { nanoseconds(ofDuration: $0) } ?? fiveSeconds
    }

    func execute(_ session: Session) throws(RuntimeError) {
        let container = try session.factory().load(id: id)
        guard let interval = UInt64(exactly: intervalNanoseconds), interval > 0 else { throw intervalProblem }
        if isOnce { return try session.streams.write(statisticsLine(id: id, container.statistics())) }
        try container.watch(everyNanoseconds: interval, output: session.streams.output) { (event) throws(RuntimeError) in
            switch event {
            case .statistics(let statistics): try session.streams.write(statisticsLine(id: id, statistics))
            case .outOfMemory: try session.streams.write(outOfMemoryLine(id: id))
            }
        }
    }
}

/// What `events` and `stats` say of an interval that is none, in runc's words.
var intervalProblem: RuntimeError {
    RuntimeError(.invalidArgument, "duration interval must be greater than 0", remark: "--interval is written 500ms, 5s or 1m30s")
}
