public import JSON

/// What the command `state` prints of a container, and `list --format json` of each.
///
/// The shape is runc's, which engines read: the specification's state and the keys `rootfs`, `created` and `owner`.
public struct StateDocument: Codable, Sendable, Hashable {
    /// The version of the runtime-spec that the runtime follows, whatever the configuration says.
    public var ociVersion: String
    /// The container's id, unique under one root.
    public var id: String
    /// The container process as the host sees it; 0 when it has ended.
    public var pid: Int32
    /// What the container is doing.
    public var status: ContainerStatus
    /// The bundle directory, absolute.
    public var bundle: String
    /// The root file system's directory, absolute.
    public var rootfs: String
    /// When the container was created: RFC 3339 in UTC, up to nine digits after the second without trailing zeros.
    public var created: String
    /// The annotations of config.json. Absent (or empty) when there are none.
    public var annotations: [String: String]?
    /// The name of the user who created the container. Filled in by `list`, empty in `state`.
    public var owner: String

    /// Creates the document, by default of the supported version of the specification and without an owner.
    public init(
        ociVersion: String = supportedSpecVersion,
        id: String,
        pid: Int32,
        status: ContainerStatus,
        bundle: String,
        rootfs: String,
        created: String,
        annotations: [String: String]? = nil,
        owner: String = ""
    ) {
        self.ociVersion = ociVersion
        self.id = id
        self.pid = pid
        self.status = status
        self.bundle = bundle
        self.rootfs = rootfs
        self.created = created
        self.annotations = annotations
        self.owner = owner
    }

    /// The document as `state` prints it: two spaces a level, no line break at the end, byte for byte as runc does it.
    public var json: [UInt8] {
        var json = JSONWriter(indentation: .spaces(2))
        write(to: &json)
        return json.bytes
    }

    /// Writes the document as an object, so that it can stand in a list; no annotations if they are empty.
    public func write(to json: inout JSONWriter) {
        json.object { json in
            json.member("ociVersion", ociVersion)
            json.member("id", id)
            json.member("pid", pid)
            json.member("status", status.rawValue)
            json.member("bundle", bundle)
            json.member("rootfs", rootfs)
            json.member("created", created)
            if let annotations, !annotations.isEmpty { json.member("annotations", annotations) }
            json.member("owner", owner)
        }
    }
}
