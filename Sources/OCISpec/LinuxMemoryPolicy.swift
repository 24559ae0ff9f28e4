public import JSON

/// The NUMA memory policy of the container's processes. See runtime-spec, config-linux, "Memory policy"; set_mempolicy(2).
public struct LinuxMemoryPolicy: Codable, Sendable, Hashable {
    /// The policy.
    public var mode: LinuxMemoryPolicyMode

    /// The nodes as a list such as `0-3,7`. Required or forbidden as the mode says.
    public var nodes: String?

    /// Flags added to the mode.
    public var flags: [LinuxMemoryPolicyFlag]?

    /// Creates the value; every optional property left out is absent from the JSON.
    public init(
        mode: LinuxMemoryPolicyMode,
        nodes: String? = nil,
        flags: [LinuxMemoryPolicyFlag]? = nil
    ) {
        self.mode = mode
        self.nodes = nodes
        self.flags = flags
    }
}

/// The memory policies by the kernel's names. Another name is an error.
public enum LinuxMemoryPolicyMode: String, JSONName, Sendable, Hashable {
    /// The system's default; no nodes.
    case systemDefault = "MPOL_DEFAULT"
    /// Only from the nodes.
    case bind = "MPOL_BIND"
    /// From the nodes in turn.
    case interleave = "MPOL_INTERLEAVE"
    /// From the nodes in turn by weight. KERNEL: 6.9.
    case weightedInterleave = "MPOL_WEIGHTED_INTERLEAVE"
    /// From one node first.
    case preferred = "MPOL_PREFERRED"
    /// From the nodes first. KERNEL: 5.15.
    case preferredMany = "MPOL_PREFERRED_MANY"
    /// From the node of the CPU; no nodes.
    case local = "MPOL_LOCAL"
}

/// The flags of a memory policy by the kernel's names. Another name is an error.
public enum LinuxMemoryPolicyFlag: String, JSONName, Sendable, Hashable {
    /// Pages may move to the node that uses them. KERNEL: 5.12.
    case numaBalancing = "MPOL_F_NUMA_BALANCING"
    /// Node numbers count within the allowed set.
    case relativeNodes = "MPOL_F_RELATIVE_NODES"
    /// Node numbers stay as they are when the allowed set changes.
    case staticNodes = "MPOL_F_STATIC_NODES"
}
