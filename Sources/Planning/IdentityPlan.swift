public import KernelABI
import OCISpec

/// Who the container's process is.
public struct IdentityPlan: Sendable, Hashable {
    /// The user id as seen inside the container.
    public var uid: UInt32
    /// The group id inside.
    public var gid: UInt32
    /// Exactly the supplementary groups; the caller's own are never inherited. `nil` where setgroups(2) is, or may be, denied in the user
    /// namespace.
    public var additionalGids: [UInt32]?
    /// File mode creation mask, 0022 unless set.
    public var umask: FileMode
    /// The five capability sets.
    public var capabilities: CapabilityPlan
    /// Resource limits, in the order of config.json.
    public var limits: [LimitStep]
    /// `process.oomScoreAdj`; `nil` leaves the caller's value.
    public var oomScoreAdjustment: Int?
    /// The working directory, absolute inside; made with mode 0755 when missing.
    public var cwd: String
    /// Whether the process gets a session keyring of its own, named `_ses.<id>`.
    public var makesSessionKeyring: Bool

    /// Creates the value from its properties.
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

/// One resource limit.
public struct LimitStep: Sendable, Hashable {
    /// Which limit.
    public var limit: ResourceLimit
    /// The limit that is enforced.
    public var soft: UInt64
    /// The ceiling for `soft`.
    public var hard: UInt64
    /// The JSON path, for example `process.rlimits[0]`.
    public var origin: String

    /// Creates the value from its properties.
    public init(limit: ResourceLimit, soft: UInt64, hard: UInt64, origin: String) {
        self.limit = limit
        self.soft = soft
        self.hard = hard
        self.origin = origin
    }
}

/// Plans who the process is. Without `process` the waiting init is root without any capability.
///
/// See runtime-spec, config, "Process", "POSIX process", "Linux Process" and "POSIX-platform User".
func planIdentity(
    _ process: Process?, _ spawn: SpawnPlan, options: CreateOptions, on host: HostFacts, warnings: inout [String],
    notes: inout [String]
) throws(SpecProblem) -> IdentityPlan {
    let user = process?.user
    let grantable = spawn.hasUserNamespace ? .all : host.capabilities
    return IdentityPlan(
        uid: user?.uid ?? 0,
        gid: user?.gid ?? 0,
        additionalGids: try planGroups(user, spawn),
        umask: FileMode(rawValue: user?.umask ?? defaultUmask),
        capabilities: planCapabilities(process?.capabilities, grantable: grantable, warnings: &warnings, notes: &notes),
        limits: planLimits(process?.rlimits ?? []),
        oomScoreAdjustment: process?.oomScoreAdj,
        cwd: cleanPath(process?.cwd ?? "/"),
        makesSessionKeyring: options.makesSessionKeyring)
}

/// 0022, whatever the caller's own is: what images contain depends on it.
private let defaultUmask: UInt32 = 0o022

private func planGroups(_ user: User?, _ spawn: SpawnPlan) throws(SpecProblem) -> [UInt32]? {
    let groups = user?.additionalGids ?? []
    guard let userMapping = spawn.userMapping else {
        // Whether a joined user namespace denies setgroups(2) is known there only; init has cleared its groups where it does not.
        return spawn.hasUserNamespace && groups.isEmpty ? nil : groups
    }
    if userMapping.allowsSetGroups { return groups }
    guard groups.isEmpty else {
        throw SpecProblem(
            "process.user.additionalGids", "must be empty, because a runtime without CAP_SETGID cannot set groups in a user namespace")
    }
    return nil
}

private func planLimits(_ limits: [POSIXRlimit]) -> [LimitStep] {
    var steps: [LimitStep] = []
    for (index, limit) in limits.enumerated() {
        steps.append(
            LimitStep(limit: limit.type.limit, soft: limit.soft, hard: limit.hard, origin: path("process.rlimits", index)))
    }
    return steps
}

extension RlimitType {
    /// The limit as the kernel numbers it.
    var limit: ResourceLimit {
        switch self {
        case .addressSpace: .addressSpace
        case .core: .core
        case .cpu: .cpu
        case .data: .data
        case .fileSize: .fileSize
        case .locks: .locks
        case .lockedMemory: .lockedMemory
        case .messageQueue: .messageQueues
        case .nice: .nice
        case .openFiles: .openFiles
        case .processes: .processes
        case .residentSet: .residentSet
        case .realtimePriority: .realTimePriority
        case .realtimeTime: .realTimeTime
        case .pendingSignals: .pendingSignals
        case .stack: .stack
        }
    }
}
