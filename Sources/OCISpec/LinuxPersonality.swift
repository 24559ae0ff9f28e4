public import JSON

/// The execution domain of the container's processes. See runtime-spec, config-linux, "Personality"; personality(2).
public struct LinuxPersonality: Codable, Sendable, Hashable {
    /// The domain.
    public var domain: LinuxPersonalityDomain

    /// Further flags; the specification defines none so far.
    public var flags: [String]?

    /// Creates the value; every optional property left out is absent from the JSON.
    public init(domain: LinuxPersonalityDomain, flags: [String]? = nil) {
        self.domain = domain
        self.flags = flags
    }
}

/// The execution domains. Another word is an error.
public enum LinuxPersonalityDomain: String, JSONName, Sendable, Hashable {
    /// The native one.
    case linux = "LINUX"
    /// uname(2) names a 32-bit machine.
    case linux32 = "LINUX32"
}
