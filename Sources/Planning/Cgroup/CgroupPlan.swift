/// Where the container lives in the cgroup hierarchies, and what is written there.
public struct CgroupPlan: Sendable, Hashable {
    public var handle: CgroupHandle
    /// In the order of writing, after the folders exist and before the process enters.
    public var writes: [CgroupWrite]
    /// Which devices the container may use, on cgroup v2; `nil` where v1's files say it, or where nobody may say it.
    public var devices: DeviceProgram?
    /// The user, as the host numbers him, who gets the cgroup2 folder when it is limited; `nil` where it stays the runtime's.
    public var owner: UInt32?
    /// What config.json asks for that the kernel gave up, one line each; logged once.
    public var warnings: [String]
    /// The unit that systemd is asked to make; `nil` where the runtime makes the folders.
    public var unit: UnitPlan?

    public init(
        handle: CgroupHandle, writes: [CgroupWrite], devices: DeviceProgram? = nil, owner: UInt32? = nil, warnings: [String] = [],
        unit: UnitPlan? = nil
    ) {
        self.handle = handle
        self.writes = writes
        self.devices = devices
        self.owner = owner
        self.warnings = warnings
        self.unit = unit
    }

    /// Whether the limit of processes is 0.
    public var allowsNoProcess: Bool { writes.contains { $0.file == "pids.max" && $0.value == "0" } }
}

/// A container's cgroup: enough to enter, freeze, read and remove it later. Part of the record on disk.
public struct CgroupHandle: Codable, Sendable, Hashable {
    /// The v1 folders, absolute, one a hierarchy.
    public var hierarchies: [CgroupDirectory]
    /// The cgroup2 folder, absolute; on a hybrid host beside the v1 ones.
    public var unified: CgroupDirectory?
    /// The unit of systemd that the folders belong to; `nil` where the runtime made them.
    public var unit: SystemdUnit?

    public init(hierarchies: [CgroupDirectory], unified: CgroupDirectory?, unit: SystemdUnit? = nil) {
        self.hierarchies = hierarchies
        self.unified = unified
        self.unit = unit
    }
}

/// The container's folder in one hierarchy.
public struct CgroupDirectory: Codable, Sendable, Hashable {
    /// The controllers of the hierarchy, or one `name=…`.
    public var controllers: [String]
    /// Where the hierarchy is mounted: nothing above it is ever made or removed.
    public var mountPoint: String
    /// The folder relative to the mount point, without a leading slash: `system.slice/web1`.
    public var path: String
    /// The folder itself.
    public var absolutePath: String { path.isEmpty ? mountPoint : mountPoint + "/" + path }

    public init(controllers: [String], mountPoint: String, path: String) {
        self.controllers = controllers
        self.mountPoint = mountPoint
        self.path = path
    }
}

/// One value written to one file of the container's cgroup.
public struct CgroupWrite: Sendable, Hashable {
    /// v1: the controller whose hierarchy holds the file. v2: its name, for the message when it is not enabled.
    public var controller: String
    /// For example `memory.limit_in_bytes`.
    public var file: String
    public var value: String
    public var ifMissing: MissingFilePolicy
    /// The JSON path, for example `linux.resources.memory.limit`.
    public var origin: String

    public init(controller: String, file: String, value: String, ifMissing: MissingFilePolicy, origin: String) {
        self.controller = controller
        self.file = file
        self.value = value
        self.ifMissing = ifMissing
        self.origin = origin
    }
}

/// What happens when the kernel does not offer a cgroup file.
public enum MissingFilePolicy: Sendable, Hashable {
    /// An error: the value is a limit.
    case fail
    /// Nothing: the value says what holds without the file.
    case ignore
    /// Another file takes the same setting in its own numbers; if that is missing too, it is an error.
    case instead(file: String, value: String)
}
