/// One thing that `validate` has to say about a configuration.
public struct Finding: Sendable, Hashable {
    /// How much it matters.
    public enum Severity: String, Sendable, Hashable {
        /// The container would not be made.
        case error
        /// It would be made, but hardly as it is meant.
        case warning
        /// Good to know.
        case note
    }

    /// How much it matters.
    public var severity: Severity
    /// Where in config.json: `mounts[3].source`; empty for the document itself.
    public var pointer: String
    /// What must hold and what is there instead: `must be 0 to 7, is 9`.
    public var rule: String
    /// What to do about it: `add {"type": "uts"} to linux.namespaces`; `nil` where the rule says it all.
    public var fix: String?
    /// Line and column in the file, from 1; `nil` where the file could not be read.
    public var line: Int?
    public var column: Int?
    /// The value as it stands in the file, if it is no object or array; a long one is cut in its middle.
    public var value: String?

    /// Creates a finding; where it stands and what stands there is filled in later.
    public init(_ severity: Severity, _ pointer: String, _ rule: String, fix: String? = nil) {
        self.severity = severity
        self.pointer = pointer
        self.rule = rule
        self.fix = fix
    }

    /// The chapter and heading of the specification that the property belongs to; `nil` where it names none.
    public var section: SpecSection? { SpecSection(ofProperty: pointer) }
}

/// A place in the runtime specification.
public struct SpecSection: Sendable, Hashable {
    /// The chapter's file: `config-linux.md`.
    public let chapter: String
    /// The heading: `Namespaces`.
    public let heading: String

    /// Finds the place of a property by its JSON path; `nil` for what the specification does not know.
    public init?(ofProperty pointer: String) {
        let words = SpecSection.words(of: pointer)
        guard let section = SpecSection.sections.first(where: { words.starts(with: SpecSection.words(of: $0.property)) }) else {
            return nil
        }
        chapter = section.isLinux ? "config-linux.md" : "config.md"
        heading = section.heading
    }

    /// The path's keys, without indices and without keys in brackets.
    private static func words(of pointer: String) -> [Substring] {
        // No property has more; a key in the pointer may be of any length.
        pointer.utf8.split(separator: UInt8(ascii: "."), maxSplits: longestProperty).prefix(longestProperty)
            .map { Substring($0.prefix { $0 != UInt8(ascii: "[") }) }
    }

    /// How many words the longest of `sections` has.
    private static let longestProperty = 3

    /// Longer paths before shorter ones.
    private static let sections: [(property: String, isLinux: Bool, heading: String)] = [
        ("ociVersion", false, "Specification version"),
        ("root", false, "Root"),
        ("mounts", false, "Mounts"),
        ("process.user", false, "User"),
        ("process.rlimits", false, "POSIX process"),
        ("process.capabilities", false, "Linux Process"),
        ("process.apparmorProfile", false, "Linux Process"),
        ("process.noNewPrivileges", false, "Linux Process"),
        ("process.oomScoreAdj", false, "Linux Process"),
        ("process.scheduler", false, "Linux Process"),
        ("process.selinuxLabel", false, "Linux Process"),
        ("process.ioPriority", false, "Linux Process"),
        ("process.execCPUAffinity", false, "Linux Process"),
        ("process", false, "Process"),
        ("hostname", false, "Hostname"),
        ("domainname", false, "Domainname"),
        ("hooks", false, "POSIX-platform Hooks"),
        ("annotations", false, "Annotations"),
        ("linux.namespaces", true, "Namespaces"),
        ("linux.uidMappings", true, "User namespace mappings"),
        ("linux.gidMappings", true, "User namespace mappings"),
        ("linux.timeOffsets", true, "Offset for Time Namespace"),
        ("linux.devices", true, "Devices"),
        ("linux.netDevices", true, "Network Devices"),
        ("linux.cgroupsPath", true, "Cgroups Path"),
        ("linux.resources.devices", true, "Allowed Device list"),
        ("linux.resources.memory", true, "Memory"),
        ("linux.resources.cpu", true, "CPU"),
        ("linux.resources.blockIO", true, "Block IO"),
        ("linux.resources.hugepageLimits", true, "Huge page limits"),
        ("linux.resources.network", true, "Network"),
        ("linux.resources.pids", true, "PIDs"),
        ("linux.resources.rdma", true, "RDMA"),
        ("linux.resources.unified", true, "Unified"),
        ("linux.resources", true, "Control groups"),
        ("linux.intelRdt", true, "IntelRdt"),
        ("linux.memoryPolicy", true, "Memory policy"),
        ("linux.sysctl", true, "Sysctl"),
        ("linux.seccomp", true, "Seccomp"),
        ("linux.rootfsPropagation", true, "Rootfs Mount Propagation"),
        ("linux.maskedPaths", true, "Masked Paths"),
        ("linux.readonlyPaths", true, "Readonly Paths"),
        ("linux.mountLabel", true, "Mount Label"),
        ("linux.personality", true, "Personality"),
        ("linux", false, "Platform-specific configuration"),
    ]
}
