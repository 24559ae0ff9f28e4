import ContainerRuntime

/// `start`: lets the program of a created container begin.
struct StartCommand: Sendable {
    let id: String

    func execute(_ session: Session) throws(RuntimeError) {
        try session.factory().start(id: id)
    }
}
