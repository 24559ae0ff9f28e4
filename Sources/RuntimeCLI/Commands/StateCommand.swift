import ContainerRuntime
import OCISpec

/// `state`: prints what a container is doing, as JSON with an indent of two and no newline at the end.
struct StateCommand: Sendable {
    let id: String

    func execute(_ session: Session) throws(RuntimeError) {
        let container = try session.factory().load(id: id)
        try session.streams.write(StateDocument(container.state, owner: "").json)
    }
}

extension StateDocument {
    /// The document of a container; `owner` is for `list` only.
    init(_ state: ContainerState, owner: String) {
        self.init(
            id: state.id, pid: state.pid, status: state.status, bundle: state.bundle, rootfs: state.rootfs, created: state.created,
            annotations: state.annotations, owner: owner)
    }
}
