/// The container's root file system. See runtime-spec, config, "Root".
public struct Root: Codable, Sendable, Hashable {
    /// The directory that becomes `/`: absolute, or relative to the bundle. It must exist and be a directory.
    public var path: String

    /// Whether `/` is read-only inside the container. Absent: false.
    public var readonly: Bool?

    /// Creates the value; every optional property left out is absent from the JSON.
    public init(path: String, readonly: Bool? = nil) {
        self.path = path
        self.readonly = readonly
    }
}
