import Kernel
import KernelABI

/// `<root>/<id>/`: what the runtime remembers of one container between two commands.
///
/// `record.json`, `config.json` (the bytes as created), `lock` (flock), `start.sock` (the doorbell of `start`). The folder is private to the
/// runtime's user, made exclusively and opened without following links.
struct StateDirectory: ~Copyable {
    let root: String
    let id: String
    let path: String
    let descriptor: FileDescriptor
    /// Held while this value lives, if it was asked for; the kernel releases it when the process dies.
    private let lock: FileDescriptor?

    static let configName = "config.json"
    static let gateName = "start.sock"
    private static let lockName = "lock"
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
            let lock = try openLock(in: descriptor)
            _ = try Kernel.lock(lock, exclusive: true, wait: false)
            return StateDirectory(root: root, id: id, path: path, descriptor: descriptor, lock: lock)
        } catch {
            try? Kernel.removeDirectory(path)
            throw RuntimeError(doing: "make \(path)", cause: error)
        }
    }

    /// Opens the folder of an existing container.
    ///
    /// - Throws: `RuntimeError` with `.notFound`.
    static func open(root: String, id: String) throws(RuntimeError) -> StateDirectory {
        StateDirectory(root: root, id: id, path: root + "/" + id, descriptor: try openFolder(root: root, id: id), lock: nil)
    }

    /// Opens the folder of an existing container and waits for its lock.
    ///
    /// - Throws: `RuntimeError` with `.notFound`, or `.wrongState` if another command keeps the lock for longer than the patience.
    static func openLocked(root: String, id: String) throws(RuntimeError) -> StateDirectory {
        let path = root + "/" + id
        let descriptor = try openFolder(root: root, id: id)
        do {
            let lock = try openLock(in: descriptor)
            try waitFor(lock)
            return StateDirectory(root: root, id: id, path: path, descriptor: descriptor, lock: lock)
        } catch {
            if error.errno == .ETIMEDOUT { throw RuntimeError(.wrongState, "another command holds \(path)/\(lockName) for more than 10 s") }
            // The folder can go away while we wait for the command that removes it.
            if error.errno == .ENOENT { throw RuntimeError(.notFound, "container does not exist (looked in \(root))") }
            throw RuntimeError(doing: "lock \(path)", cause: error)
        }
    }

    /// Removes the folder and all that the runtime put into it. What is already gone is fine.
    consuming func remove() throws(RuntimeError) {
        do {
            for entry in try Kernel.directoryEntries(descriptor) where entry.name != StateDirectory.lockName {
                try ignoringMissing { () throws(SyscallError) in
                    if entry.type == .directory {
                        try Kernel.removeDirectory(entry.name, at: descriptor)
                    } else {
                        try Kernel.unlink(entry.name, at: descriptor)
                    }
                }
            }
            // ORDER: the lock last, so that whoever waits for it finds a folder that is empty or gone.
            try ignoringMissing { () throws(SyscallError) in try Kernel.unlink(StateDirectory.lockName, at: descriptor) }
            try ignoringMissing { () throws(SyscallError) in try Kernel.removeDirectory(path) }
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
            throw RuntimeError(.notFound, "container does not exist (looked in \(root))")
        }
    }

    private static func openLock(in directory: borrowing FileDescriptor) throws(SyscallError) -> FileDescriptor {
        try Kernel.open(lockName, at: directory, [.readWrite, .create, .noFollow], mode: .ownerReadWrite)
    }

    /// flock(2) has no time limit of its own; the waits between two tries grow from 1 to 64 ms.
    private static func waitFor(_ lock: borrowing FileDescriptor) throws(SyscallError) {
        let deadline = Kernel.monotonicNanoseconds() + UInt64(lockPatienceMilliseconds) * 1_000_000
        var pause = 1
        while try !Kernel.lock(lock, exclusive: true, wait: false) {
            guard Kernel.monotonicNanoseconds() < deadline else { throw SyscallError("flock", "", .ETIMEDOUT) }
            _ = try Kernel.poll([], timeoutMilliseconds: pause)
            pause = min(pause * 2, 64)
        }
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

/// Runs one call and takes "there is no such file" for an answer.
private func ignoringMissing(_ body: () throws(SyscallError) -> Void) throws(SyscallError) {
    do {
        try body()
    } catch {
        guard error.errno == .ENOENT else { throw error }
    }
}
