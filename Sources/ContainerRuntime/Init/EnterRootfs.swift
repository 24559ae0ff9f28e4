import Kernel
import KernelABI
import Planning

/// The way into the root, and what has to be prepared for it.
extension RootfsBuilder {
    /// Goes into a mount namespace that is needed only until the root is entered (decision 0009). Gives the one that was left.
    static func leaveHome() throws(RuntimeError) -> FileDescriptor {
        do throws(SyscallError) {
            let home = try Kernel.open("/proc/self/ns/mnt", [.readOnly])
            try Kernel.unshare(.newMount)
            // ORDER: asked before anything is made; whether `/` itself may be copied does not matter. KERNEL: 5.2.
            do { _ = try Kernel.openTree("/", .clone) } catch { if error.mayBeRefusal { throw error } }
            return home
        } catch {
            throw RuntimeError(doing: "prepare a root without a mount namespace", pointer: "linux.namespaces", cause: error)
        }
    }

    static func attachRoot(_ plan: RootfsPlan) throws(RuntimeError) -> FileDescriptor {
        do {
            try Kernel.mount(source: nil, at: "/", type: nil, flags: plan.inheritedPropagation, data: nil)
        } catch {
            throw RuntimeError(doing: "set the propagation of inherited mounts", pointer: "linux.rootfsPropagation", cause: error)
        }
        do {
            let target = try Kernel.open(plan.path, [.path, .directory, .noFollow])
            if plan.inheritedPropagation.contains(.shared) { try makeSurroundingMountPrivate(plan.path) }
            let root = try attachTree(SourceTree(plan.path, isRecursive: true), at: plan.path, onto: target)
            // pivot_root(2) refuses a shared root.
            if plan.inheritedPropagation.contains(.shared) { try changePropagation(of: root, to: .private) }
            return root
        } catch {
            throw RuntimeError(
                doing: "mount the root \(plan.path)", pointer: "root.path", cause: error, remark: obstacle(toRoot: plan.path, error.errno))
        }
    }

    private static func attachTree(
        _ tree: consuming SourceTree, at path: String, onto target: borrowing FileDescriptor
    ) throws(SyscallError) -> FileDescriptor {
        if let root = try tree.attach(onto: target) { return root }
        let root = try Kernel.open(path, [.path, .directory, .noFollow])
        try verify(root, covers: target, path: path)
        return root
    }

    /// Makes the root `/` of this process and lets go of the old one.
    consuming func enter() throws(RuntimeError) {
        do {
            try Kernel.changeDirectory(to: root)
            switch plan.entry {
            case .pivot: try pivot()
            case .move: try moveOverRoot()
            case .detach: try goHome()
            }
            try Kernel.changeDirectory("/")
            if let propagation = plan.rootPropagation {
                try Kernel.mount(source: nil, at: "/", type: nil, flags: propagation, data: nil)
            }
        } catch {
            throw RuntimeError(doing: "enter the root \(plan.path)", pointer: "root.path", cause: error)
        }
    }

    private func pivot() throws(SyscallError) {
        let isShared = plan.inheritedPropagation.contains(.shared)
        let old = isShared ? try Kernel.open("/", [.path, .directory]) : nil
        // With the same folder twice the old root ends up on top of the new one (pivot_root(2), "pivot_root(".", ".")").
        try Kernel.pivotRoot(".", putOld: ".")
        if let old {
            // ORDER: before the unmount, which would otherwise reach the host.
            try Kernel.changeDirectory(to: old)
            try Kernel.mount(source: nil, at: ".", type: nil, flags: [.slave, .recursive], data: nil)
        }
        try Kernel.unmount(".", [.detach])
    }

    /// Takes the root along to the runtime's mount namespace, where nothing of it is mounted. The temporary namespace ends here; the copy ends
    /// with the last process whose root it is.
    private func goHome() throws(SyscallError) {
        let copy = try Kernel.openTree(root, [.clone, .recursive])
        switch home {
        case .some(let home): try Kernel.setNamespace(home, kinds: .newMount)
        // `init` leaves it wherever the plan says `detach`.
        case .none: throw SyscallError("setns", "the runtime's mount namespace", .EBADF)
        }
        try Kernel.changeDirectory(to: copy)
        try Kernel.changeRoot(".")
    }

    private func moveOverRoot() throws(SyscallError) {
        // The old tree stays reachable for a process that leaves the chroot; at least it holds no procfs or sysfs that would go around the masks.
        for path in ["/proc", "/sys"] {
            do {
                try Kernel.unmount(path, [.detach])
            } catch {
                guard error.errno == .EINVAL || error.errno == .ENOENT else { throw error }
            }
        }
        try Kernel.mount(source: ".", at: "/", type: nil, flags: .move, data: nil)
        try Kernel.changeRoot(".")
    }
}

/// pivot_root(2) refuses a root whose surrounding mount is shared: finds the top of that mount by walking up, and makes it private.
private func makeSurroundingMountPrivate(_ path: String) throws(SyscallError) {
    var folder = try Kernel.open(path, [.path, .directory])
    while true {
        let above = try Kernel.open("..", at: folder, [.path, .directory])
        if try isTopOfMount(folder, below: above) { break }
        folder = above
    }
    try changePropagation(of: folder, to: .private)
}

/// KERNEL: statx(2) tells the top of a mount since Linux 5.8; before, the mount is another one than that of the folder above.
private func isTopOfMount(_ folder: borrowing FileDescriptor, below above: borrowing FileDescriptor) throws(SyscallError) -> Bool {
    let status = try Kernel.status(of: folder)
    let statusAbove = try Kernel.status(of: above)
    // Above `/` is `/`, in a chroot(2) too, where it need not be the top of a mount.
    if status.inode == statusAbove.inode, status.device == statusAbove.device { return true }
    if let isMountRoot = status.isMountRoot { return isMountRoot }
    return try Kernel.mountIDFromProc(of: folder) != Kernel.mountIDFromProc(of: above)
}
