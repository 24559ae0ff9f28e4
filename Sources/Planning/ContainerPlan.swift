/// Everything that will be done to make one container, as values: filled by `planContainer`, printed by `PlanDescription`, carried out by ContainerRuntime.
///
/// Phases are fields, in the order in which they are carried out. The plan is complete before the clone, so the child inherits it in memory.
public struct ContainerPlan: Sendable, Hashable {
    /// The container's id.
    public var id: String
    /// The bundle's folder, absolute.
    public var bundle: String
    /// The clone, the namespaces and the id maps.
    public var spawn: SpawnPlan
    /// Where the container lives in the cgroup hierarchies and what is written there.
    public var cgroup: CgroupPlan
    /// The group of resctrl; `nil` where none is asked for.
    public var rdt: RdtPlan?
    /// Network interfaces that move into the container's network namespace.
    public var netDevices: [NetDeviceMove]
    /// What is done in a new network namespace.
    public var network: [NetworkStep]
    /// The root file system.
    public var rootfs: RootfsPlan
    /// Host name, domain name and sysctls.
    public var settings: [SettingStep]
    /// User, groups, capabilities, limits, working directory.
    public var identity: IdentityPlan
    /// Processor and I/O scheduling, memory nodes, execution domain.
    public var scheduling: SchedulingPlan
    /// Labels, no_new_privs and seccomp.
    public var security: SecurityPlan
    /// What is executed; `nil` where config.json has no `process`, which is an error at `start` only.
    public var program: ProgramPlan?
    /// The six kinds of hooks.
    public var hooks: HookPlan
    /// config.json's annotations, for the state document.
    public var annotations: [String: String]
    /// What was left out with the specification's leave (an unknown capability, …), one line each; logged once.
    public var warnings: [String]
    /// What was left out and is of interest only to somebody who looks for it, one line each; logged with `--debug`.
    public var notes: [String]

    /// Creates the value from its properties.
    public init(
        id: String, bundle: String, spawn: SpawnPlan, cgroup: CgroupPlan, rdt: RdtPlan?, netDevices: [NetDeviceMove],
        network: [NetworkStep],
        rootfs: RootfsPlan,
        settings: [SettingStep],
        identity: IdentityPlan, scheduling: SchedulingPlan = SchedulingPlan(), security: SecurityPlan, program: ProgramPlan?,
        hooks: HookPlan, annotations: [String: String],
        warnings: [String], notes: [String]
    ) {
        self.id = id
        self.bundle = bundle
        self.spawn = spawn
        self.cgroup = cgroup
        self.rdt = rdt
        self.netDevices = netDevices
        self.network = network
        self.rootfs = rootfs
        self.settings = settings
        self.identity = identity
        self.scheduling = scheduling
        self.security = security
        self.program = program
        self.hooks = hooks
        self.annotations = annotations
        self.warnings = warnings
        self.notes = notes
    }
}
