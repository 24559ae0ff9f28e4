/// Cache and memory bandwidth allocation through resctrl. See runtime-spec, config-linux, "IntelRdt".
public struct LinuxIntelRdt: Codable, Sendable, Hashable {
    /// The class of service: the directory in resctrl, `/` for the root class. Absent: a class named after the container.
    public var closID: String?

    /// Lines written to `schemata` as they are, after the two schemas below.
    public var schemata: [String]?

    /// The allocation of the L3 cache, such as `L3:0=f;1=f0`.
    public var l3CacheSchema: String?

    /// The allocation of memory bandwidth, such as `MB:0=20;1=70`; starts with `MB:` and holds no newline.
    public var memBwSchema: String?

    /// Whether a monitoring group is made for the container. Absent: false.
    public var enableMonitoring: Bool?

    /// Creates the section; every property left out is absent from the JSON.
    public init(
        closID: String? = nil,
        schemata: [String]? = nil,
        l3CacheSchema: String? = nil,
        memBwSchema: String? = nil,
        enableMonitoring: Bool? = nil
    ) {
        self.closID = closID
        self.schemata = schemata
        self.l3CacheSchema = l3CacheSchema
        self.memBwSchema = memBwSchema
        self.enableMonitoring = enableMonitoring
    }
}
