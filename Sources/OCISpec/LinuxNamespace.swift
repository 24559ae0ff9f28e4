public import JSON

/// One namespace to create or to join. See runtime-spec, config-linux, "Namespaces".
public struct LinuxNamespace: Codable, Sendable, Hashable {
    /// Which kind; each at most once in the list.
    public var type: LinuxNamespaceType

    /// The namespace to join, an absolute path as seen by the runtime. Absent: a new one is created.
    public var path: String?

    /// Creates the value; every optional property left out is absent from the JSON.
    public init(type: LinuxNamespaceType, path: String? = nil) {
        self.type = type
        self.path = path
    }
}

/// The kinds of namespaces. Another word is an error. See namespaces(7).
public enum LinuxNamespaceType: String, JSONName, Sendable, Hashable {
    /// Process ids.
    case pid
    /// Network interfaces, addresses, routes, sockets.
    case network
    /// The mount table.
    case mount
    /// System V IPC and POSIX message queues.
    case ipc
    /// Host name and domain name.
    case uts
    /// User and group ids, capabilities.
    case user
    /// The view of the cgroup tree.
    case cgroup
    /// The monotonic and boot-time clocks. KERNEL: 5.6.
    case time
}
