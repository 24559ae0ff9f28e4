import ContainerRuntime

/// `resume`: lets the processes of a paused container go on.
struct ResumeCommand: Sendable {
    let id: String

    func execute(_ session: Session) throws(RuntimeError) {
        try session.factory().resume(id: id)
    }
}
