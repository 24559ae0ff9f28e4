import Kernel
import KernelABI
import Planning

/// How often folders are made anew that others take away meanwhile.
let mostAttempts = 16

/// Makes folders and remembers which, so that a failure can be undone.
struct FolderMaker {
    /// Absolute, parents before children.
    private(set) var made: [String] = []

    /// Makes the container's folder in one hierarchy, and missing ones above it up to the mount point.
    ///
    /// - Parameter mode: of the container's folder; those above it are `worldSearchable`.
    /// - Returns: whether the container's folder itself is new.
    mutating func make(_ directory: CgroupDirectory, mode: FileMode = .worldSearchable) throws(SyscallError) -> Bool {
        do {
            // The parent is nearly always there: one call.
            return try makeOne(directory.absolutePath, mode)
        } catch {
            guard error.errno == .ENOENT else { throw error }
        }
        // A creation beside this one that fails takes away the parents that it has made, even between two calls of ours.
        var attempts = 1
        while true {
            do {
                return try makeWithParents(directory, mode)
            } catch {
                guard error.errno == .ENOENT, attempts < mostAttempts else { throw error }
                attempts += 1
            }
        }
    }

    /// Removes what was made and nobody uses.
    func undo() {
        removeUnused(made)
    }

    /// Leaves the container's folder to somebody else, or takes it over from its maker.
    mutating func setOwner(_ folder: String, isOurs: Bool) {
        made.removeAll { $0 == folder }
        if isOurs { made.append(folder) }
    }

    private mutating func makeWithParents(_ directory: CgroupDirectory, _ mode: FileMode) throws(SyscallError) -> Bool {
        let folder = directory.absolutePath
        var path = directory.mountPoint
        for name in directory.path.utf8.split(separator: UInt8(ascii: "/")).dropLast() {
            path += "/"
            path += Substring(name)
            _ = try makeOne(path, .worldSearchable)
        }
        return try makeOne(folder, mode)
    }

    /// Returns `false` if it was there.
    private mutating func makeOne(_ path: String, _ mode: FileMode) throws(SyscallError) -> Bool {
        do {
            try Kernel.makeDirectory(path, mode: mode)
        } catch {
            guard error.errno == .EEXIST else { throw error }
            return false
        }
        made.append(path)
        return true
    }
}

/// Removes folders, given parents before children. One in use stays: somebody else has taken it meanwhile.
func removeUnused(_ folders: [String]) {
    for folder in folders.reversed() { try? Kernel.removeDirectory(folder) }
}

/// Makes one of the container's folders; one that was there must have no processes.
///
/// - Returns: whether it is new.
func make(_ directory: CgroupDirectory, with maker: inout FolderMaker) throws(CgroupError) -> Bool {
    do {
        if try maker.make(directory) { return true }
    } catch {
        throw .system(error)
    }
    let folder = directory.absolutePath
    let count = try processes(inTree: folder).count
    guard count == 0 else { throw .notEmpty(folder: folder, processes: count) }
    return false
}

/// The folder above `path`; the last slash is never the first byte, as paths here lie below a mount point.
func parent(of path: String) -> String {
    guard let slash = path.utf8.lastIndex(of: UInt8(ascii: "/")) else { return path }
    return String(path[..<slash])
}

/// The names of the cgroups directly below `folder`; none where it is gone.
func childNames(of folder: String) throws(SyscallError) -> [String] {
    do {
        let descriptor = try Kernel.open(folder, [.readOnly, .directory, .noFollow])
        return try Kernel.directoryEntries(descriptor).filter { $0.type == .directory }.map(\.name)
    } catch {
        guard error.isGone else { throw error }
        return []
    }
}

/// Removes `folder`. Returns `false` while processes or cgroups are in it; a folder that is gone counts as removed.
func removeFolder(_ folder: String) throws(SyscallError) -> Bool {
    do {
        try Kernel.removeDirectory(folder)
    } catch {
        if error.errno == .EBUSY || error.errno == .ENOTEMPTY { return false }
        guard error.isGone else { throw error }
    }
    return true
}

/// Removes `folder` and the cgroups below it, the deepest first. Returns `false` while processes are in one of them.
func removeTree(_ folder: String, depth: Int = 0) throws(SyscallError) -> Bool {
    // A container may nest cgroups as it likes; the kernel's paths end at 4,096 bytes.
    let deepest = 2048
    if try removeFolder(folder) { return true }
    guard depth < deepest else { return false }
    for name in try childNames(of: folder) {
        guard try removeTree(folder + "/" + name, depth: depth + 1) else { return false }
    }
    return try removeFolder(folder)
}

extension SyscallError {
    /// The cgroup was removed: before the call, or between opening and reading.
    var isGone: Bool { errno == .ENOENT || errno == .ENODEV }
}
