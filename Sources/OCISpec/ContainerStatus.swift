public import JSON

/// What a container is doing. See runtime-spec, runtime, "State".
///
/// `paused` is not the specification's own word but every runtime's.
public enum ContainerStatus: String, JSONName, Sendable, Hashable {
    /// The container is being made.
    case creating
    /// All is in place and the program has not been started.
    case created
    /// The program has been started and has not ended.
    case running
    /// The program is frozen.
    case paused
    /// The program has ended.
    case stopped
}
