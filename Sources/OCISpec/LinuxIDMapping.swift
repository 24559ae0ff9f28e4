/// One range of user or group ids: `size` ids from `containerID` inside are those from `hostID` outside.
///
/// See runtime-spec, config-linux, "User namespace mappings"; user_namespaces(7).
public struct LinuxIDMapping: Codable, Sendable, Hashable {
    /// The first id inside the container.
    public var containerID: UInt32

    /// The first id on the host.
    public var hostID: UInt32

    /// How many ids; at least 1.
    public var size: UInt32

    /// Creates the value from its properties.
    public init(
        containerID: UInt32,
        hostID: UInt32,
        size: UInt32
    ) {
        self.containerID = containerID
        self.hostID = hostID
        self.size = size
    }
}
