import Kernel
import KernelABI
import Planning

/// Carries out the root file system's phase in init, by descriptors: everything is resolved beneath `root` and mounted on what was resolved.
///
/// A path string is never used twice, so that a process which shares a volume with the container cannot swap a folder for a link in between
/// (CVE-2021-30465, CVE-2024-45310, CVE-2025-31133).
struct RootfsBuilder: ~Copyable {
    let plan: RootfsPlan
    /// The top of the container's root: a mount of its own.
    var root: FileDescriptor
    /// Source trees that were cloned before init became root of a new user namespace, in the order of their steps; empty otherwise.
    var sources: DescriptorList
    /// Whether `sources` are detached clones; see `SourceTree`.
    private(set) var sourcesAreDetached = true
    /// Trees whose owners the runtime has mapped, in the order of their steps.
    var mappedSources: DescriptorList
    /// File systems that become read-only only when nothing has to be made in them any more.
    var delayedReadOnly = DescriptorList()
    /// The runtime's mount namespace, where the process goes back to; `nil` unless the container shares it.
    let home: FileDescriptor?

    /// Cuts the inherited mounts off from the host and puts a clone of the root folder on top of itself.
    init(_ plan: RootfsPlan, mappedSources: consuming DescriptorList) throws(RuntimeError) {
        let home = plan.entry == .detach ? try RootfsBuilder.leaveHome() : nil
        root = try RootfsBuilder.attachRoot(plan)
        self.home = home
        self.plan = plan
        self.mappedSources = mappedSources
        sources = DescriptorList()
    }

    /// Clones all source trees now. With a new user namespace: init still has the runtime's own user id and can reach sources that the
    /// container's root may not.
    mutating func cloneSources() throws(RuntimeError) {
        for step in plan.mounts {
            switch step {
            case .bind(let bind) where bind.idMap == nil: keep(try sourceTree(of: bind))
            case .makeNode(let node) where node.bindsHostNode: keep(try sourceNode(of: node))
            default: continue
            }
        }
    }

    private mutating func keep(_ tree: consuming SourceTree) {
        // A link that is only read is no clone of anything.
        if !tree.isLink { sourcesAreDetached = tree.isDetached }
        sources.append(tree.release())
    }

    /// Mounts, nodes and links, in the order of the plan.
    mutating func makeMounts() throws(RuntimeError) {
        for step in plan.mounts {
            switch step {
            case .attach(let mount): try attach(mount)
            case .bind(let bind): try self.bind(bind)
            case .reconfigure(let change): try reconfigure(change)
            case .attachCgroupHierarchies(let mount): try attachCgroupHierarchies(mount)
            case .makeNode(let node): try makeNode(node)
            case .makeLink(let link): try makeLink(link)
            }
        }
    }

    // MARK: Targets

    /// The folder to mount on, made where it is missing.
    func folder(_ path: String, policy: TargetPolicy) throws(SyscallError) -> FileDescriptor {
        if policy == .noFollow, let found = try existing(path) { return found }
        if policy == .realDirectory {
            do { return try realDirectory(path) } catch { guard error.errno == .ENOENT else { throw error } }
        }
        let target = try Kernel.directoryBeneath(root, path, createMissing: .worldSearchable)
        // Looked up again: somebody who shares a volume with the container may have put a link there meanwhile.
        switch policy {
        case .noFollow: return try made(path)
        case .realDirectory: return try realDirectory(path)
        case .anywhere, .insideProc: break
        }
        try check(target, path: path, policy: policy)
        return target
    }

    private func realDirectory(_ path: String) throws(SyscallError) -> FileDescriptor {
        let target = try Kernel.openBeneath(root, path, [.path, .noFollow])
        guard try Kernel.status(of: target).type == .directory else {
            throw SyscallError("openat2", "\(path) of the root file system must be a real directory", .ENOTDIR)
        }
        return target
    }

    private func made(_ path: String) throws(SyscallError) -> FileDescriptor {
        guard let target = try existing(path) else { throw SyscallError("openat2", "\(path) was taken away meanwhile", .EBUSY) }
        return target
    }

    /// The file to mount on; an empty one is made where it is missing.
    func file(_ path: String, policy: TargetPolicy) throws(SyscallError) -> FileDescriptor {
        if policy == .noFollow, let found = try existing(path) { return found }
        let target = try Kernel.fileBeneath(root, path, createMissing: true)
        if policy == .noFollow { return try made(path) }
        try check(target, path: path, policy: policy)
        return target
    }

    /// What is at the path, a symbolic link itself; `nil` if there is nothing. The links of procfs and its like are not to be hidden.
    private func existing(_ path: String) throws(SyscallError) -> FileDescriptor? {
        let target: FileDescriptor
        do {
            target = try Kernel.openBeneath(root, path, [.path, .noFollow])
        } catch {
            guard error.errno == .ENOENT else { throw error }
            return nil
        }
        guard ![.proc, .sysfs, .devpts].contains(try Kernel.filesystemMagic(of: target)) else {
            throw SyscallError("openat2", "\(path) is inside proc, sysfs or devpts", .EPERM)
        }
        return target
    }

    /// Nothing is mounted inside the container's procfs, but for the planner's short list: the path in config.json may have gone there by a link.
    func check(_ target: borrowing FileDescriptor, path: String, policy: TargetPolicy) throws(SyscallError) {
        guard policy == .anywhere, try Kernel.filesystemMagic(of: target) == .proc else { return }
        if path == "/proc" { return }
        throw SyscallError("openat2", "\(path) is inside /proc", .EPERM)
    }
}
