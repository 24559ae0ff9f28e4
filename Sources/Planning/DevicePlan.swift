public import KernelABI

/// A device node.
public struct DeviceNode: Sendable, Hashable {
    /// The JSON path; empty for a default device.
    public var origin: String
    /// Where it is made, absolute and clean, in the container's terms.
    public var path: String
    /// A character device, a block device or a named pipe.
    public var type: FileType
    /// Its numbers; 0:0 for a named pipe.
    public var device: DeviceNumber
    /// Permission bits, 0666 unless set.
    public var permissions: FileMode
    /// Owner in the container's ids.
    public var uid: UInt32
    /// Group in the container's ids.
    public var gid: UInt32
    /// Bind the host's node of the same path instead of making one: mknod(2) is refused in a user namespace.
    public var bindsHostNode: Bool
    /// What happens when another file stands at the path: one of config.json's own is refused (config-linux, "Devices"), a default one takes
    /// the place of whatever the image has there.
    public var ifOccupied: OccupiedPolicy

    /// What happens when another file stands at a node's path.
    public enum OccupiedPolicy: Sendable, Hashable {
        /// Creation fails.
        case refuse
        /// What stands there is taken away.
        case replace
    }

    /// Creates the value from its properties.
    public init(
        origin: String, path: String, type: FileType, device: DeviceNumber, permissions: FileMode, uid: UInt32, gid: UInt32,
        bindsHostNode: Bool, ifOccupied: OccupiedPolicy
    ) {
        self.origin = origin
        self.path = path
        self.type = type
        self.device = device
        self.permissions = permissions
        self.uid = uid
        self.gid = gid
        self.bindsHostNode = bindsHostNode
        self.ifOccupied = ifOccupied
    }
}

/// A symbolic link at `path` that points to `target`.
public struct DeviceLink: Sendable, Hashable {
    /// The link itself, absolute and clean.
    public var path: String
    /// What it says, written as it is.
    public var target: String
    /// Take away what stands at `path` first (ptmx); otherwise an existing link is left alone.
    public var replaces: Bool

    /// Creates the value from its properties.
    public init(path: String, target: String, replaces: Bool) {
        self.path = path
        self.target = target
        self.replaces = replaces
    }
}
