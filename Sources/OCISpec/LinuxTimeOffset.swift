/// How far a clock of a new time namespace is set off. See runtime-spec, config-linux, "Offset for Time Namespace"; time_namespaces(7).
public struct LinuxTimeOffset: Codable, Sendable, Hashable {
    /// Seconds. Absent: 0.
    public var secs: Int64?

    /// Nanoseconds, added to the seconds; below 1,000,000,000. Absent: 0.
    public var nanosecs: UInt32?

    /// Creates the section; every property left out is absent from the JSON.
    public init(secs: Int64? = nil, nanosecs: UInt32? = nil) {
        self.secs = secs
        self.nanosecs = nanosecs
    }
}
