import OCISpec

/// All hooks, in the order of config.json.
public struct HookPlan: Codable, Sendable, Hashable {
    /// During create, before pivot_root, in the runtime's namespaces; deprecated.
    public var prestart: [HookStep] = []
    /// During create, before pivot_root, in the runtime's namespaces.
    public var createRuntime: [HookStep] = []
    /// During create, before pivot_root, in the container's namespaces.
    public var createContainer: [HookStep] = []
    /// During start, in the container's namespaces, before the program.
    public var startContainer: [HookStep] = []
    /// During start, after the program was executed, in the runtime's namespaces.
    public var poststart: [HookStep] = []
    /// During delete, after the container is gone, in the runtime's namespaces.
    public var poststop: [HookStep] = []

    /// Creates a plan without hooks.
    public init() {}
}

/// One hook.
public struct HookStep: Codable, Sendable, Hashable {
    /// The JSON path, for example `hooks.prestart[0]`.
    public var origin: String
    /// The program, absolute.
    public var path: String
    /// `args` as configured; empty means the path alone.
    public var arguments: [String]
    /// `nil` inherits: the runtime's environment in the runtime's namespaces, none for createContainer, the process's own for startContainer.
    public var environment: [String]?
    /// Seconds, above zero; `nil` waits without limit.
    public var timeoutSeconds: Int?

    /// Creates the value from its properties.
    public init(origin: String, path: String, arguments: [String], environment: [String]?, timeoutSeconds: Int?) {
        self.origin = origin
        self.path = path
        self.arguments = arguments
        self.environment = environment
        self.timeoutSeconds = timeoutSeconds
    }
}

/// Plans the hooks as config.json lists them.
///
/// See runtime-spec, config, "POSIX-platform Hooks".
func planHooks(_ hooks: Hooks?) -> HookPlan {
    var plan = HookPlan()
    guard let hooks else { return plan }
    plan.prestart = planHooks(hooks.prestart, "hooks.prestart")
    plan.createRuntime = planHooks(hooks.createRuntime, "hooks.createRuntime")
    plan.createContainer = planHooks(hooks.createContainer, "hooks.createContainer")
    plan.startContainer = planHooks(hooks.startContainer, "hooks.startContainer")
    plan.poststart = planHooks(hooks.poststart, "hooks.poststart")
    plan.poststop = planHooks(hooks.poststop, "hooks.poststop")
    return plan
}

private func planHooks(_ hooks: [Hook]?, _ list: String) -> [HookStep] {
    var steps: [HookStep] = []
    for (index, hook) in (hooks ?? []).enumerated() {
        steps.append(
            HookStep(
                origin: path(list, index), path: hook.path, arguments: hook.args ?? [], environment: hook.env, timeoutSeconds: hook.timeout)
        )
    }
    return steps
}
