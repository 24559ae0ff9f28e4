import Kernel
import KernelABI
import Planning

// Id-mapped mounts. Only a process with CAP_SYS_ADMIN over the file system's user namespace may map its owners, so the parent does it before
// the clone: init may be root of another user namespace by then (decision 0018).

/// Clones the sources of the id-mapped mounts of `plan` and maps their owners, in the order of the plan.
///
/// The trees are attached nowhere; they end with their descriptors.
func mapSources(_ plan: RootfsPlan) throws(RuntimeError) -> DescriptorList {
    var sources = DescriptorList()
    guard plan.mapsOwners else { return sources }
    var namespaces = UserNamespaces()
    for case .bind(let bind) in plan.mounts {
        guard let map = bind.idMap else { continue }
        sources.append(try mappedTree(bind, map, in: try namespaces.number(of: map), propagation: plan.inheritedPropagation))
    }
    return sources
}

private func mappedTree(
    _ bind: BindMount, _ map: MountIDMap, in namespace: Int32, propagation: MountFlags
) throws(RuntimeError) -> FileDescriptor {
    let tree = try clonedTree(bind, propagation: propagation)
    do {
        try Kernel.setMountAttributes(tree, recursive: map.isRecursive, idmapUserNamespace: namespace)
    } catch {
        // The same call has just changed the propagation of this tree, and the namespace is one: what is left is the file system.
        let reason = error.errno == .EINVAL ? " (its file system\(typeName(of: bind.source)) does not support it)" : ""
        throw RuntimeError(doing: "map the owners of \(bind.source) for \(bind.target)\(reason)", pointer: map.origin, cause: error)
    }
    return tree
}

private func clonedTree(_ bind: BindMount, propagation: MountFlags) throws(RuntimeError) -> FileDescriptor {
    do {
        let tree = try Kernel.openTree(
            bind.source, cloneFlags(isRecursive: bind.isRecursive, followsLink: bind.sourceLink != .keep))
        // As the mounts that init inherits: what happens in the container must not reach the host.
        try Kernel.setMountAttributes(tree, propagation: propagation.subtracting(.recursive), recursive: true)
        return tree
    } catch {
        throw RuntimeError(doing: "clone \(bind.source) for \(bind.target)\(advice(error))", pointer: bind.origin, cause: error)
    }
}

/// KERNEL: open_tree(2) since 5.2, mount_setattr(2) since 5.12; there is no other way to map owners.
private func advice(_ error: SyscallError) -> String {
    error.errno == .ENOSYS ? ", which needs Linux 5.12 because its owners are mapped" : ""
}

/// ` proc`, looked up only to explain a refusal; empty if it is not found.
private func typeName(of path: String) -> String {
    guard let number = try? Kernel.status(path, followSymlinks: true).mountID,
        let text = try? Kernel.readFile("/proc/self/mountinfo", limit: 16 << 20)
    else { return "" }
    let digits = Array(String(number).utf8)
    for line in text.split(separator: UInt8(ascii: "\n")) {
        let fields = line.split(separator: UInt8(ascii: " "))
        guard let first = fields.first, first.elementsEqual(digits), let dash = fields.lastIndex(where: { $0.elementsEqual("-".utf8) }),
            dash + 1 < fields.endIndex
        else { continue }
        return " " + String(decoding: fields[dash + 1], as: UTF8.self)
    }
    return ""
}

/// User namespaces that exist for their id maps alone, each made once.
private struct UserNamespaces: ~Copyable {
    private var descriptors = DescriptorList()
    private var users: [MountIDMap.Users] = []

    /// The descriptor's number of a namespace with that map.
    mutating func number(of map: MountIDMap) throws(RuntimeError) -> Int32 {
        if let place = users.firstIndex(of: map.users) { return descriptors.number(at: place) }
        switch map.users {
        case .namespace(let path): descriptors.append(try openNamespace(path, map.origin))
        case .mapping(let mapping): descriptors.append(try makeNamespace(mapping, map.origin))
        }
        users.append(map.users)
        return descriptors.number(at: descriptors.count - 1)
    }

    private func openNamespace(_ path: String, _ origin: String) throws(RuntimeError) -> FileDescriptor {
        do throws(SyscallError) {
            let file = try Kernel.open(path, [.readOnly, .nonBlocking])
            guard try Kernel.namespaceKind(of: file) == .newUser else {
                throw SyscallError("ioctl", "\(path) is no user namespace", .EINVAL)
            }
            return file
        } catch {
            throw RuntimeError(doing: "map owners as in \(path)", pointer: origin, cause: error)
        }
    }

    /// Makes a user namespace with that map; the child in it lives as long as it takes.
    private func makeNamespace(_ mapping: UserMapping, _ origin: String) throws(RuntimeError) -> FileDescriptor {
        do {
            let pipe = try Kernel.pipe()
            let outcome = try Kernel.clone(CloneArguments(flags: .newUser))
            switch consume outcome {
            case .child: waitForEnd(of: pipe)
            case .parent(let child): return try namespace(of: child, heldBy: pipe, mapping)
            }
        } catch {
            throw RuntimeError(doing: "make a user namespace for an id-mapped mount", pointer: origin, cause: error)
        }
    }

    private func namespace(
        of child: borrowing Child, heldBy pipe: consuming DescriptorPair, _ mapping: UserMapping
    ) throws(SyscallError) -> FileDescriptor {
        let namespace: FileDescriptor
        do {
            namespace = try mappedNamespace(of: child.pid, mapping)
        } catch {
            try? Kernel.signal(child.pidfd, .SIGKILL)
            _ = try? Kernel.wait(child.pidfd)
            throw error
        }
        // The end for writing closes, and the child ends by itself.
        _ = pipe.keepFirst()
        _ = try Kernel.wait(child.pidfd)
        return namespace
    }

    private func mappedNamespace(of pid: Int32, _ mapping: UserMapping) throws(SyscallError) -> FileDescriptor {
        if !mapping.allowsSetGroups { try Kernel.writeFile("/proc/\(pid)/setgroups", "deny") }
        try Kernel.writeFile("/proc/\(pid)/gid_map", idMapText(mapping.gids))
        try Kernel.writeFile("/proc/\(pid)/uid_map", idMapText(mapping.uids))
        return try Kernel.open("/proc/\(pid)/ns/user", [.readOnly])
    }
}

/// The child's whole life: until the parent closes its end, or dies.
private func waitForEnd(of pipe: consuming DescriptorPair) -> Never {
    let reading = pipe.keepFirst()
    _ = try? Kernel.readSome(reading, limit: 1)
    Kernel.exitNow(0)
}
