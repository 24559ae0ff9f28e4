import Kernel
import KernelABI
public import Planning

/// A cgroup that one create has for itself: no other one may use it until the claim ends, and by then a process is inside.
///
/// It is an flock(2) of one of the container's folders, that of cgroup2 where there is one: it ends with the process that holds it. Looking for
/// processes alone is not enough, as two creates may look before either has one inside.
public struct CgroupClaim: ~Copyable {
    /// The folder that is locked.
    let directory: CgroupDirectory?
    /// Whether it was made for this cgroup and not found, by us or by a create that did not come to claim it.
    let isNew: Bool
    /// It and those above it that were made.
    let maker: FolderMaker
    private let folder: FileDescriptor?
    /// The cgroup2 folder, for a process to be born in (CLONE_INTO_CGROUP, Linux 5.7); `nil` where the container has none.
    ///
    /// Being born there needs no lock against all other clones, unlike moving there.
    public let birthplace: Int32?

    fileprivate init(_ directory: CgroupDirectory?, isNew: Bool, maker: FolderMaker, folder: consuming FileDescriptor?, birthplace: Int32?)
    {
        self.directory = directory
        self.isNew = isNew
        self.maker = maker
        self.folder = folder
        self.birthplace = birthplace
    }
}

extension CgroupClaim {
    /// Removes the folders that were made for it, where nothing else of the cgroup was made.
    public func removeFolders() {
        maker.undo()
    }
}

/// Makes or finds the first of the container's folders and locks it, before any other is touched.
///
/// - Throws: `CgroupError.claimed` if another create has it, `.notEmpty` and `.frozen` if it is in use. What was made until then is removed.
public func claimCgroup(_ handle: CgroupHandle) throws(CgroupError) -> CgroupClaim {
    var maker = FolderMaker()
    if handle.unit != nil {
        // systemd has one unit of a name, and makes its folder: only what somebody else left there is in the way.
        for directory in handle.hierarchies + [handle.unified].compactMap(\.self) {
            let count = try processes(inTree: directory.absolutePath).count
            guard count == 0 else { throw .notEmpty(folder: directory.absolutePath, processes: count) }
        }
        return CgroupClaim(nil, isNew: false, maker: maker, folder: nil, birthplace: nil)
    }
    guard let directory = lockedDirectory(of: handle) else {
        return CgroupClaim(nil, isNew: false, maker: maker, folder: nil, birthplace: nil)
    }
    let isUnified = handle.unified != nil
    do throws(CgroupError) {
        var attempts = 1
        while true {
            try makeFirst(directory, with: &maker)
            if let folder = try lockFolder(directory, &maker) {
                let isNew = try takeOver(folder, directory, &maker)
                if try isFit(folder, directory, isUnified: isUnified, isNew: isNew) {
                    let birthplace = isUnified ? folder.number : nil
                    return CgroupClaim(directory, isNew: isNew, maker: maker, folder: folder, birthplace: birthplace)
                }
            }
            guard attempts < mostAttempts else { throw CgroupError.system(SyscallError("openat", directory.absolutePath, .ENOENT)) }
            attempts += 1
        }
    } catch {
        maker.undo()
        throw error
    }
}

/// What a `delete` that is to empty a cgroup finds.
///
/// No create can begin to use the cgroup while this value lives, unless `isClaimed`.
public struct CgroupHold: ~Copyable {
    /// Whether a create has it, which means that it has found no process in it or is about to look.
    public let isClaimed: Bool
    private let folder: FileDescriptor?

    fileprivate init(_ folder: consuming FileDescriptor?, isClaimed: Bool) {
        self.folder = folder
        self.isClaimed = isClaimed
    }
}

/// Keeps creates away from a cgroup that is about to be emptied and removed: a process that came in meanwhile would be taken for one of the container's.
///
/// A create that only looks whether the cgroup is free is waited for, a second at most.
public func holdCgroup(_ handle: CgroupHandle) throws(CgroupError) -> CgroupHold {
    guard let directory = lockedDirectory(of: handle) else { return CgroupHold(nil, isClaimed: false) }
    do {
        let folder = try Kernel.open(directory.absolutePath, [.readOnly, .directory, .noFollow])
        let deadline = Kernel.monotonicNanoseconds() &+ patienceForTheEndingNanoseconds
        while try !Kernel.lock(folder, exclusive: true, wait: false) {
            guard Kernel.monotonicNanoseconds() < deadline else { return CgroupHold(nil, isClaimed: true) }
            _ = try Kernel.poll([], timeoutMilliseconds: 5)
        }
        return CgroupHold(folder, isClaimed: false)
    } catch {
        guard error.isGone else { throw .system(error) }
        return CgroupHold(nil, isClaimed: false)
    }
}

/// The folder whose lock stands for all of them.
private func lockedDirectory(of handle: CgroupHandle) -> CgroupDirectory? {
    if let unified = handle.unified { return unified }
    for directory in handle.hierarchies where directory.controllers.contains("freezer") { return directory }
    return handle.hierarchies.first
}

/// The mode of a new folder that nobody has claimed yet: the sticky bit tells whoever locks it that it is his, to remove in the end too. That need
/// not be its maker, as another create may find and lock it first.
private let unclaimedMode: FileMode = 0o1755

private func makeFirst(_ directory: CgroupDirectory, with maker: inout FolderMaker) throws(CgroupError) {
    do { _ = try maker.make(directory, mode: unclaimedMode) } catch { throw .system(error) }
}

/// Takes the mark of an unclaimed folder away.
///
/// - Returns: whether it had the mark.
private func takeOver(
    _ folder: borrowing FileDescriptor, _ directory: CgroupDirectory, _ maker: inout FolderMaker
) throws(CgroupError) -> Bool {
    do {
        let found = try Kernel.status(of: folder).permissions.rawValue
        let isNew = found & FileMode.sticky != 0
        maker.setOwner(directory.absolutePath, isOurs: isNew)
        if isNew { try Kernel.changeMode(folder, FileMode(rawValue: found & ~FileMode.sticky)) }
        return isNew
    } catch {
        throw .system(error)
    }
}

/// Opens and locks the folder; `nil` if it was removed since it was made or found.
private func lockFolder(_ directory: CgroupDirectory, _ maker: inout FolderMaker) throws(CgroupError) -> FileDescriptor? {
    let path = directory.absolutePath
    do {
        let folder = try Kernel.open(path, [.readOnly, .directory, .noFollow])
        if try Kernel.lock(folder, exclusive: true, wait: false) { return folder }
    } catch {
        guard error.isGone else { throw .system(error) }
        return nil
    }
    // Somebody who found the folder that we may have just made was faster: it is his now.
    maker.setOwner(path, isOurs: false)
    throw .claimed(folder: path)
}

/// What one read(2) gives: all that these few words need.
private func firstPart(of name: String, at folder: borrowing FileDescriptor) throws(SyscallError) -> [UInt8] {
    try Kernel.readSome(try Kernel.open(name, at: folder, [.readOnly, .noFollow]), limit: 1024)
}

/// Whether the locked folder is still there, empty and not frozen. A new one is looked at too: a create that found it may have come and gone
/// between its making and the lock, and it is frozen where one above it is.
///
/// - Returns: `false` if the folder was removed before it was locked.
private func isFit(_ folder: borrowing FileDescriptor, _ directory: CgroupDirectory, isUnified: Bool, isNew: Bool) throws(CgroupError)
    -> Bool
{
    let path = directory.absolutePath
    let text: [UInt8]
    do {
        text = try firstPart(of: isUnified ? "cgroup.events" : "cgroup.procs", at: folder)
    } catch {
        guard error.isGone else { throw .system(error) }
        // The files go with the folder. A scratch folder has none.
        return (try? Kernel.status(path, followSymlinks: false).inode) == (try? Kernel.status(of: folder).inode)
    }
    if isUnified {
        if hasLine("populated 1", in: text) { throw .notEmpty(folder: path, processes: try processes(inTree: path).count) }
        if hasLine("frozen 1", in: text) { throw .frozen(folder: path) }
    } else if !isNew || !text.isEmpty {
        let count = try processes(inTree: path).count
        guard count == 0 else { throw .notEmpty(folder: path, processes: count) }
    }
    return true
}
