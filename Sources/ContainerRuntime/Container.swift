public import KernelABI
public import OCISpec

/// What `state` and `list` tell of a container.
public struct ContainerState: Sendable, Hashable {
    public var id: String
    /// The container's process as the runtime sees it; 0 when there is none.
    public var pid: Int32
    public var status: ContainerStatus
    /// Absolute.
    public var bundle: String
    /// Absolute.
    public var rootfs: String
    /// RFC 3339 with nanoseconds, UTC.
    public var created: String
    public var annotations: [String: String]
    /// The user id that owns the container's folder.
    public var ownerUID: UInt32
}

/// A container that was created earlier, by this process or another one.
///
/// Changing operations wait for the container's lock and hold it; `kill` and reading the state take none, so that a hook may call them and a
/// hanging `start` can be killed.
public struct Container: ~Copyable {
    let factory: ContainerFactory
    public let id: String
    /// What was observed when the container was loaded.
    public internal(set) var state: ContainerState

    /// Looks at the container once more.
    public mutating func refresh() throws(RuntimeError) {
        state = try factory.observe(id: id)
    }

    /// Runs the program of a created container and returns when it was executed.
    ///
    /// - Throws: `RuntimeError` with `.wrongState`, or with what the program or a startContainer or poststart hook failed with; then the
    ///   container is gone.
    public mutating func start() throws(RuntimeError) {
        try factory.start(id: id)
        do {
            try refresh()
        } catch {
            // The program has run; another command was quick to delete the container.
            guard error.kind == .notFound else { throw error }
            state.status = .stopped
            state.pid = 0
        }
    }

    /// Sends a signal to the container's process.
    ///
    /// - Parameter all: to every process in the container's cgroup.
    /// - Throws: `RuntimeError` with `.wrongState` and the words `container not running`.
    public mutating func kill(_ signal: Signal, all: Bool = false) throws(RuntimeError) {
        try factory.kill(id: id, signal, all: all)
    }

    /// Stops all processes of the container where they are.
    ///
    /// - Throws: `RuntimeError` with `.wrongState` and the words `container not running`.
    public mutating func pause() throws(RuntimeError) {
        try factory.pause(id: id)
        state.status = .paused
    }

    /// Lets the processes of a paused container go on.
    ///
    /// - Throws: `RuntimeError` with `.wrongState` and the words `container not paused`.
    public mutating func resume() throws(RuntimeError) {
        try factory.resume(id: id)
        try refresh()
    }

    /// Changes limits of the container: those that `resources` has. All are changed or, if one is refused, none.
    ///
    /// Values that stand for "unset" (0 bytes, an empty list) leave a limit as it is. What holds then is kept with the container.
    /// - Throws: `RuntimeError` with `.wrongState` and the words `container not running`, or with the pointer of the limit that was refused, as in
    ///   config.json: `linux.resources.memory.limit`.
    public mutating func update(_ resources: LinuxResources) throws(RuntimeError) {
        try factory.update(id: id, resources)
    }

    /// Removes the container; a running one only by `force`, which kills it.
    public consuming func delete(force: Bool = false) throws(RuntimeError) {
        try factory.delete(id: id, force: force)
    }
}
