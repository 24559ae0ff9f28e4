import JSON
import Kernel
import KernelABI

/// `<root>/<id>/`: what the runtime remembers of one container between two commands.
///
/// `record.json` and the one before it (see `ContainerRecord.write`), `config.json` (the bytes as created), `start.sock` (the doorbell of
/// `start`). The folder is private to the runtime's user, made exclusively and opened without following links.
///
/// The lock is an flock(2) of the folder itself: a file in it could be removed while others wait for it, and would have to be made again by the
/// next one who looks.
struct StateDirectory: ~Copyable {
    let root: String
    let id: String
    let path: String
    /// Has the lock, if it was asked for; the kernel releases it when the process dies.
    let descriptor: FileDescriptor

    static let configName = "config.json"
    static let gateName = "start.sock"
    /// How long a command waits for another one on the same container.
    static let lockPatienceMilliseconds = 10_000

    /// Makes the folder of a new container and locks it.
    ///
    /// - Throws: `RuntimeError` with `.exists` if the id is taken under this root.
    static func make(root: String, id: String) throws(RuntimeError) -> StateDirectory {
        let path = root + "/" + id
        do {
            try makeFolder(path)
        } catch {
            if error.errno == .EEXIST {
                throw RuntimeError(.exists, "container with given ID already exists (in \(root); take another id or delete it first)")
            }
            throw RuntimeError(doing: "make \(path)", cause: error)
        }
        do {
            let descriptor = try Kernel.open(path, [.readOnly, .directory, .noFollow])
            try lock(descriptor)
            return StateDirectory(root: root, id: id, path: path, descriptor: descriptor)
        } catch {
            // A `delete --force` took it for a leftover before it was locked.
            if error.errno == .ENOENT { throw RuntimeError(.wrongState, "another command has just removed \(path)") }
            try? Kernel.removeDirectory(path)
            throw RuntimeError(doing: "make \(path)", cause: error)
        }
    }

    /// Opens the folder of an existing container.
    ///
    /// - Throws: `RuntimeError` with `.notFound`.
    static func open(root: String, id: String) throws(RuntimeError) -> StateDirectory {
        StateDirectory(root: root, id: id, path: root + "/" + id, descriptor: try openFolder(root: root, id: id))
    }

    /// Opens the folder of an existing container and waits for its lock.
    ///
    /// - Throws: `RuntimeError` with `.notFound`, or `.wrongState` if another command keeps the lock for longer than the patience.
    static func openLocked(root: String, id: String) throws(RuntimeError) -> StateDirectory {
        let path = root + "/" + id
        let descriptor = try openFolder(root: root, id: id)
        do {
            try lock(descriptor)
            return StateDirectory(root: root, id: id, path: path, descriptor: descriptor)
        } catch {
            if error.errno == .ETIMEDOUT { throw RuntimeError(.wrongState, "another command holds \(path) for more than 10 s") }
            // The folder can go away while we wait for the command that removes it.
            if error.errno == .ENOENT { throw RuntimeError(.notFound, "container does not exist (looked in \(root))") }
            throw RuntimeError(doing: "lock \(path)", cause: error)
        }
    }

    /// Whether the folder is gone, or is being made or removed by another command.
    static func isPassing(root: String, id: String) -> Bool {
        do {
            let descriptor = try Kernel.open(root + "/" + id, [.readOnly, .directory, .noFollow])
            return try !Kernel.lock(descriptor, exclusive: false, wait: false)
        } catch {
            return error.errno == .ENOENT
        }
    }

    /// Removes the folder and all that the runtime put into it. What is already gone is fine.
    consuming func remove() throws(RuntimeError) {
        do {
            for entry in try Kernel.directoryEntries(descriptor) {
                if entry.type == .directory {
                    try Kernel.removeDirectory(entry.name, at: descriptor)
                } else {
                    try Kernel.unlink(entry.name, at: descriptor)
                }
            }
            // By path, but with the lock: nobody else can have removed it, and so nobody else can have made another one there.
            try Kernel.removeDirectory(path)
        } catch {
            throw RuntimeError(doing: "remove \(path)", cause: error)
        }
    }

    private static func openFolder(root: String, id: String) throws(RuntimeError) -> FileDescriptor {
        do {
            return try Kernel.open(root + "/" + id, [.readOnly, .directory, .noFollow])
        } catch {
            guard error.errno == .ENOENT || error.errno == .ENOTDIR || error.errno == .ELOOP else {
                throw RuntimeError(doing: "open \(root)/\(id)", cause: error)
            }
            throw RuntimeError(.notFound, "container does not exist (looked in \(root))", remark: resemblingID(id, in: root))
        }
    }

    /// Takes the lock of a folder that is still there: `ENOENT` if it was removed meanwhile, `ETIMEDOUT` if the patience is over.
    ///
    /// flock(2) has no time limit of its own; the waits between two tries grow from 1 to 64 ms.
    private static func lock(_ folder: borrowing FileDescriptor) throws(SyscallError) {
        if try !Kernel.lock(folder, exclusive: true, wait: false) {
            let deadline = Kernel.monotonicNanoseconds() + UInt64(lockPatienceMilliseconds) * 1_000_000
            var pause = 1
            repeat {
                guard Kernel.monotonicNanoseconds() < deadline else { throw SyscallError("flock", "", .ETIMEDOUT) }
                _ = try Kernel.poll([], timeoutMilliseconds: pause)
                pause = min(pause * 2, 64)
            } while try !Kernel.lock(folder, exclusive: true, wait: false)
        }
        guard try Kernel.status(of: folder).linkCount > 0 else { throw SyscallError("flock", "", .ENOENT) }
    }

    /// Makes the folder; the root's own folders only where they are missing.
    private static func makeFolder(_ path: String) throws(SyscallError) {
        do {
            return try Kernel.makeDirectory(path, mode: .ownerAll)
        } catch {
            guard error.errno == .ENOENT else { throw error }
        }
        var start = path.utf8.index(after: path.utf8.startIndex)
        while let slash = path.utf8[start...].firstIndex(of: UInt8(ascii: "/")) {
            do {
                try Kernel.makeDirectory(String(path[..<slash]), mode: .ownerAll)
            } catch {
                guard error.errno == .EEXIST else { throw error }
            }
            start = path.utf8.index(after: slash)
        }
        try Kernel.makeDirectory(path, mode: .ownerAll)
    }
}

/// The id of a container under the root that may be meant.
private func resemblingID(_ id: String, in root: String) -> String? {
    guard let folder = try? Kernel.open(root, [.readOnly, .directory]), let entries = try? Kernel.directoryEntries(folder) else {
        return nil
    }
    return neighbour(of: id, among: entries.map(\.name).sorted()).map { "did you mean \($0)?" }
}
