/// A network interface that is moved into the container's network namespace. See runtime-spec, config-linux, "Network Devices".
public struct LinuxNetDevice: Codable, Sendable, Hashable {
    /// Its name inside; `%d` stands for the first free number. Absent: the name it has on the host.
    public var name: String?

    /// Creates the section; every property left out is absent from the JSON.
    public init(name: String? = nil) {
        self.name = name
    }
}
