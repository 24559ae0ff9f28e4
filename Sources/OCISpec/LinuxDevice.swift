public import JSON

/// One device node that must be in the container. See runtime-spec, config-linux, "Devices".
public struct LinuxDevice: Codable, Sendable, Hashable {
    /// Its full path inside the container, in /dev or elsewhere.
    public var path: String

    /// Its kind.
    public var type: LinuxDeviceType

    /// The major number. Required unless `type` is `p`.
    public var major: Int64?

    /// The minor number. Required unless `type` is `p`.
    public var minor: Int64?

    /// The permission bits as a decimal number. Absent: 438 (octal 0666), as runc does.
    public var fileMode: UInt32?

    /// The owner inside the container. Absent: 0.
    public var uid: UInt32?

    /// The group inside the container. Absent: 0.
    public var gid: UInt32?

    /// Creates the value; every optional property left out is absent from the JSON.
    public init(
        path: String,
        type: LinuxDeviceType,
        major: Int64? = nil,
        minor: Int64? = nil,
        fileMode: UInt32? = nil,
        uid: UInt32? = nil,
        gid: UInt32? = nil
    ) {
        self.path = path
        self.type = type
        self.major = major
        self.minor = minor
        self.fileMode = fileMode
        self.uid = uid
        self.gid = gid
    }
}

/// The kinds of device nodes, as mknod(1) writes them. Another letter is an error.
public enum LinuxDeviceType: String, JSONName, Sendable, Hashable {
    /// A character device.
    case character = "c"
    /// A block device.
    case block = "b"
    /// A character device; the same as `c` on Linux.
    case unbufferedCharacter = "u"
    /// A named pipe, which has no numbers.
    case fifo = "p"
}
