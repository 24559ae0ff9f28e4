import ContainerRuntime

/// `pause`: stops all processes of a container where they are.
struct PauseCommand: Sendable {
    let id: String

    func execute(_ session: Session) throws(RuntimeError) {
        try session.factory().pause(id: id)
    }
}
