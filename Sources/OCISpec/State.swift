/// The state of a container as the specification defines it: what hooks and the seccomp listener read.
///
/// See runtime-spec, runtime, "State".
public struct State: Codable, Sendable, Hashable {
    /// The version of the runtime-spec that the state follows.
    public var ociVersion: String
    /// The container's id, unique under one root.
    public var id: String
    /// What the container is doing.
    public var status: ContainerStatus
    /// The container process as seen by the reader of the state. Absent when there is none.
    public var pid: Int32?
    /// The bundle directory, absolute.
    public var bundle: String
    /// The annotations of config.json. Absent when there are none.
    public var annotations: [String: String]?

    /// Creates the state of a container, by default of the supported version of the specification.
    public init(
        ociVersion: String = supportedSpecVersion,
        id: String,
        status: ContainerStatus,
        pid: Int32? = nil,
        bundle: String,
        annotations: [String: String]? = nil
    ) {
        self.ociVersion = ociVersion
        self.id = id
        self.status = status
        self.pid = pid
        self.bundle = bundle
        self.annotations = annotations
    }
}
