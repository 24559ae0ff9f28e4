public import JSON

/// The state of a container as the specification defines it: what hooks read on standard input.
///
/// See runtime-spec, runtime, "State".
public struct State: Codable, Sendable, Hashable {
    /// The version of the runtime-spec that the state follows.
    public var ociVersion: String
    /// The container's id, unique under one root.
    public var id: String
    /// What the container is doing.
    public var status: ContainerStatus
    /// The container process as seen by the reader of the state. Absent (or 0) when there is none.
    public var pid: Int32?
    /// The bundle directory, absolute.
    public var bundle: String
    /// The annotations of config.json. Absent (or empty) when there are none.
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

    /// The state in one line without a line break, byte for byte as runc hands it to hooks.
    public var json: [UInt8] {
        var json = JSONWriter()
        write(to: &json)
        return json.bytes
    }

    /// Writes the state as an object; no pid if there is none, no annotations if they are empty.
    public func write(to json: inout JSONWriter) {
        json.object { json in writeMembers(to: &json) }
    }

    fileprivate func writeMembers(to json: inout JSONWriter) {
        json.member("ociVersion", ociVersion)
        json.member("id", id)
        json.member("status", status.rawValue)
        if let pid, pid != 0 { json.member("pid", pid) }
        json.member("bundle", bundle)
        if let annotations, !annotations.isEmpty { json.member("annotations", annotations) }
    }
}

/// What goes to the listener of a system call filter along with the notification descriptor.
///
/// See runtime-spec, config-linux, "The Container Process State".
public struct ContainerProcessState: Codable, Sendable, Hashable {
    /// The version of the runtime-spec that the state follows.
    public var ociVersion: String
    /// The names of the descriptors sent with it, in their order.
    public var fds: [String]
    /// The filtered process as seen by the runtime: the container process, or that of an `exec`.
    public var pid: Int32
    /// `listenerMetadata` of the configuration. Absent if that is.
    public var metadata: String?
    /// The state of the container.
    public var state: State

    /// Creates the message, by default with the one descriptor that the specification names.
    public init(
        ociVersion: String = supportedSpecVersion, fds: [String] = ["seccompFd"], pid: Int32, metadata: String? = nil, state: State
    ) {
        self.ociVersion = ociVersion
        self.fds = fds
        self.pid = pid
        self.metadata = metadata
        self.state = state
    }

    /// The message in one line without a line break, byte for byte as runc sends it.
    public var json: [UInt8] {
        var json = JSONWriter()
        json.object { json in
            json.member("ociVersion", ociVersion)
            json.member("fds", fds)
            json.member("pid", pid)
            if let metadata, !metadata.isEmpty { json.member("metadata", metadata) }
            json.object("state") { json in state.writeMembers(to: &json) }
        }
        return json.bytes
    }
}
