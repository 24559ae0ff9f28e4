public import KernelABI

/// Who the container's process is.
public struct IdentityPlan: Sendable, Hashable {
    /// Ids as seen inside the container.
    public var uid: UInt32
    public var gid: UInt32
    /// Exactly the supplementary groups; the caller's own are never inherited. `nil` where setgroups(2) is denied in the user namespace.
    public var additionalGids: [UInt32]?
    /// File mode creation mask, 0022 unless set.
    public var umask: FileMode
    public var capabilities: CapabilityPlan
    public var limits: [LimitStep]
    /// `process.oomScoreAdj`; `nil` leaves the caller's value.
    public var oomScoreAdjustment: Int?
    /// The working directory, absolute inside; made with mode 0755 when missing.
    public var cwd: String
    /// Whether the process gets a session keyring of its own, named `_ses.<id>`.
    public var makesSessionKeyring: Bool

    public init(
        uid: UInt32, gid: UInt32, additionalGids: [UInt32]?, umask: FileMode, capabilities: CapabilityPlan, limits: [LimitStep],
        oomScoreAdjustment: Int?, cwd: String, makesSessionKeyring: Bool
    ) {
        self.uid = uid
        self.gid = gid
        self.additionalGids = additionalGids
        self.umask = umask
        self.capabilities = capabilities
        self.limits = limits
        self.oomScoreAdjustment = oomScoreAdjustment
        self.cwd = cwd
        self.makesSessionKeyring = makesSessionKeyring
    }
}

/// The five capability sets. A set that config.json leaves out is empty.
public struct CapabilityPlan: Sendable, Hashable {
    public var bounding: CapabilitySet
    public var effective: CapabilitySet
    public var permitted: CapabilitySet
    public var inheritable: CapabilitySet
    public var ambient: CapabilitySet

    public init(
        bounding: CapabilitySet, effective: CapabilitySet, permitted: CapabilitySet, inheritable: CapabilitySet, ambient: CapabilitySet
    ) {
        self.bounding = bounding
        self.effective = effective
        self.permitted = permitted
        self.inheritable = inheritable
        self.ambient = ambient
    }
}

/// One resource limit.
public struct LimitStep: Sendable, Hashable {
    public var limit: ResourceLimit
    public var soft: UInt64
    public var hard: UInt64
    /// The JSON path, for example `process.rlimits[0]`.
    public var origin: String

    public init(limit: ResourceLimit, soft: UInt64, hard: UInt64, origin: String) {
        self.limit = limit
        self.soft = soft
        self.hard = hard
        self.origin = origin
    }
}

/// What confines the process after its identity is set.
public struct SecurityPlan: Sendable, Hashable {
    public var noNewPrivileges: Bool

    public init(noNewPrivileges: Bool) {
        self.noNewPrivileges = noNewPrivileges
    }
}

/// What is executed.
public struct ProgramPlan: Sendable, Hashable {
    /// At least one word; the first is looked up as execvp(3) does.
    public var arguments: [String]
    /// `process.env` with duplicates resolved: the last value at the first one's place.
    public var environment: [String]
    /// Where the program is looked up: `PATH` of `environment`.
    public var searchPath: [String]
    /// Whether `HOME` is missing or empty and is to be added from the container's passwd file.
    public var needsHome: Bool

    public init(arguments: [String], environment: [String], searchPath: [String], needsHome: Bool) {
        self.arguments = arguments
        self.environment = environment
        self.searchPath = searchPath
        self.needsHome = needsHome
    }
}

/// All hooks, in the order of config.json.
public struct HookPlan: Codable, Sendable, Hashable {
    public var prestart: [HookStep] = []
    public var createRuntime: [HookStep] = []
    public var createContainer: [HookStep] = []
    public var startContainer: [HookStep] = []
    public var poststart: [HookStep] = []
    public var poststop: [HookStep] = []

    public init() {}
}

/// One hook.
public struct HookStep: Codable, Sendable, Hashable {
    /// The JSON path, for example `hooks.prestart[0]`.
    public var origin: String
    public var path: String
    /// `args` as configured; empty means the path alone.
    public var arguments: [String]
    /// `nil` inherits: the runtime's environment in the runtime's namespaces, none for createContainer, the process's own for startContainer.
    public var environment: [String]?
    /// Seconds, above zero; `nil` waits without limit.
    public var timeoutSeconds: Int?

    public init(origin: String, path: String, arguments: [String], environment: [String]?, timeoutSeconds: Int?) {
        self.origin = origin
        self.path = path
        self.arguments = arguments
        self.environment = environment
        self.timeoutSeconds = timeoutSeconds
    }
}
