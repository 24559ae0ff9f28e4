import Kernel
import KernelABI
import Planning

/// The mounts of the root file system's phase.
extension RootfsBuilder {
    mutating func attach(_ step: FilesystemMount) throws(RuntimeError) {
        do {
            let mode = step.takesMode ? try modeOfFolder(step.target) : nil
            let target = try folder(step.target, policy: step.targetPolicy)
            let isDelayed = step.flags.contains(.readOnly) && (step.type == "tmpfs" || step.target == "/dev")
            let mount = try mountNew(step, flags: isDelayed ? step.flags.subtracting(.readOnly) : step.flags, onto: target)
            if let mode { try setMode(mode, of: mount) }
            if step.copiesUp { try copyUp(from: target, to: mount) }
            if case .attribute(let label) = step.label { try Kernel.setAttribute("security.selinux", Array(label.utf8), of: mount) }
            try setPropagation(step.propagation, of: mount)
            if step.target == "/" {
                root = mount
            } else if isDelayed {
                delayedReadOnly.append(mount)
            }
        } catch {
            throw RuntimeError(
                doing: "attach \(step.type) at \(step.target)", pointer: step.origin, cause: error,
                remark: error.errno == .ENODEV ? unknownFilesystem(step.type) : nil)
        }
    }

    /// The permissions of the folder that is to be hidden; `nil` if there is none yet.
    private func modeOfFolder(_ path: String) throws(SyscallError) -> FileMode? {
        do {
            return try Kernel.status(of: Kernel.openBeneath(root, path, [.path])).permissions
        } catch {
            guard error.errno == .ENOENT else { throw error }
            return nil
        }
    }

    private func setMode(_ mode: FileMode, of mount: borrowing FileDescriptor) throws(SyscallError) {
        let top = try Kernel.open(".", at: mount, [.readOnly, .directory])
        try Kernel.changeMode(top, mode)
    }

    /// Fills a tmpfs with what it hides.
    private func copyUp(from hidden: borrowing FileDescriptor, to mount: borrowing FileDescriptor) throws(SyscallError) {
        do {
            try Kernel.copyTree(from: hidden, to: mount)
        } catch {
            guard error.errno == .ENOSPC else { throw error }
            throw SyscallError(
                error.call, "\(error.subject): what tmpcopyup copies does not fit into the tmpfs (size, nr_inodes)", error.errno)
        }
    }

    /// Mounts a new file system, or where the container's namespaces may not have one, the host's.
    private func mountNew(
        _ step: FilesystemMount, flags: MountFlags, onto target: borrowing FileDescriptor
    ) throws(SyscallError) -> FileDescriptor {
        do {
            let mount = try mountFilesystem(
                type: step.type, source: step.source, flags: flags, parameters: step.parameters, context: step.label?.context,
                onto: target)
            if let mount { return mount }
        } catch {
            guard case .bind(let source) = step.ifRefused, error.errno == .EPERM || error.errno == .EBUSY else { throw error }
            var tree = try SourceTree(source, isRecursive: true)
            let attributes = flags.attributes
            try tree.changeAll(set: attributes.set, clear: attributes.clear)
            return try attach(tree, at: step.target, onto: target)
        }
        let mount = try lookUp(step.target, covering: target)
        try verifySymbolicLinks(mount, set: flags.attributes.set)
        return mount
    }

    func attach(
        _ tree: consuming SourceTree, at path: String, onto target: borrowing FileDescriptor
    ) throws(SyscallError) -> FileDescriptor {
        let set = tree.lateSet
        let clear = tree.lateClear
        let late = tree.lateTree
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
        if !late.set.isEmpty || !late.clear.isEmpty {
            try Kernel.setMountAttributes(mount, set: late.set, clear: late.clear, recursive: true)
        }
        return mount
    }

    /// The mount that mount(2) has put over `target`.
    private func lookUp(_ path: String, covering target: borrowing FileDescriptor) throws(SyscallError) -> FileDescriptor {
        // What covers the root itself is not beneath it.
        let mount = path == "/" ? try Kernel.open(plan.path, [.path, .noFollow]) : try Kernel.openBeneath(root, path, [.path])
        try verify(mount, covers: target, path: path)
        return mount
    }

    mutating func bind(_ step: BindMount) throws(RuntimeError) {
        var tree = try takeTree(of: step)
        // What the tree as a whole is refused has its own place in config.json.
        var changesTree = false
        do throws(SyscallError) {
            if tree.isLink { return try copyLink(tree.descriptor, to: step.target) }
            if step.target == "/proc", try Kernel.filesystemMagic(of: tree.descriptor) != .proc {
                throw SyscallError("move_mount", "only a procfs may be bound over /proc", .EPERM)
            }
            let isFolder = try Kernel.status(of: tree.descriptor).type == .directory
            let target = isFolder ? try folder(step.target, policy: step.targetPolicy) : try file(step.target, policy: step.targetPolicy)
            let set = step.set.attributes
            let clear = step.clear.attributesToClear
            if !set.set.isEmpty || !set.clear.isEmpty || !clear.isEmpty {
                try tree.change(set: set.set, clear: set.clear.union(clear))
            }
            if let change = step.tree?.change {
                changesTree = true
                try tree.changeAll(set: change.attributes.set, clear: change.attributes.clear)
                changesTree = !tree.isDetached
            }
            let mount = try attach(tree, at: step.target, onto: target)
            changesTree = false
            try setPropagation(step.propagation, of: mount)
            if step.target == "/" { root = mount }
        } catch {
            if changesTree, let tree = step.tree { throw tree.failure(at: step.target, error) }
            throw RuntimeError(doing: "bind \(step.source) at \(step.target)", pointer: step.origin, cause: error)
        }
    }

    private mutating func takeTree(of step: BindMount) throws(RuntimeError) -> SourceTree {
        if step.idMap != nil {
            guard let mapped = mappedSources.removeFirst() else {
                throw RuntimeError(.system, "bind \(step.source) at \(step.target): its owners were not mapped", pointer: step.origin)
            }
            return SourceTree(mapped, isDetached: true, isRecursive: step.isRecursive)
        }
        guard let opened = sources.removeFirst() else { return try sourceTree(of: step) }
        if step.sourceLink == .copy, (try? Kernel.status(of: opened))?.type == .symlink { return SourceTree(link: opened) }
        return SourceTree(opened, isDetached: sourcesAreDetached, isRecursive: step.isRecursive)
    }

    func sourceTree(of step: BindMount) throws(RuntimeError) -> SourceTree {
        do throws(SyscallError) {
            if step.sourceLink == .copy {
                let place = try Kernel.open(step.source, [.path, .noFollow])
                if try Kernel.status(of: place).type == .symlink { return SourceTree(link: place) }
            }
            return try SourceTree(step.source, isRecursive: step.isRecursive, followsLink: step.sourceLink != .keep)
        } catch {
            throw RuntimeError(
                doing: "bind \(step.source) at \(step.target)", pointer: step.origin, cause: error,
                remark: missingPart(of: step.source) ?? wayOut(of: step, error))
        }
    }

    /// What a refused clone asks for, if a second one shows it: init may be root of a user namespace, to which the mounts below are locked.
    private func wayOut(of step: BindMount, _ error: SyscallError) -> String? {
        guard error.errno == .EINVAL, !step.isRecursive else { return nil }
        do { _ = try Kernel.openTree(step.source, [.clone, .recursive]) } catch { return nil }
        return "mounts below it may come into a user namespace all together only, with rbind"
    }

    /// Makes a symbolic link anew; the same one may be there already.
    private func copyLink(_ link: borrowing FileDescriptor, to path: String) throws(SyscallError) {
        let text = try Kernel.readLink("", at: link)
        let parent = try Kernel.parentBeneath(root, path, createMissing: .worldSearchable)
        try check(parent.directory, path: path, policy: .anywhere)
        do {
            try Kernel.makeSymlink(text, parent.name, at: parent.directory)
        } catch {
            guard error.errno == .EEXIST else { throw error }
            let present = try? Kernel.readLink(parent.name, at: parent.directory)
            guard present != text else { return }
            throw SyscallError("symlinkat", "\(path) is there and no link to \(text)", .EEXIST)
        }
    }

    /// As `mount -o remount`: what the entry does not name stays as it is.
    mutating func reconfigure(_ step: MountReconfiguration) throws(RuntimeError) {
        var changesTree = false
        do throws(SyscallError) {
            let mount = try Kernel.openBeneath(root, step.target, [.path])
            if step.changesFilesystem { try reconfigureFilesystem(of: mount, step) }
            let set = step.set.attributes
            try changeMount(mount, set: set.set, clear: set.clear.union(step.clear.attributesToClear))
            if step.clear.contains(.readOnly) || step.tree?.change.clear.contains(.readOnly) == true {
                try forgetDelayedReadOnly(of: mount)
            }
            if let change = step.tree?.change.attributes {
                changesTree = true
                try Kernel.setMountAttributes(mount, set: change.set, clear: change.clear, recursive: true)
                changesTree = false
            }
            try setPropagation(step.propagation, of: mount)
        } catch {
            if changesTree, let tree = step.tree { throw tree.failure(at: step.target, error) }
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
        if delayedReadOnly.count == 0 { return }
        let number = try mountID(of: mount)
        for _ in 0..<delayedReadOnly.count {
            guard let delayed = delayedReadOnly.removeFirst() else { return }
            if try mountID(of: delayed) != number { delayedReadOnly.append(delayed) }
        }
    }

    /// KERNEL: from statx(2) since Linux 5.8.
    private func mountID(of mount: borrowing FileDescriptor) throws(SyscallError) -> UInt64 {
        if let number = try Kernel.status(of: mount).mountID { return number }
        return try Kernel.mountIDFromProc(of: mount)
    }

    func attachCgroupHierarchies(_ step: CgroupHierarchiesMount) throws(RuntimeError) {
        var place = step.target
        do {
            let target = try folder(step.target, policy: .anywhere)
            let mounted = try mountFilesystem(
                type: "tmpfs", source: "tmpfs", flags: step.flags.subtracting(.readOnly), parameters: ["mode=755"],
                context: step.label?.context, onto: target)
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
                    try tree.change(set: set.set, clear: set.clear)
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
}

extension TreeChange {
    /// Why the mounts at `path` and below were not changed.
    fileprivate func failure(at path: String, _ error: SyscallError) -> RuntimeError {
        // KERNEL: 5.12. No other call changes a whole tree.
        let advice = error.errno == .ENOSYS ? ", which needs Linux 5.12" : ""
        return RuntimeError(doing: "change all mounts at \(path) and below\(advice)", pointer: origin, cause: error)
    }
}
