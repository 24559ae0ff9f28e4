import ContainerRuntime

/// `delete`: removes a container that has stopped, or with `--force` any.
struct DeleteCommand: Sendable {
    let id: String
    /// Kill the container first; an unknown one is no error.
    let isForced: Bool

    func execute(_ session: Session) throws(RuntimeError) {
        try session.factory().delete(id: id, force: isForced, strict: session.isStrict)
    }
}
