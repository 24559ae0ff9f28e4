public import KernelABI

/// How the container's first process comes into being.
public struct SpawnPlan: Sendable, Hashable {
    /// Namespaces that clone3 makes. The cgroup namespace is never among them, see `makesCgroupNamespace`.
    public var newNamespaces: CloneFlags
    /// Namespaces that exist and are joined, in the order of joining. The pid namespace is joined by the parent, because that takes effect for children only.
    public var joins: [NamespaceJoin]
    /// Whether the child makes a cgroup namespace. It does so after it has entered its cgroup, which becomes the namespace's root.
    public var makesCgroupNamespace: Bool
    /// The id maps of a new user namespace; `nil` without one.
    public var userMapping: UserMapping?

    public init(newNamespaces: CloneFlags, joins: [NamespaceJoin], makesCgroupNamespace: Bool, userMapping: UserMapping?) {
        self.newNamespaces = newNamespaces
        self.joins = joins
        self.makesCgroupNamespace = makesCgroupNamespace
        self.userMapping = userMapping
    }
}

/// One existing namespace to join.
public struct NamespaceJoin: Sendable, Hashable {
    /// The one kind that the file must have.
    public var kind: CloneFlags
    /// The namespace file, absolute in the runtime's mount namespace.
    public var path: String
    /// The JSON path, for example `linux.namespaces[1]`.
    public var origin: String

    public init(kind: CloneFlags, path: String, origin: String) {
        self.kind = kind
        self.path = path
        self.origin = origin
    }
}

/// The id maps of a new user namespace.
public struct UserMapping: Sendable, Hashable {
    public var uids: [IDMapping]
    public var gids: [IDMapping]
    /// Whether setgroups(2) stays allowed inside. An unprivileged runtime has to deny it.
    public var allowsSetGroups: Bool

    public init(uids: [IDMapping], gids: [IDMapping], allowsSetGroups: Bool) {
        self.uids = uids
        self.gids = gids
        self.allowsSetGroups = allowsSetGroups
    }
}

/// One thing done in the container's network namespace.
public enum NetworkStep: Sendable, Hashable {
    /// Sets the loopback interface up.
    case setLoopbackUp
}
