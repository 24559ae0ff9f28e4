/// One mount in addition to the root file system. See runtime-spec, config, "Mounts".
public struct Mount: Codable, Sendable, Hashable {
    /// Where it is mounted inside the container. Must be absolute; a relative path is deprecated and taken from `/`.
    public var destination: String

    /// The file system's type, as in /proc/filesystems. A bind mount ignores it (often `none` or `bind`).
    public var type: String?

    /// A device, a file or directory (absolute, or relative to the bundle, for bind mounts), or a name the file system ignores.
    public var source: String?

    /// Mount options as in fstab(5). Words that are not flags are joined with commas and handed to the file system.
    public var options: [String]?

    /// User ids of this mount alone, for an id-mapped mount. Comes together with `gidMappings`.
    /// Here `containerID` is an id in the source's file system, and `hostID` the one that it is seen as in the runtime's user namespace. KERNEL: 5.12.
    public var uidMappings: [LinuxIDMapping]?

    /// Group ids of this mount alone, for an id-mapped mount. Comes together with `uidMappings`.
    public var gidMappings: [LinuxIDMapping]?

    /// Creates the value; every optional property left out is absent from the JSON.
    public init(
        destination: String,
        type: String? = nil,
        source: String? = nil,
        options: [String]? = nil,
        uidMappings: [LinuxIDMapping]? = nil,
        gidMappings: [LinuxIDMapping]? = nil
    ) {
        self.destination = destination
        self.type = type
        self.source = source
        self.options = options
        self.uidMappings = uidMappings
        self.gidMappings = gidMappings
    }
}
