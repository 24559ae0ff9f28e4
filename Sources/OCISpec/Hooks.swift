/// Programs run at points of the container's life, each list in its order. See runtime-spec, config, "POSIX-platform Hooks"; runtime, "Lifecycle".
public struct Hooks: Codable, Sendable, Hashable {
    /// Deprecated; during create, after the namespaces exist and before pivot_root, in the runtime's namespaces, ahead of `createRuntime`.
    public var prestart: [Hook]?

    /// During create, after the namespaces exist and before pivot_root, in the runtime's namespaces.
    public var createRuntime: [Hook]?

    /// During create, after the mounts and before pivot_root, in the container's namespaces; `path` is looked up outside.
    public var createContainer: [Hook]?

    /// During start, in the container's namespaces, just before the program of `process`.
    public var startContainer: [Hook]?

    /// During start, after the program was started, in the runtime's namespaces.
    public var poststart: [Hook]?

    /// During delete, after the container is gone, in the runtime's namespaces. A failure is only logged.
    public var poststop: [Hook]?

    /// Creates the section; every property left out is absent from the JSON.
    public init(
        prestart: [Hook]? = nil,
        createRuntime: [Hook]? = nil,
        createContainer: [Hook]? = nil,
        startContainer: [Hook]? = nil,
        poststart: [Hook]? = nil,
        poststop: [Hook]? = nil
    ) {
        self.prestart = prestart
        self.createRuntime = createRuntime
        self.createContainer = createContainer
        self.startContainer = startContainer
        self.poststart = poststart
        self.poststop = poststop
    }
}

/// One hook program. The container's state arrives on its standard input. See runtime-spec, config, "POSIX-platform Hooks".
public struct Hook: Codable, Sendable, Hashable {
    /// The program's absolute path.
    public var path: String

    /// The arguments, the program's name first, as for execv(3). Absent: the path alone.
    public var args: [String]?

    /// The environment as `NAME=value` entries. Absent: decided by the runtime.
    public var env: [String]?

    /// Seconds until the hook is killed; must be above 0. Absent: no limit.
    public var timeout: Int?

    /// Creates the value; every optional property left out is absent from the JSON.
    public init(
        path: String,
        args: [String]? = nil,
        env: [String]? = nil,
        timeout: Int? = nil
    ) {
        self.path = path
        self.args = args
        self.env = env
        self.timeout = timeout
    }
}
