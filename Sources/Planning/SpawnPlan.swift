public import KernelABI
import OCISpec

/// How the container's first process comes into being.
public struct SpawnPlan: Sendable, Hashable {
    /// Namespaces that clone3 makes. The cgroup and the time namespace are never among them, see `makesCgroupNamespace` and `timeOffsets`, nor is
    /// an IPC namespace of which `makesIPCNamespaceAsRoot` is true.
    public var newNamespaces: CloneFlags
    /// Namespaces that exist and are joined, in the order of joining. The pid namespace is joined by the parent, because that takes effect for
    /// children only; who joins the others, `usesMiddleProcess` says.
    public var joins: [NamespaceJoin]
    /// Whether the child makes a cgroup namespace. It does so after it has entered its cgroup, which becomes the namespace's root.
    public var makesCgroupNamespace: Bool
    /// Whether the child makes the IPC namespace, once it is root of the user namespace. It owns the top folder of the message queues then,
    /// which lets nobody else label it.
    public var makesIPCNamespaceAsRoot: Bool
    /// The clocks of a new time namespace, which the child makes and enters by itself; `nil` without one.
    public var timeOffsets: [TimeOffset]?
    /// The id maps of a new user namespace; `nil` without one.
    public var userMapping: UserMapping?
    /// The id maps that a joined user namespace has to have; `nil` where config.json gives none, or for none that is joined.
    public var expectedMapping: UserMapping?

    /// Creates the value from its properties.
    public init(
        newNamespaces: CloneFlags, joins: [NamespaceJoin], makesCgroupNamespace: Bool, makesIPCNamespaceAsRoot: Bool,
        timeOffsets: [TimeOffset]?,
        userMapping: UserMapping?, expectedMapping: UserMapping?
    ) {
        self.newNamespaces = newNamespaces
        self.joins = joins
        self.makesCgroupNamespace = makesCgroupNamespace
        self.makesIPCNamespaceAsRoot = makesIPCNamespaceAsRoot
        self.timeOffsets = timeOffsets
        self.userMapping = userMapping
        self.expectedMapping = expectedMapping
    }

    /// Whether the container has another user namespace than the runtime, a new or a joined one.
    public var hasUserNamespace: Bool { userMapping != nil || joinsUserNamespace }

    /// Whether a process between runtime and init joins namespaces and makes init.
    ///
    /// A user namespace that is joined has to be entered before the clone, or it would not own what the clone makes. And who is in a new user
    /// namespace has no right any more to join what the host owns. The mount namespace is left to init in any case.
    public var usesMiddleProcess: Bool {
        hasUserNamespace && joins.contains { $0.isForMiddleProcess }
    }

    private var joinsUserNamespace: Bool { joins.contains { $0.kind == .newUser } }
}

/// One existing namespace to join.
public struct NamespaceJoin: Sendable, Hashable {
    /// The one kind that the file must have.
    public var kind: CloneFlags
    /// The namespace file, absolute in the runtime's mount namespace.
    public var path: String
    /// The JSON path, for example `linux.namespaces[1]`.
    public var origin: String
    /// What happens when the file turns out to be the runtime's own namespace, which leaving the kind out would have shared too.
    public var ifOwn: OwnNamespacePolicy

    /// Creates the value from its properties.
    public init(kind: CloneFlags, path: String, origin: String, ifOwn: OwnNamespacePolicy) {
        self.kind = kind
        self.path = path
        self.origin = origin
        self.ifOwn = ifOwn
    }

    /// Whether it is joined by the middle process where there is one.
    public var isForMiddleProcess: Bool { kind != .newPID && kind != .newMount }
}

/// What happens when a namespace that is to be joined is the runtime's own.
public enum OwnNamespacePolicy: Sendable, Hashable {
    /// It is shared.
    case share
    /// Creation fails with this problem: what is planned for the container would be done to the host (CVE-2022-0811). `own` is the file to
    /// compare with.
    case refuse(SpecProblem, own: String)
}

/// The id maps of a user namespace.
public struct UserMapping: Sendable, Hashable {
    /// Lines of /proc/<pid>/uid_map.
    public var uids: [IDMapping]
    /// Lines of /proc/<pid>/gid_map.
    public var gids: [IDMapping]
    /// Whether setgroups(2) stays allowed inside. An unprivileged runtime has to deny it.
    public var allowsSetGroups: Bool

    /// Creates the value from its properties.
    public init(uids: [IDMapping], gids: [IDMapping], allowsSetGroups: Bool) {
        self.uids = uids
        self.gids = gids
        self.allowsSetGroups = allowsSetGroups
    }
}

/// The kinds of namespaces that `linux.namespaces` lists. What is not listed is inherited from the runtime.
struct ListedNamespaces: Hashable {
    /// Without a path: new ones.
    var made: CloneFlags = []
    /// With a path: existing ones.
    var joined: CloneFlags = []

    init(_ spec: Spec) {
        for namespace in spec.linux?.namespaces ?? [] {
            if namespace.path == nil { made.insert(namespace.type.flag) } else { joined.insert(namespace.type.flag) }
        }
    }

    /// Whether the container does not share the runtime's namespace of that kind.
    func contains(_ kind: CloneFlags) -> Bool { made.union(joined).contains(kind) }
}

extension LinuxNamespaceType {
    /// The kind as the kernel names it.
    var flag: CloneFlags {
        switch self {
        case .pid: .newPID
        case .network: .newNetwork
        case .mount: .newMount
        case .ipc: .newIPC
        case .uts: .newUTS
        case .user: .newUser
        case .cgroup: .newCgroup
        case .time: .newTime
        }
    }
}

/// Plans the clone, the namespaces and the id maps.
///
/// See runtime-spec, config-linux, "Namespaces" and "User namespace mappings".
func planSpawn(_ spec: Spec, _ namespaces: ListedNamespaces, on host: HostFacts) -> SpawnPlan {
    let makesIPCNamespaceAsRoot = labelsMessageQueues(spec) && namespaces.made.contains(.newIPC) && namespaces.contains(.newUser)
    return SpawnPlan(
        newNamespaces: namespaces.made.subtracting(makesIPCNamespaceAsRoot ? [.newCgroup, .newTime, .newIPC] : [.newCgroup, .newTime]),
        joins: namespaces.joined.isEmpty ? [] : planJoins(spec),
        makesCgroupNamespace: namespaces.made.contains(.newCgroup),
        makesIPCNamespaceAsRoot: makesIPCNamespaceAsRoot,
        timeOffsets: planTimeOffsets(spec, namespaces),
        userMapping: namespaces.made.contains(.newUser) ? planUserMapping(spec, on: host) : nil,
        expectedMapping: namespaces.joined.contains(.newUser) ? planExpectedMapping(spec, on: host) : nil)
}

// ORDER: the user namespace comes behind those that the host may own, which can be joined only with the runtime's own capabilities. The mount
// namespace comes last, so that whatever an earlier step still has to look up lies where the runtime sees it.
private func planJoins(_ spec: Spec) -> [NamespaceJoin] {
    let namespaces = spec.linux?.namespaces ?? []
    var joins: [NamespaceJoin] = []
    for turn in 0...2 {
        for index in namespaces.indices where namespaces[index].type.turnToJoin == turn {
            guard let joined = namespaces[index].path else { continue }
            let type = namespaces[index].type
            let origin = path("linux.namespaces", index)
            joins.append(NamespaceJoin(kind: type.flag, path: joined, origin: origin, ifOwn: ownNamespacePolicy(type, origin, spec)))
        }
    }
    return joins
}

extension LinuxNamespaceType {
    fileprivate var turnToJoin: Int {
        switch self {
        case .mount: 2
        case .user: 1
        default: 0
        }
    }
}

private func ownNamespacePolicy(_ type: LinuxNamespaceType, _ origin: String, _ spec: Spec) -> OwnNamespacePolicy {
    if type == .mount {
        return .refuse(SpecProblem("\(origin).path", "must not be the runtime's own mount namespace"), own: "/proc/self/ns/mnt")
    }
    if type == .user {
        // setns(2) refuses it, and a container that was to have another one would be root of the host's.
        return .refuse(SpecProblem("\(origin).path", "must not be the runtime's own user namespace"), own: "/proc/self/ns/user")
    }
    guard let setting = firstSetting(of: type, in: spec) else { return .share }
    let file = type == .network ? "net" : type.rawValue
    return .refuse(SpecProblem(setting, "needs \(withArticle(type)) namespace that is not the runtime's own"), own: "/proc/self/ns/\(file)")
}

/// The JSON path of the first setting that belongs to a namespace of that kind.
private func firstSetting(of type: LinuxNamespaceType, in spec: Spec) -> String? {
    if type == .uts {
        if spec.hostname?.isEmpty == false { return "hostname" }
        if spec.domainname?.isEmpty == false { return "domainname" }
    }
    if type == .network, spec.linux?.netDevices?.isEmpty == false { return "linux.netDevices" }
    let parameters = spec.linux?.sysctl ?? [:]
    let name = parameters.keys.sorted().first { name in sysctlPath(name).flatMap(owner(ofParameter:)) == type }
    return name.map { path("linux.sysctl", $0) }
}

private func planExpectedMapping(_ spec: Spec, on host: HostFacts) -> UserMapping? {
    let isGiven = spec.linux?.uidMappings?.isEmpty == false || spec.linux?.gidMappings?.isEmpty == false
    return isGiven ? planUserMapping(spec, on: host) : nil
}

private func planUserMapping(_ spec: Spec, on host: HostFacts) -> UserMapping {
    UserMapping(spec.linux?.uidMappings, spec.linux?.gidMappings, on: host)
}

extension UserMapping {
    /// The maps as config.json has them.
    init(_ uids: [LinuxIDMapping]?, _ gids: [LinuxIDMapping]?, on host: HostFacts) {
        func mappings(_ list: [LinuxIDMapping]?) -> [IDMapping] {
            (list ?? []).map { IDMapping(containerID: $0.containerID, hostID: $0.hostID, size: $0.size) }
        }
        // KERNEL: 3.19. Without CAP_SETGID a gid map is accepted only once setgroups(2) is denied, see user_namespaces(7).
        self.init(uids: mappings(uids), gids: mappings(gids), allowsSetGroups: host.capabilities.contains(.setgid))
    }
}
