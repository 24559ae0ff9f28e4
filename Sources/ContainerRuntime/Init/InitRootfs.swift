import Kernel
import KernelABI
import Planning

/// Carries out the root file system's phase in init, by descriptors: everything is resolved beneath `root` and mounted on what was resolved.
///
/// A path string is never used twice, so that a process which shares a volume with the container cannot swap a folder for a link in between
/// (CVE-2021-30465, CVE-2024-45310, CVE-2025-31133).
struct RootfsBuilder: ~Copyable {
    private let plan: RootfsPlan
    /// The top of the container's root: a mount of its own.
    private(set) var root: FileDescriptor
    /// Source trees that were cloned before init became root of a new user namespace, in the order of their steps; empty otherwise.
    private var sources: DescriptorList
    /// Whether `sources` are detached clones; see `SourceTree`.
    private var sourcesAreDetached = true
    /// File systems that become read-only only when nothing has to be made in them any more.
    private var delayedReadOnly = DescriptorList()
    /// The runtime's mount namespace, where the process goes back to; `nil` unless the container shares it.
    private let home: FileDescriptor?

    /// Cuts the inherited mounts off from the host and puts a clone of the root folder on top of itself.
    init(_ plan: RootfsPlan) throws(RuntimeError) {
        let home = plan.entry == .detach ? try RootfsBuilder.leaveHome() : nil
        root = try RootfsBuilder.attachRoot(plan)
        self.home = home
        self.plan = plan
        sources = DescriptorList()
    }

    /// Goes into a mount namespace that is needed only until the root is entered (decision 0009). Gives the one that was left.
    private static func leaveHome() throws(RuntimeError) -> FileDescriptor {
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

    private static func attachRoot(_ plan: RootfsPlan) throws(RuntimeError) -> FileDescriptor {
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
            throw RuntimeError(doing: "mount the root \(plan.path)", pointer: "root.path", cause: error)
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

    /// Clones all source trees now. With a new user namespace: init still has the runtime's own user id and can reach sources that the
    /// container's root may not.
    mutating func cloneSources() throws(RuntimeError) {
        for step in plan.mounts {
            switch step {
            case .bind(let bind): keep(try sourceTree(of: bind))
            case .makeNode(let node) where node.bindsHostNode: keep(try sourceNode(of: node))
            default: continue
            }
        }
    }

    private mutating func keep(_ tree: consuming SourceTree) {
        sourcesAreDetached = tree.isDetached
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

    // MARK: Mounts

    private mutating func attach(_ step: FilesystemMount) throws(RuntimeError) {
        do {
            let target = try folder(step.target, policy: step.targetPolicy)
            let isDelayed = step.flags.contains(.readOnly) && (step.type == "tmpfs" || step.target == "/dev")
            let mount = try mountNew(step, flags: isDelayed ? step.flags.subtracting(.readOnly) : step.flags, onto: target)
            try setPropagation(step.propagation, of: mount)
            if step.target == "/" {
                root = mount
            } else if isDelayed {
                delayedReadOnly.append(mount)
            }
        } catch {
            throw RuntimeError(doing: "attach \(step.type) at \(step.target)", pointer: step.origin, cause: error)
        }
    }

    /// Mounts a new file system, or where the container's namespaces may not have one, the host's.
    private func mountNew(
        _ step: FilesystemMount, flags: MountFlags, onto target: borrowing FileDescriptor
    ) throws(SyscallError) -> FileDescriptor {
        do {
            let mount = try mountFilesystem(
                type: step.type, source: step.source, flags: flags, parameters: step.parameters, onto: target)
            if let mount { return mount }
        } catch {
            guard case .bind(let source) = step.ifRefused, error.errno == .EPERM || error.errno == .EBUSY else { throw error }
            var tree = try SourceTree(source, isRecursive: true)
            let attributes = flags.attributes
            try tree.change(set: attributes.set, clear: attributes.clear, recursive: true)
            return try attach(tree, at: step.target, onto: target)
        }
        return try lookUp(step.target, covering: target)
    }

    private func attach(
        _ tree: consuming SourceTree, at path: String, onto target: borrowing FileDescriptor
    ) throws(SyscallError) -> FileDescriptor {
        let set = tree.lateSet
        let clear = tree.lateClear
        let source = tree.isDetached ? nil : try Kernel.status(of: tree.descriptor)
        let mount: FileDescriptor
        if let attached = try tree.attach(onto: target) {
            mount = attached
        } else {
            mount = try lookUp(path, covering: target)
            let found = try Kernel.status(of: mount)
            guard found.device == source?.device, found.inode == source?.inode else {
                throw SyscallError("mount", "\(path) is not where it was mounted", .EBUSY)
            }
        }
        if !set.isEmpty || !clear.isEmpty { try changeMount(mount, set: set, clear: clear) }
        return mount
    }

    /// The mount that mount(2) has put over `target`.
    private func lookUp(_ path: String, covering target: borrowing FileDescriptor) throws(SyscallError) -> FileDescriptor {
        // What covers the root itself is not beneath it.
        let mount = path == "/" ? try Kernel.open(plan.path, [.path, .noFollow]) : try Kernel.openBeneath(root, path, [.path])
        try verify(mount, covers: target, path: path)
        return mount
    }

    private mutating func bind(_ step: BindMount) throws(RuntimeError) {
        var tree = try takeTree(of: step)
        do throws(SyscallError) {
            if step.target == "/proc", try Kernel.filesystemMagic(of: tree.descriptor) != .proc {
                throw SyscallError("move_mount", "only a procfs may be bound over /proc", .EPERM)
            }
            let isFolder = try Kernel.status(of: tree.descriptor).type == .directory
            let target = isFolder ? try folder(step.target, policy: step.targetPolicy) : try file(step.target, policy: step.targetPolicy)
            let set = step.set.attributes
            let clear = step.clear.attributesToClear
            if !set.set.isEmpty || !set.clear.isEmpty || !clear.isEmpty {
                try tree.change(set: set.set, clear: set.clear.union(clear), recursive: false)
            }
            let mount = try attach(tree, at: step.target, onto: target)
            try setPropagation(step.propagation, of: mount)
            if step.target == "/" { root = mount }
        } catch {
            throw RuntimeError(doing: "bind \(step.source) at \(step.target)", pointer: step.origin, cause: error)
        }
    }

    private mutating func takeTree(of step: BindMount) throws(RuntimeError) -> SourceTree {
        if let opened = sources.removeFirst() {
            return SourceTree(opened, isDetached: sourcesAreDetached, isRecursive: step.isRecursive)
        }
        return try sourceTree(of: step)
    }

    private func sourceTree(of step: BindMount) throws(RuntimeError) -> SourceTree {
        do {
            return try SourceTree(step.source, isRecursive: step.isRecursive)
        } catch {
            throw RuntimeError(doing: "bind \(step.source) at \(step.target)", pointer: step.origin, cause: error)
        }
    }

    /// As `mount -o remount`: what the entry does not name stays as it is.
    private mutating func reconfigure(_ step: MountReconfiguration) throws(RuntimeError) {
        do {
            let mount = try Kernel.openBeneath(root, step.target, [.path])
            if step.changesFilesystem { try reconfigureFilesystem(of: mount, step) }
            let set = step.set.attributes
            try changeMount(mount, set: set.set, clear: set.clear.union(step.clear.attributesToClear))
            if step.clear.contains(.readOnly) { try forgetDelayedReadOnly(of: mount) }
            try setPropagation(step.propagation, of: mount)
        } catch {
            throw RuntimeError(doing: "remount \(step.target)", pointer: step.origin, cause: error)
        }
    }

    private func reconfigureFilesystem(of mount: borrowing FileDescriptor, _ step: MountReconfiguration) throws(SyscallError) {
        let words = step.set.filesystemWords + step.clear.filesystemWordsToClear
        if words.isEmpty, step.parameters.isEmpty { return }
        do {
            try pickAndConfigure(mount, words: words, parameters: step.parameters)
        } catch {
            guard error.isRefusalToConfigure else { throw error }
            try remountFilesystem(of: mount, set: step.set, clear: step.clear, parameters: step.parameters)
        }
    }

    private func pickAndConfigure(
        _ mount: borrowing FileDescriptor, words: [String], parameters: [String]
    ) throws(SyscallError) {
        let filesystem = try Kernel.pickFilesystem(mount)
        try explaining(filesystem) { () throws(SyscallError) in
            for word in words { try Kernel.configure(filesystem, flag: word) }
            try configure(filesystem, parameters: parameters)
            try Kernel.reconfigureFilesystem(filesystem)
        }
    }

    /// A later entry made writable what was to become read-only at the end.
    private mutating func forgetDelayedReadOnly(of mount: borrowing FileDescriptor) throws(SyscallError) {
        let number = try Kernel.status(of: mount).mountID
        for _ in 0..<delayedReadOnly.count {
            guard let delayed = delayedReadOnly.removeFirst() else { return }
            if try Kernel.status(of: delayed).mountID != number { delayedReadOnly.append(delayed) }
        }
    }

    private func attachCgroupHierarchies(_ step: CgroupHierarchiesMount) throws(RuntimeError) {
        var place = step.target
        do {
            let target = try folder(step.target, policy: .anywhere)
            let mounted = try mountFilesystem(
                type: "tmpfs", source: "tmpfs", flags: step.flags.subtracting(.readOnly), parameters: ["mode=755"], onto: target)
            let top: FileDescriptor
            if let mounted { top = mounted } else { top = try lookUp(step.target, covering: target) }
            for view in step.views {
                place = "\(step.target)/\(view.name)"
                try Kernel.makeDirectory(view.name, at: top, mode: .worldSearchable)
                let folder = try Kernel.open(view.name, at: top, [.path, .directory, .noFollow])
                switch view.content {
                case .bind(let source):
                    var tree = try SourceTree(source, isRecursive: true)
                    let set = step.flags.attributes
                    try tree.change(set: set.set, clear: set.clear, recursive: false)
                    _ = try attach(tree, at: place, onto: folder)
                case .mount(let options):
                    let words = options.utf8.split(separator: UInt8(ascii: ",")).map { String(Substring($0)) }
                    _ = try mountFilesystem(type: "cgroup", source: "cgroup", flags: step.flags, parameters: words, onto: folder)
                }
            }
            place = step.target
            for link in step.links { try Kernel.makeSymlink(link.target, link.path, at: top) }
            if step.flags.contains(.readOnly) {
                try changeMount(top, set: .readOnly, clear: [])
            }
            try setPropagation(step.propagation, of: top)
        } catch {
            throw RuntimeError(doing: "attach the cgroup hierarchies at \(place)", pointer: step.origin, cause: error)
        }
    }

    private func setPropagation(_ words: [MountFlags], of mount: borrowing FileDescriptor) throws(SyscallError) {
        for word in words { try changePropagation(of: mount, to: word) }
    }

    // MARK: Device nodes and links

    private mutating func makeNode(_ node: DeviceNode) throws(RuntimeError) {
        if node.bindsHostNode { return try bindNode(node) }
        do throws(SyscallError) {
            let place = try Kernel.parentBeneath(root, node.path, createMissing: .worldSearchable)
            do throws(SyscallError) {
                try Kernel.makeNode(
                    place.name, at: place.directory, type: node.type, permissions: node.permissions, device: node.device)
            } catch {
                guard error.errno == .EEXIST else { throw error }
                if try isNode(node, at: place.name, in: place.directory) { return }
                guard node.ifOccupied == .replace else { throw SyscallError("mknod", "another file stands there already", .EEXIST) }
                try Kernel.unlink(place.name, at: place.directory)
                try Kernel.makeNode(
                    place.name, at: place.directory, type: node.type, permissions: node.permissions, device: node.device)
            }
            if node.uid != 0 || node.gid != 0 {
                try Kernel.changeOwner(place.name, at: place.directory, uid: node.uid, gid: node.gid)
            }
        } catch {
            throw RuntimeError(doing: "make the device \(node.path)", pointer: node.origin, cause: error)
        }
    }

    /// Whether the very device stands at a name already.
    private func isNode(_ node: DeviceNode, at name: String, in directory: borrowing FileDescriptor) throws(SyscallError) -> Bool {
        let found = try Kernel.status(name, at: directory, followSymlinks: false)
        return found.type == node.type && (node.type == .fifo || found.rdev == node.device)
    }

    private mutating func bindNode(_ node: DeviceNode) throws(RuntimeError) {
        let tree: SourceTree
        if let opened = sources.removeFirst() {
            tree = SourceTree(opened, isDetached: sourcesAreDetached, isRecursive: false)
        } else {
            tree = try sourceNode(of: node)
        }
        do {
            _ = try tree.attach(onto: file(node.path, policy: .anywhere))
        } catch {
            throw RuntimeError(doing: "bind the host's device \(node.path)", pointer: node.origin, cause: error)
        }
    }

    private func sourceNode(of node: DeviceNode) throws(RuntimeError) -> SourceTree {
        do throws(SyscallError) {
            let tree = try SourceTree(node.path, isRecursive: false)
            let found = try Kernel.status(of: tree.descriptor)
            guard found.type == node.type, found.rdev == node.device else {
                throw SyscallError("open_tree", "the host has another file there", .ENODEV)
            }
            return tree
        } catch {
            throw RuntimeError(doing: "bind the host's device \(node.path)", pointer: node.origin, cause: error)
        }
    }

    private func makeLink(_ link: DeviceLink) throws(RuntimeError) {
        do throws(SyscallError) {
            let place = try Kernel.parentBeneath(root, link.path, createMissing: .worldSearchable)
            do throws(SyscallError) {
                try Kernel.makeSymlink(link.target, place.name, at: place.directory)
            } catch {
                guard error.errno == .EEXIST else { throw error }
                guard link.replaces else { return }
                try Kernel.unlink(place.name, at: place.directory)
                try Kernel.makeSymlink(link.target, place.name, at: place.directory)
            }
        } catch {
            throw RuntimeError(doing: "make the link \(link.path)", cause: error)
        }
    }

    // MARK: Targets

    /// The folder to mount on, made where it is missing.
    private func folder(_ path: String, policy: TargetPolicy) throws(SyscallError) -> FileDescriptor {
        if policy == .realDirectory {
            do throws(SyscallError) {
                let target = try Kernel.openBeneath(root, path, [.path, .noFollow])
                guard try Kernel.status(of: target).type == .directory else {
                    throw SyscallError("openat2", "\(path) of the root file system must be a real directory", .ENOTDIR)
                }
                return target
            } catch {
                guard error.errno == .ENOENT else { throw error }
            }
        }
        let target = try Kernel.directoryBeneath(root, path, createMissing: .worldSearchable)
        try check(target, path: path, policy: policy)
        return target
    }

    /// The file to mount on; an empty one is made where it is missing.
    private func file(_ path: String, policy: TargetPolicy) throws(SyscallError) -> FileDescriptor {
        let target = try Kernel.fileBeneath(root, path, createMissing: true)
        try check(target, path: path, policy: policy)
        return target
    }

    /// Nothing is mounted inside the container's procfs, but for the planner's short list: the path in config.json may have gone there by a link.
    private func check(_ target: borrowing FileDescriptor, path: String, policy: TargetPolicy) throws(SyscallError) {
        guard policy == .anywhere, try Kernel.filesystemMagic(of: target) == .proc else { return }
        if path == "/proc" { return }
        throw SyscallError("openat2", "\(path) is inside /proc", .EPERM)
    }

    // MARK: Protection

    /// Read-only and masked paths, and at last the root itself. After this nothing can be made beneath the root.
    mutating func protect() throws(RuntimeError) {
        while let mount = delayedReadOnly.removeLast() {
            do {
                try changeMount(mount, set: .readOnly, clear: [])
            } catch {
                throw RuntimeError(doing: "make a mount read-only", pointer: "mounts", cause: error)
            }
        }
        var masks = Masks()
        for step in plan.protections {
            switch step {
            case .makeReadOnly(let path, let origin): try makeReadOnly(path, origin: origin)
            case .mask(let path, let origin): try mask(path, origin: origin, with: &masks)
            }
        }
        guard plan.isReadOnly else { return }
        do {
            try changeMount(root, set: .readOnly, clear: [])
        } catch {
            throw RuntimeError(doing: "make the root read-only", pointer: "root.readonly", cause: error)
        }
    }

    private func makeReadOnly(_ path: String, origin: String) throws(RuntimeError) {
        do {
            let target = try Kernel.openBeneath(root, path, [.path])
            var tree = try SourceTree(at: target, isRecursive: true)
            try tree.change(set: .readOnly, clear: [], recursive: false)
            _ = try attach(tree, at: path, onto: target)
        } catch {
            if error.errno == .ENOENT || error.errno == .ENOTDIR { return }
            throw RuntimeError(doing: "make \(path) read-only", pointer: origin, cause: error)
        }
    }

    private func mask(_ path: String, origin: String, with masks: inout Masks) throws(RuntimeError) {
        do {
            let target = try Kernel.openBeneath(root, path, [.path])
            if try Kernel.status(of: target).type == .directory {
                try masks.coverFolder(target)
            } else {
                try masks.coverFile(target)
            }
        } catch {
            if error.errno == .ENOENT || error.errno == .ENOTDIR { return }
            throw RuntimeError(doing: "mask \(path)", pointer: origin, cause: error)
        }
    }

    // MARK: Entering

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

/// What is put over masked paths. It comes from the runtime's own mount namespace, never from the container's /dev (CVE-2025-31133).
private struct Masks: ~Copyable {
    private var null: FileDescriptor?
    /// The first empty folder; the others are clones of it.
    private var empty: FileDescriptor?

    init() {
        null = nil
        empty = nil
    }

    mutating func coverFile(_ target: borrowing FileDescriptor) throws(SyscallError) {
        if null.number == nil {
            let device = try Kernel.open("/dev/null", [.path, .noFollow])
            let status = try Kernel.status(of: device)
            guard status.type == .characterDevice, status.rdev == DeviceNumber(major: 1, minor: 3) else {
                throw SyscallError("open", "/dev/null is not the null device", .ENODEV)
            }
            null = consume device
        }
        try cover(target, with: null)
    }

    mutating func coverFolder(_ target: borrowing FileDescriptor) throws(SyscallError) {
        if empty.number != nil { return try cover(target, with: empty) }
        do {
            let filesystem = try Kernel.openFilesystem("tmpfs")
            try Kernel.configure(filesystem, "mode", "555")
            try Kernel.createFilesystem(filesystem)
            let mount = try Kernel.mountFilesystem(filesystem, attributes: [.readOnly, .noSuid, .noDev, .noExec])
            try Kernel.moveMount(mount, onto: target)
            empty = consume mount
        } catch {
            guard error.isRefusalToConfigure else { throw error }
            try Kernel.mount(
                source: nil, at: target.pathForMount, type: "tmpfs", flags: [.readOnly, .noSuid, .noDev, .noExec], data: "mode=555")
        }
    }

    private func cover(_ target: borrowing FileDescriptor, with source: borrowing FileDescriptor?) throws(SyscallError) {
        switch source {
        case .some(let place): _ = try SourceTree(at: place, isRecursive: false).attach(onto: target)
        case .none: return
        }
    }
}

/// Makes a file system and a detached mount of it, as mount(2) would with the same flags and data.
func makeFilesystem(type: String, source: String?, flags: MountFlags, parameters: [String]) throws(SyscallError) -> FileDescriptor {
    let filesystem = try Kernel.openFilesystem(type)
    return try explaining(filesystem) { () throws(SyscallError) in
        if let source { try Kernel.configure(filesystem, "source", source) }
        for word in flags.filesystemWords { try Kernel.configure(filesystem, flag: word) }
        try configure(filesystem, parameters: parameters)
        try Kernel.createFilesystem(filesystem)
        return try Kernel.mountFilesystem(filesystem, attributes: flags.attributes.set)
    }
}

/// Sets the options that are no flags of the kernel's own: `size=4m`, `newinstance`.
private func configure(_ filesystem: borrowing FileDescriptor, parameters: [String]) throws(SyscallError) {
    for parameter in parameters.flatMap(splitAtCommas) {
        if let equals = parameter.utf8.firstIndex(of: UInt8(ascii: "=")) {
            try Kernel.configure(
                filesystem, String(parameter[..<equals]), String(parameter[parameter.utf8.index(after: equals)...]))
        } else {
            try Kernel.configure(filesystem, flag: parameter)
        }
    }
}

/// Runs the configuration of a file system; the file system's own words say which option it did not like.
private func explaining<Result: ~Copyable>(
    _ filesystem: borrowing FileDescriptor, _ configuration: () throws(SyscallError) -> Result
) throws(SyscallError) -> Result {
    do {
        return try configuration()
    } catch {
        guard let reason = Kernel.filesystemLog(filesystem) else { throw error }
        throw SyscallError(error.call, reason, error.errno)
    }
}

/// One option may hold several, as mount(2) takes them: `lowerdir=a,upperdir=b`. A comma behind a backslash or in quotes belongs to its value.
private func splitAtCommas(_ option: String) -> [String] {
    guard option.utf8.contains(UInt8(ascii: ",")) else { return [option] }
    var parts: [[UInt8]] = [[]]
    var isQuoted = false
    var isEscaped = false
    for byte in option.utf8 {
        if byte == UInt8(ascii: ","), !isQuoted, !isEscaped {
            parts.append([])
            continue
        }
        if byte == UInt8(ascii: "\"") { isQuoted.toggle() }
        isEscaped = byte == UInt8(ascii: "\\") && !isEscaped
        parts[parts.count - 1].append(byte)
    }
    return parts.filter { !$0.isEmpty }.map { String(decoding: $0, as: UTF8.self) }
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
