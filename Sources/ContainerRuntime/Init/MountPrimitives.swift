import Kernel
import KernelABI

// What the root file system's phase asks the kernel for, in two ways: the mount calls that act on descriptors, and mount(2).
//
// KERNEL: fsopen(2), fspick(2), open_tree(2) and move_mount(2) since 5.2, mount_setattr(2) since 5.12. Where the kernel has none, or a seccomp
// filter refuses them, mount(2) does the same on /proc/self/fd/<target>: the target is still the one that was resolved, but the new mount
// has to be looked up again to get hold of it (`lookUp`), and its flags are set after it is attached. Before the root is entered the
// runtime's own /proc is there.

extension SyscallError {
    /// Whether the kernel does not have the call, or a filter may stand before it.
    var mayBeRefusal: Bool { errno == .ENOSYS || errno == .EPERM }
}

extension FileDescriptor {
    /// The path that mount(2) takes for what the descriptor stands for.
    var pathForMount: String { "/proc/self/fd/\(number)" }
}

/// A tree of mounts that is to be attached: a detached clone, or where the kernel makes none, the place it is to be cloned from.
struct SourceTree: ~Copyable {
    let descriptor: FileDescriptor
    let isDetached: Bool
    private let isRecursive: Bool
    /// A symbolic link that is to be made anew, and no tree at all.
    let isLink: Bool
    /// Attributes that can be changed only when the tree is attached.
    private(set) var lateSet: MountAttributes = []
    private(set) var lateClear: MountAttributes = []
    /// The same for the whole tree.
    private(set) var lateTree: (set: MountAttributes, clear: MountAttributes) = ([], [])

    /// The tree at `path` as the calling process sees it; a symbolic link at its end is followed, or itself the tree.
    init(_ path: String, isRecursive: Bool, followsLink: Bool = true) throws(SyscallError) {
        do {
            let clone = try Kernel.openTree(path, cloneFlags(isRecursive: isRecursive, followsLink: followsLink))
            self.init(clone, isDetached: true, isRecursive: isRecursive)
        } catch {
            guard error.mayBeRefusal else { throw error }
            let place = try Kernel.open(path, followsLink ? [.path] : [.path, .noFollow])
            self.init(place, isDetached: false, isRecursive: isRecursive)
        }
    }

    /// The tree from the place that `place` stands for.
    init(at place: borrowing FileDescriptor, isRecursive: Bool) throws(SyscallError) {
        do {
            let clone = try Kernel.openTree(place, isRecursive ? [.clone, .recursive, .closeOnExec] : [.clone, .closeOnExec])
            self.init(clone, isDetached: true, isRecursive: isRecursive)
        } catch {
            guard error.mayBeRefusal else { throw error }
            self.init(try Kernel.open(place.pathForMount, [.path]), isDetached: false, isRecursive: isRecursive)
        }
    }

    /// A tree that was opened earlier.
    init(_ descriptor: consuming FileDescriptor, isDetached: Bool, isRecursive: Bool) {
        self.descriptor = descriptor
        self.isDetached = isDetached
        self.isRecursive = isRecursive
        isLink = false
    }

    /// A symbolic link.
    init(link: consuming FileDescriptor) {
        descriptor = link
        isDetached = false
        isRecursive = false
        isLink = true
    }

    /// Changes attributes of the top.
    mutating func change(set: MountAttributes, clear: MountAttributes) throws(SyscallError) {
        if isDetached {
            do {
                return try Kernel.setMountAttributes(descriptor, set: set, clear: clear, recursive: false)
            } catch {
                guard error.mayBeRefusal else { throw error }
            }
        }
        lateSet = set
        lateClear = clear
    }

    /// Changes attributes of the whole tree, which mount(2) cannot. Comes after `change`.
    mutating func changeAll(set: MountAttributes, clear: MountAttributes) throws(SyscallError) {
        if isDetached { return try Kernel.setMountAttributes(descriptor, set: set, clear: clear, recursive: true) }
        lateTree = (set, clear)
    }

    /// Attaches the tree and gives its top; `nil` if it has to be looked up, and the late attributes be set.
    consuming func attach(onto target: borrowing FileDescriptor) throws(SyscallError) -> FileDescriptor? {
        guard isDetached else {
            try Kernel.mount(
                source: descriptor.pathForMount, at: target.pathForMount, type: nil, flags: isRecursive ? [.bind, .recursive] : .bind,
                data: nil)
            return nil
        }
        try Kernel.moveMount(descriptor, onto: target)
        return descriptor
    }

    /// Lets go of everything but the descriptor.
    consuming func release() -> FileDescriptor { descriptor }
}

/// How a tree of mounts is cloned.
func cloneFlags(isRecursive: Bool, followsLink: Bool) -> OpenTreeFlags {
    var flags: OpenTreeFlags = [.clone, .closeOnExec]
    if isRecursive { flags.insert(.recursive) }
    if !followsLink { flags.insert(.noSymFollow) }
    return flags
}

/// Mounts a new file system and gives its mount; `nil` if it has to be looked up.
func mountFilesystem(
    type: String, source: String?, flags: MountFlags, parameters: [String], context: String? = nil, onto target: borrowing FileDescriptor
) throws(SyscallError) -> FileDescriptor? {
    let mount: FileDescriptor
    do {
        mount = try makeFilesystem(type: type, source: source, flags: flags, parameters: parameters, context: context)
    } catch {
        guard error.isRefusalToConfigure else { throw error }
        // Here a label stands in quotes, because it may hold commas.
        let words = parameters + (context.map { ["context=\"\($0)\""] } ?? [])
        let data = words.isEmpty ? nil : words.joined(separator: ",")
        try Kernel.mount(source: source, at: target.pathForMount, type: type, flags: flags, data: data)
        return nil
    }
    try Kernel.moveMount(mount, onto: target)
    return mount
}

extension SyscallError {
    /// A file system that may not be mounted is refused later, when it is made: that is no reason to ask again.
    var isRefusalToConfigure: Bool { mayBeRefusal && ["fsopen", "fspick"].contains(call.description) }
}

/// Changes the options of a mounted file system with mount(2), which sets the mount's own flags too.
func remountFilesystem(
    of mount: borrowing FileDescriptor, set: MountFlags, clear: MountFlags, parameters: [String]
) throws(SyscallError) {
    let attributes = try Kernel.mountAttributes(of: mount).changed(
        set: set.attributes.set, clear: set.attributes.clear.union(clear.attributesToClear))
    let own = set.intersection([.synchronous, .dirSync, .lazyTime, .mandatoryLock])
    let data = parameters.isEmpty ? nil : parameters.joined(separator: ",")
    try Kernel.mount(source: nil, at: mount.pathForMount, type: nil, flags: attributes.flags.union(own).union(.remount), data: data)
}

/// Changes attributes of an attached mount.
func changeMount(_ mount: borrowing FileDescriptor, set: MountAttributes, clear: MountAttributes) throws(SyscallError) {
    do {
        try Kernel.setMountAttributes(mount, set: set, clear: clear, recursive: false)
    } catch {
        guard error.mayBeRefusal else { throw error }
        try remount(mount, set: set, clear: clear)
    }
}

/// mount(2) replaces all flags of a mount: those that it has are asked for again.
private func remount(_ mount: borrowing FileDescriptor, set: MountAttributes, clear: MountAttributes) throws(SyscallError) {
    let flags = try Kernel.mountAttributes(of: mount).changed(set: set, clear: clear).flags
    try Kernel.mount(source: nil, at: mount.pathForMount, type: nil, flags: flags.union([.remount, .bind]), data: nil)
    try verifySymbolicLinks(mount, set: set)
}

/// Checks that a mount does not follow symbolic links where it was asked not to.
///
/// KERNEL: 5.10; mount(2) of an older one takes the flag and forgets it.
func verifySymbolicLinks(_ mount: borrowing FileDescriptor, set: MountAttributes) throws(SyscallError) {
    guard set.contains(.noSymFollow), try !Kernel.mountAttributes(of: mount).contains(.noSymFollow) else { return }
    throw SyscallError("mount", "nosymfollow needs Linux 5.10", .ENOSYS)
}

/// Changes the propagation of an attached mount; with `.recursive` of those below it too.
func changePropagation(of mount: borrowing FileDescriptor, to word: MountFlags) throws(SyscallError) {
    do {
        try Kernel.setMountAttributes(
            mount, set: [], clear: [], propagation: word.subtracting(.recursive), recursive: word.contains(.recursive))
    } catch {
        guard error.mayBeRefusal else { throw error }
        try Kernel.mount(source: nil, at: mount.pathForMount, type: nil, flags: word, data: nil)
    }
}

/// Checks that `found`, which was looked up where `target` was, is the mount that was attached there: somebody who shares a volume with the
/// container may have moved folders in between.
func verify(_ found: borrowing FileDescriptor, covers target: borrowing FileDescriptor, path: String) throws(SyscallError) {
    let new = try Kernel.status(of: found)
    let old = try Kernel.status(of: target)
    guard new.isMountRoot != false, new.mountID == nil || new.mountID != old.mountID else {
        throw SyscallError("mount", "\(path) is not where it was mounted", .EBUSY)
    }
}
