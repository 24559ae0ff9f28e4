import CKernel
public import KernelABI

// Attaching, changing and detaching mounts. Everything here acts in the calling process's mount namespace and wants CAP_SYS_ADMIN over it.

/// Attaches a filesystem, or changes an existing mount, by path.
///
/// - Parameters:
///   - source: device or tree; `nil` where the flags or the type make it meaningless.
///   - type: name of the filesystem; `nil` for bind, move, remount and propagation.
///   - data: options of the filesystem, comma-separated.
///
/// See mount(2).
public func mount(
    source: String?, at target: String, type: String?, flags: MountFlags, data: String?
) throws(SyscallError) {
    try enter("mount", type.map { "\($0) at \(target)" } ?? target) {
        // SAFETY: the kernel reads the strings during the call only.
        unsafe sw_mount(source, target, type, flags.rawValue, data)
    }
}

/// Starts to configure a filesystem of the given type (Linux 5.2); `ENODEV` if the kernel does not know it.
///
/// See fsopen(2).
public func openFilesystem(_ type: String) throws(SyscallError) -> FileDescriptor {
    // SAFETY: the kernel reads the string during the call only.
    let number = try enter("fsopen", type) { unsafe sw_fsopen(type, closeOnExec) }
    return FileDescriptor(adopting: Int32(truncatingIfNeeded: number))
}

/// Sets the option `key` of a filesystem that is being configured. What was wrong is told by `filesystemLog`.
public func configure(_ filesystem: borrowing FileDescriptor, _ key: String, _ value: String) throws(SyscallError) {
    let number = filesystem.number
    try enter("fsconfig", "\(key)=\(value)") {
        // SAFETY: the kernel reads the strings during the call only.
        unsafe value.withCString { unsafe sw_fsconfig(number, setString, key, $0, 0) }
    }
}

/// Sets the option `flag`, which has no value, of a filesystem that is being configured.
public func configure(_ filesystem: borrowing FileDescriptor, flag: String) throws(SyscallError) {
    let number = filesystem.number
    // SAFETY: the kernel reads the string during the call only.
    try enter("fsconfig", flag) { unsafe sw_fsconfig(number, setFlag, flag, nil, 0) }
}

/// Makes the filesystem as configured. What was wrong is told by `filesystemLog`.
public func createFilesystem(_ filesystem: borrowing FileDescriptor) throws(SyscallError) {
    let number = filesystem.number
    try enter("fsconfig", "create") { sw_fsconfig(number, create, nil, nil, 0) }
}

/// Starts to configure the filesystem of an existing mount anew (Linux 5.2): options are set as for a new one, and `reconfigureFilesystem` ends it.
///
/// - Parameter mount: the root of a mount, `EINVAL` otherwise. What changes reaches every mount of that filesystem.
///
/// See fspick(2).
public func pickFilesystem(_ mount: borrowing FileDescriptor) throws(SyscallError) -> FileDescriptor {
    let number = mount.number
    // SAFETY: the kernel reads the string during the call only.
    let filesystem = try enter("fspick", naming(number)) { unsafe sw_fspick(number, "", pickCloseOnExec | pickEmptyPath) }
    return FileDescriptor(adopting: Int32(truncatingIfNeeded: filesystem))
}

/// Changes a filesystem that was picked as configured; options that were not named stay. What was wrong is told by `filesystemLog`.
public func reconfigureFilesystem(_ filesystem: borrowing FileDescriptor) throws(SyscallError) {
    let number = filesystem.number
    try enter("fsconfig", "reconfigure") { sw_fsconfig(number, reconfigure, nil, nil, 0) }
}

/// The last error the kernel noted while a filesystem was configured, such as `tmpfs: Bad value for 'size'`; `nil` if there is none.
///
/// Messages are taken out of the kernel's log of the descriptor: a second call does not find them again.
public func filesystemLog(_ filesystem: borrowing FileDescriptor) -> String? {
    let number = filesystem.number
    var last: String?
    var buffer = [UInt8](repeating: 0, count: 512)
    // The log holds eight messages; each read takes one, and ENODATA means that it is empty.
    for _ in 0..<16 {
        let count = uninterrupted {
            // SAFETY: the kernel writes at most the buffer's size.
            unsafe buffer.withUnsafeMutableBytes { unsafe sw_read(number, $0.baseAddress, $0.count) }
        }
        guard count > 0 else { break }
        // "e message": e an error, w a warning, i information.
        guard buffer[0] == UInt8(ascii: "e"), count > 2 else { continue }
        let text = buffer[2..<count].prefix { $0 != UInt8(ascii: "\n") }
        last = String(decoding: text, as: UTF8.self)
    }
    return last
}

/// Makes a detached mount of a filesystem that was created. It vanishes with the descriptor unless it is attached with `moveMount`.
///
/// See fsmount(2).
public func mountFilesystem(_ filesystem: borrowing FileDescriptor, attributes: MountAttributes) throws(SyscallError) -> FileDescriptor {
    let number = filesystem.number
    let bits = UInt32(truncatingIfNeeded: attributes.rawValue)
    let mount = try enter("fsmount", naming(number)) { sw_fsmount(number, closeOnExec, bits) }
    return FileDescriptor(adopting: Int32(truncatingIfNeeded: mount))
}

/// Opens the mount at `path` as the calling process sees it, or with `.clone` a detached copy of the tree from there on (Linux 5.2).
///
/// See open_tree(2).
public func openTree(_ path: String, _ flags: OpenTreeFlags) throws(SyscallError) -> FileDescriptor {
    try openTree(path, inDirectory: AtFlags.currentDirectory, flags)
}

/// Opens the mount at `path` relative to `directory`, or with `.clone` a detached copy.
public func openTree(_ path: String, at directory: borrowing FileDescriptor, _ flags: OpenTreeFlags) throws(SyscallError) -> FileDescriptor
{
    try openTree(path, inDirectory: directory.number, flags)
}

/// Opens the mount at the place `descriptor` stands for, or with `.clone` a detached copy of the tree from there on.
public func openTree(_ descriptor: borrowing FileDescriptor, _ flags: OpenTreeFlags) throws(SyscallError) -> FileDescriptor {
    try openTree("", inDirectory: descriptor.number, flags.union(.emptyPath))
}

private func openTree(_ path: String, inDirectory directory: Int32, _ flags: OpenTreeFlags) throws(SyscallError) -> FileDescriptor {
    let all = flags.union(.closeOnExec).rawValue
    let number = try enter("open_tree", path.isEmpty ? naming(directory) : path) {
        // SAFETY: the kernel reads the string during the call only.
        unsafe sw_open_tree(directory, path, all)
    }
    return FileDescriptor(adopting: Int32(truncatingIfNeeded: number))
}

/// Attaches a detached mount at the place `target` stands for, or moves an attached one there (Linux 5.2).
///
/// See move_mount(2).
public func moveMount(_ mount: borrowing FileDescriptor, onto target: borrowing FileDescriptor) throws(SyscallError) {
    let from = mount.number
    let to = target.number
    try enter("move_mount", "\(naming(from)) onto \(naming(to))") {
        // SAFETY: the kernel reads the strings during the call only.
        unsafe sw_move_mount(from, "", to, "", moveFromEmptyPath | moveToEmptyPath)
    }
}

/// Attaches a detached mount at `path` as the calling process sees it; links are followed.
public func moveMount(_ mount: borrowing FileDescriptor, onto path: String) throws(SyscallError) {
    let from = mount.number
    try enter("move_mount", path) {
        // SAFETY: the kernel reads the strings during the call only.
        unsafe sw_move_mount(from, "", AtFlags.currentDirectory, path, moveFromEmptyPath | moveToFollow)
    }
}

/// Changes attributes and propagation of the mount behind `descriptor` (Linux 5.12).
///
/// - Parameters:
///   - set: attributes to switch on. With an access time setting, `clear` is completed by the mask the kernel asks for.
///   - clear: attributes to switch off.
///   - propagation: one of the four kinds, or empty to leave it.
///   - recursive: also all mounts below; all of them or none are changed.
///   - idmapUserNamespace: descriptor number of the user namespace to map owners by; detached mounts only, once.
///
/// See mount_setattr(2).
public func setMountAttributes(
    _ descriptor: borrowing FileDescriptor, set: MountAttributes = [], clear: MountAttributes = [], propagation: MountFlags = [],
    recursive: Bool, idmapUserNamespace: Int32? = nil
) throws(SyscallError) {
    try setMountAttributes("", inDirectory: descriptor.number, .emptyPath, set, clear, propagation, recursive, idmapUserNamespace)
}

/// Changes attributes and propagation of the mount at `path` as the calling process sees it (Linux 5.12).
public func setMountAttributes(
    at path: String, set: MountAttributes = [], clear: MountAttributes = [], propagation: MountFlags = [], recursive: Bool
) throws(SyscallError) {
    try setMountAttributes(path, inDirectory: AtFlags.currentDirectory, [], set, clear, propagation, recursive, nil)
}

private func setMountAttributes(
    _ path: String, inDirectory directory: Int32, _ flags: AtFlags, _ set: MountAttributes, _ clear: MountAttributes,
    _ propagation: MountFlags, _ recursive: Bool, _ userNamespace: Int32?
) throws(SyscallError) {
    let allFlags = UInt32(bitPattern: (recursive ? flags.union(.recursive) : flags).rawValue)
    // The access time setting is a number: the kernel refuses to set it unless the old one is cleared.
    let changesAccessTime = !set.isDisjoint(with: .accessTimeMask)
    let cleared = changesAccessTime ? clear.union(.accessTimeMask) : clear
    let mapped = userNamespace == nil ? set : set.union(.idmap)
    let namespace = UInt64(truncatingIfNeeded: userNamespace ?? 0)
    try enter("mount_setattr", path.isEmpty ? naming(directory) : path) {
        // SAFETY: the kernel reads the string during the call only.
        unsafe sw_mount_setattr(directory, path, allFlags, mapped.rawValue, cleared.rawValue, UInt64(propagation.rawValue), namespace)
    }
}

/// Detaches the mount at `path`.
///
/// See umount2(2).
public func unmount(_ path: String, _ flags: UnmountFlags = []) throws(SyscallError) {
    // SAFETY: the kernel reads the string during the call only.
    try enter("umount2", path) { unsafe sw_umount2(path, flags.rawValue) }
}

/// Makes `root` the root of the mount namespace and moves the old one to `putOld`; `.` for both stacks the old root on top of the new one.
///
/// See pivot_root(2).
public func pivotRoot(_ root: String, putOld: String) throws(SyscallError) {
    // SAFETY: the kernel reads the strings during the call only.
    try enter("pivot_root", root) { unsafe sw_pivot_root(root, putOld) }
}

/// Makes `path` the root directory of the calling process.
///
/// See chroot(2).
public func changeRoot(_ path: String) throws(SyscallError) {
    // SAFETY: the kernel reads the string during the call only.
    try enter("chroot", path) { unsafe sw_chroot(path) }
}

// Numbers of fsopen(2), fspick(2), fsconfig(2) and move_mount(2), which only this file uses.
private let closeOnExec: UInt32 = 1
private let setFlag: UInt32 = 0
private let setString: UInt32 = 1
private let create: UInt32 = 6
private let reconfigure: UInt32 = 7
private let pickCloseOnExec: UInt32 = 0x1
private let pickEmptyPath: UInt32 = 0x8
private let moveFromEmptyPath: UInt32 = 0x4
private let moveToFollow: UInt32 = 0x10
private let moveToEmptyPath: UInt32 = 0x40
