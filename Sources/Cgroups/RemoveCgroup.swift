import Kernel
import KernelABI
public import Planning

extension CgroupDriver {
    /// Removes the container's folders and the cgroups below them, never one above. Processes in them are killed.
    ///
    /// - Parameter handle: the folders to remove, those that `create` made; one that is gone already counts as removed.
    /// - Throws: `CgroupError.stillInUse` if a process does not end within ten seconds.
    public func remove(_ handle: CgroupHandle) throws(CgroupError) {
        var busy: [CgroupDirectory] = []
        for directory in handle.hierarchies where !(try removeOwn(directory)) { busy.append(directory) }
        if let unified = handle.unified, !(try removeOwn(unified)) { busy.append(unified) }
        guard !busy.isEmpty else { return }

        let deadline = Kernel.monotonicNanoseconds() &+ patienceNanoseconds
        try killAll(in: handle)
        // Each folder by itself: a process may have been moved in one hierarchy only.
        for directory in busy { try emptyAndRemove(directory.absolutePath, until: deadline) }
    }
}

extension CgroupDriver {
    /// Removes those of the container's folders that nobody uses, and ends nobody.
    ///
    /// Processes that are just ending get a second for it, all folders together.
    /// - Returns: the folders that are in use, absolute: left alone with all that is below them.
    public func removeUnused(_ handle: CgroupHandle) throws(CgroupError) -> [String] {
        let deadline = Kernel.monotonicNanoseconds() &+ patienceForTheEndingNanoseconds
        var used: [String] = []
        for directory in handle.hierarchies where !(try removeUnusedOwn(directory, until: deadline)) { used.append(directory.absolutePath) }
        if let unified = handle.unified, !(try removeUnusedOwn(unified, until: deadline)) { used.append(unified.absolutePath) }
        return used
    }
}

let patienceForTheEndingNanoseconds: UInt64 = 1_000_000_000

/// Returns `false` if processes are in the folder or below it.
private func removeUnusedOwn(_ directory: CgroupDirectory, until deadline: UInt64) throws(CgroupError) -> Bool {
    if try removeOwn(directory) { return true }
    let folder = directory.absolutePath
    var pause = Pause(since: Kernel.monotonicNanoseconds())
    while true {
        let isUsed = try !processes(inTree: folder).isEmpty
        do {
            if !isUsed, try removeTree(folder) { return true }
            guard Kernel.monotonicNanoseconds() < deadline else { return false }
        } catch {
            throw .system(error)
        }
        // Those that end at this moment are waited for; after the last one the kernel may take a moment, which it tells nobody of.
        if isUsed, try waitForTheEnd(inTree: folder, until: deadline) { continue }
        do { try pause.next() } catch { throw .system(error) }
    }
}

/// How long processes may take to end, or a freezer to act.
let patienceNanoseconds: UInt64 = 10_000_000_000

private func removeOwn(_ directory: CgroupDirectory) throws(CgroupError) -> Bool {
    // A record that was tampered with must not name the root of a hierarchy, or a place outside of it.
    let names = directory.path.utf8.split(separator: UInt8(ascii: "/"))
    guard !names.isEmpty, !names.contains(where: { $0.elementsEqual("..".utf8) || $0.elementsEqual(".".utf8) }) else {
        throw .system(SyscallError("rmdir", directory.absolutePath, .EINVAL))
    }
    do { return try removeFolder(directory.absolutePath) } catch { throw .system(error) }
}

/// Removes a tree that has, or just had, processes.
private func emptyAndRemove(_ folder: String, until deadline: UInt64) throws(CgroupError) {
    var pause = Pause(since: Kernel.monotonicNanoseconds())
    while true {
        do {
            if try removeTree(folder) { return }
        } catch {
            throw .system(error)
        }
        guard Kernel.monotonicNanoseconds() < deadline else {
            throw .stillInUse(folder: folder, processes: try processes(inTree: folder).count)
        }
        try killTree(folder)
        if try waitForTheEnd(inTree: folder, until: deadline) { continue }
        // No process is left, and still the folder is busy: the kernel is not done with one that has ended. There is no event for that.
        do { try pause.next() } catch { throw .system(error) }
    }
}
