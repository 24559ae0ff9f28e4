import Cgroups
import Kernel
import KernelABI
import Planning

/// What init takes over from the parent besides the plan in memory.
struct InitInheritance: ~Copyable {
    /// Init's end of the sync socket; becomes descriptor 3.
    let sync: FileDescriptor
    /// The socket that listens as start.sock: accepted from when everything is ready.
    let gate: FileDescriptor
    /// The namespace files that are still to be joined, in the order of the plan, without the pid namespace.
    var joins: DescriptorList
    var joinKinds: [CloneFlags]
    /// The files to which init writes `0` to enter its cgroup.
    var entrances: [String]
    /// The sources of the id-mapped mounts, in the order of the plan.
    var mappedSources: DescriptorList
}

/// The child exists and waits; it knows nothing but the plan.
struct Spawned: ~Copyable {
    var link: InitLink
}

/// Clones the container's first process into its new namespaces and, on cgroup2, into its cgroup.
///
/// The caller runs on as the parent; the child ends in `runInit`, which never returns.
func spawnInit(
    _ plan: ContainerPlan, gate: consuming FileDescriptor, birthplace: Int32?, driver: any CgroupDriver,
    cancellation: Cancellation
) throws(RuntimeError) -> Spawned {
    let joins = try openNamespaces(plan.spawn.joins)
    let mappedSources = try mapSources(plan.rootfs)
    let sync: DescriptorPair
    do {
        sync = try Kernel.socketPair()
    } catch {
        throw RuntimeError(doing: "make the sync socket", cause: error)
    }
    let ownPIDNamespace = try joinPIDNamespace(of: plan.spawn.joins)
    let cgroup = plan.cgroup.handle
    var inheritance = InitInheritance(
        sync: sync.second, gate: gate, joins: joins.descriptors, joinKinds: joins.kinds,
        entrances: driver.entrances(to: cgroup, isBornInUnified: birthplace != nil), mappedSources: mappedSources)
    let usesMiddleProcess = plan.spawn.usesMiddleProcess
    let flags = usesMiddleProcess ? [] : plan.spawn.newNamespaces
    let outcome: CloneOutcome
    do throws(SyscallError) {
        do throws(SyscallError) {
            outcome = try Kernel.clone(CloneArguments(flags: flags, cgroup: birthplace))
        } catch {
            // A limit of 0 processes lets nobody be born in the cgroup. Entering it is not limited: see kernel, cgroup-v2, "PID".
            let mayOnlyBeEntered = error.errno == .EAGAIN && plan.cgroup.allowsNoProcess
            guard birthplace != nil, error.mayBeUnknownCgroup || mayOnlyBeEntered else { throw error }
            inheritance.entrances = driver.entrances(to: cgroup, isBornInUnified: false)
            outcome = try Kernel.clone(CloneArguments(flags: flags))
        }
    } catch {
        // The caller gets to know why there is no child; that its next one would be born in the container comes second.
        try? returnToPIDNamespace(ownPIDNamespace)
        throw RuntimeError(
            doing: "clone the container's process", pointer: "linux.namespaces", cause: error,
            remark: obstacle(toMaking: plan.spawn.newNamespaces, error.errno))
    }
    switch consume outcome {
    case .child:
        if usesMiddleProcess { runMiddleProcess(plan, &inheritance) }
        runInit(plan, inheritance)
    case .parent(let child):
        let link: InitLink
        do {
            let initChild = usesMiddleProcess ? try receiveInit(from: child, over: sync.first) : child
            link = InitLink(
                child: initChild, sync: SyncSocket(sync.first), expectsListener: plan.security.seccomp?.listener != nil,
                cancellation: cancellation)
        } catch {
            try? returnToPIDNamespace(ownPIDNamespace)
            throw error
        }
        // ORDER: undone at once, or the next hook would be born in the container.
        try leavePIDNamespace(to: ownPIDNamespace, killing: link)
        return Spawned(link: link)
    }
}

extension SyscallError {
    /// Whether clone3(2) is missing, refused by a filter, or does not know CLONE_INTO_CGROUP yet.
    ///
    /// KERNEL: the flag since 5.7, with a longer structure, which 5.3 to 5.6 refuse with E2BIG. Init enters the cgroup by itself then.
    fileprivate var mayBeUnknownCgroup: Bool { [.ENOSYS, .EPERM, .EINVAL, .E2BIG].contains(errno) }
}

extension Optional where Wrapped == FileDescriptor {
    /// The number of the descriptor, if there is one.
    var number: Int32? {
        switch self {
        case .some(let descriptor): descriptor.number
        case .none: nil
        }
    }
}

private struct OpenedNamespaces: ~Copyable {
    var descriptors = DescriptorList()
    var kinds: [CloneFlags] = []
}

/// Opens and checks the namespace files that init joins.
private func openNamespaces(_ joins: [NamespaceJoin]) throws(RuntimeError) -> OpenedNamespaces {
    var opened = OpenedNamespaces()
    for join in joins where join.kind != .newPID {
        let file = try openNamespace(join)
        try refuseOwnNamespace(join, file)
        opened.descriptors.append(file)
        opened.kinds.append(join.kind)
    }
    return opened
}

/// Opens one namespace file without waiting (it could be a fifo) and checks that it is a namespace of the kind that is asked for.
private func openNamespace(_ join: NamespaceJoin) throws(RuntimeError) -> FileDescriptor {
    do throws(SyscallError) {
        let file = try Kernel.open(join.path, [.readOnly, .nonBlocking])
        guard let kind = try? Kernel.namespaceKind(of: file), kind == join.kind else {
            throw SyscallError("setns", namespaceFound(at: file), .EINVAL)
        }
        return file
    } catch {
        throw RuntimeError(
            doing: "join the namespace \(join.path)", pointer: join.origin, cause: error, remark: missingPart(of: join.path))
    }
}

private func refuseOwnNamespace(_ join: NamespaceJoin, _ file: borrowing FileDescriptor) throws(RuntimeError) {
    guard case .refuse(let problem, let path) = join.ifOwn else { return }
    let found: FileStatus
    let own: FileStatus
    do {
        found = try Kernel.status(of: file)
        own = try Kernel.status(path, followSymlinks: true)
    } catch {
        throw RuntimeError(doing: "compare the namespace \(join.path) with the runtime's own", pointer: join.origin, cause: error)
    }
    // Device and inode tell namespaces apart, see namespaces(7), "The /proc/pid/ns/ directory".
    if found.inode == own.inode, found.device == own.device { throw RuntimeError(problem) }
}

/// Has the next child born in the pid namespace that is to be joined. Gives the runtime's own one, to go back to.
private func joinPIDNamespace(of joins: [NamespaceJoin]) throws(RuntimeError) -> FileDescriptor? {
    for join in joins where join.kind == .newPID {
        let target = try openNamespace(join)
        do {
            let own = try Kernel.open("/proc/self/ns/pid", [.readOnly])
            try Kernel.setNamespace(target, kinds: .newPID)
            return own
        } catch {
            throw RuntimeError(doing: "join the namespace \(join.path)", pointer: join.origin, cause: error)
        }
    }
    return nil
}

private func leavePIDNamespace(to own: consuming FileDescriptor?, killing link: borrowing InitLink) throws(RuntimeError) {
    do {
        try returnToPIDNamespace(own)
    } catch {
        link.end()
        throw RuntimeError(doing: "return to the runtime's pid namespace", cause: error)
    }
}

private func returnToPIDNamespace(_ own: consuming FileDescriptor?) throws(SyscallError) {
    guard let own else { return }
    try Kernel.setNamespace(own, kinds: .newPID)
}
