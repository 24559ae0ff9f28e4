/// One line of a user namespace's id map: `size` ids from `containerID` on stand for as many from `hostID` on.
///
/// See user_namespaces(7); runtime-spec, config-linux, "User namespace mappings".
public struct IDMapping: Sendable, Hashable {
    /// The first id inside.
    public var containerID: UInt32
    /// The first id outside, in the parent namespace's terms.
    public var hostID: UInt32
    /// How many ids; at least 1.
    public var size: UInt32

    /// Joins the three numbers.
    public init(containerID: UInt32, hostID: UInt32, size: UInt32) {
        self.containerID = containerID
        self.hostID = hostID
        self.size = size
    }

    /// The line for /proc/pid/uid_map and gid_map, without the line feed.
    public var line: String { "\(containerID) \(hostID) \(size)" }
}
