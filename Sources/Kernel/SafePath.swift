import CKernel
public import KernelABI

// Paths inside a container, resolved to descriptors. This is the only road to anything below a root filesystem: its symbolic links are the
// container's, and others may swap directories for links while we look (CVE-2021-30465, CVE-2024-45310). So a path is resolved once, inside
// the root, to a descriptor, and only the descriptor is used from there on.
//
// All functions take a descriptor of the root (a path descriptor will do) and a path in the container's terms: absolute or not, it begins at
// the root; `..` ends there; links are followed inside the root; links of /proc that are no text (/proc/self/fd/3) are refused with ELOOP.
//
// KERNEL: openat2(2) since 5.6. Before, or behind a seccomp filter that refuses it, a walk by descriptors does the same (PathWalk).

/// Opens `path` beneath `root`.
///
/// - Parameters:
///   - flags: as for openat2(2); with `.noFollow` a link at the end is not followed: refused with `ELOOP`, or opened itself with `.path`.
///   - mode: permissions of a file made with `.create`, less the file creation mask.
public func openBeneath(
    _ root: borrowing FileDescriptor, _ path: String, _ flags: OpenFlags, mode: FileMode = .none
) throws(SyscallError) -> FileDescriptor {
    try openBeneath(root, path, flags, mode: mode, forceWalk: false)
}

/// Opens the directory `path` beneath `root` as a path descriptor, and makes it and its parents if they are missing.
///
/// - Parameter createMissing: permissions of directories made here, less the file creation mask; `nil` makes none.
///
/// A link to nothing is followed inside the root and its target made there.
public func directoryBeneath(
    _ root: borrowing FileDescriptor, _ path: String, createMissing: FileMode? = nil
) throws(SyscallError) -> FileDescriptor {
    try directoryBeneath(root, path, createMissing: createMissing, forceWalk: false)
}

/// Opens whatever is at `path` beneath `root` as a path descriptor; if nothing is, makes an empty regular file there, and its parents.
///
/// - Throws: `SyscallError`, among others with `EISDIR` if something is to be made and the path ends with a slash or dots.
public func fileBeneath(_ root: borrowing FileDescriptor, _ path: String, createMissing: Bool = false) throws(SyscallError)
    -> FileDescriptor
{
    try fileBeneath(root, path, createMissing: createMissing, forceWalk: false)
}

/// A directory beneath a root and a name to use in it.
@frozen
public struct BeneathParent: ~Copyable, Sendable {
    /// The directory, as a path descriptor.
    public var directory: FileDescriptor
    /// The last component of the path: one plain name, never `.` or `..`.
    public var name: String

    /// Joins both.
    public init(directory: consuming FileDescriptor, name: String) {
        self.directory = directory
        self.name = name
    }
}

/// Opens the directory beneath `root` in which the last component of `path` lies, to make, replace or remove it there.
///
/// Slashes at the end are passed over. `EINVAL` if there is no plain name at the end, as in `/` or `a/..`.
/// - Parameter createMissing: permissions of directories made here, less the file creation mask; `nil` makes none.
public func parentBeneath(
    _ root: borrowing FileDescriptor, _ path: String, createMissing: FileMode? = nil
) throws(SyscallError) -> BeneathParent {
    try parentBeneath(root, path, createMissing: createMissing, forceWalk: false)
}

// The same with a switch for tests: `forceWalk` leaves openat2(2) out.

package func openBeneath(
    _ root: borrowing FileDescriptor, _ path: String, _ flags: OpenFlags, mode: FileMode, forceWalk: Bool
) throws(SyscallError) -> FileDescriptor {
    let result = forceWalk ? minus(.ENOSYS) : open2Beneath(root.number, path, flags, mode)
    if result >= 0 { return FileDescriptor(adopting: Int32(truncatingIfNeeded: result)) }
    // EPERM may come from a filter, and EAGAIN from somebody renaming without end; the walk gives the true answer.
    guard [minus(.ENOSYS), minus(.EPERM), minus(.EAGAIN)].contains(result) else { throw failure("openat2", path, result) }
    var walk = try PathWalk(root: root, path: path)
    return try walk.open(flags, mode: mode, creating: .nothing)
}

package func directoryBeneath(
    _ root: borrowing FileDescriptor, _ path: String, createMissing: FileMode?, forceWalk: Bool
) throws(SyscallError) -> FileDescriptor {
    let flags: OpenFlags = [.path, .directory]
    guard let createMissing else { return try openBeneath(root, path, flags, mode: .none, forceWalk: forceWalk) }
    do {
        return try openBeneath(root, path, flags, mode: .none, forceWalk: forceWalk)
    } catch {
        guard error.errno == .ENOENT, !path.isEmpty else { throw error }
    }
    var walk = try PathWalk(root: root, path: path)
    return try walk.open(flags, mode: .none, creating: .directories(createMissing))
}

package func fileBeneath(
    _ root: borrowing FileDescriptor, _ path: String, createMissing: Bool, forceWalk: Bool
) throws(SyscallError) -> FileDescriptor {
    do {
        return try openBeneath(root, path, .path, mode: .none, forceWalk: forceWalk)
    } catch {
        guard createMissing, error.errno == .ENOENT, !path.isEmpty else { throw error }
    }
    guard PathWalk.endsWithName(path) else { throw SyscallError("openat", path, .EISDIR) }
    var walk = try PathWalk(root: root, path: path)
    return try walk.open(.path, mode: .none, creating: .fileAndParents)
}

package func parentBeneath(
    _ root: borrowing FileDescriptor, _ path: String, createMissing: FileMode?, forceWalk: Bool
) throws(SyscallError) -> BeneathParent {
    var names = PathWalk.names(in: path)
    guard let name = names.popLast(), name != ".", name != ".." else { throw SyscallError("openat", path, .EINVAL) }
    let parent = names.isEmpty ? "." : names.joined(separator: "/")
    let directory = try directoryBeneath(root, parent, createMissing: createMissing, forceWalk: forceWalk)
    return BeneathParent(directory: directory, name: name)
}

/// openat2(2) inside a root. The kernel says EAGAIN if something was renamed or mounted while it looked at a `..`: try again, but not for ever.
private func open2Beneath(_ root: Int32, _ path: String, _ flags: OpenFlags, _ mode: FileMode) -> Int {
    var result = minus(.EAGAIN)
    var attempts = 0
    while result == minus(.EAGAIN), attempts < 64 {
        result = open2(path, inDirectory: root, flags, mode: mode, resolve: [.inRoot, .noMagicLinks])
        attempts += 1
    }
    return result
}
