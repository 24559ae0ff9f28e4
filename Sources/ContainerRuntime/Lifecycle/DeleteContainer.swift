import Cgroups
import Kernel
import KernelABI
import OCISpec
import Planning

extension ContainerFactory {
    /// Removes a container: its processes, its cgroup and its folder; then runs the poststop hooks.
    ///
    /// - Parameters:
    ///   - force: kill a running container first; also removes what a runtime that was killed half-way left behind, and is quiet about an
    ///     unknown id.
    ///   - strict: refuse to delete a created container, as the specification says.
    public func delete(id: String, force: Bool, strict: Bool = false) throws(RuntimeError) {
        try ContainerFactory.checkID(id)
        let store: StateDirectory
        do {
            store = try StateDirectory.openLocked(root: root, id: id)
        } catch {
            if force, error.kind == .notFound { return }
            throw error
        }
        let record: ContainerRecord
        do {
            record = try ContainerRecord.read(in: store)
        } catch {
            // Nothing of a folder that cannot be understood is followed: no pid, no cgroup.
            if force { return try store.remove() }
            throw error
        }
        let status = try record.observeStatus()
        let operation = force ? Operation.forcedDelete : .delete
        guard operation.isAllowed(in: status, isStrict: strict) else {
            throw RuntimeError(.wrongState, "cannot delete container \(id) that is not stopped: \(status.rawValue)")
        }
        try destroy(record, pidfd: try record.openProcess(), store: store)
    }

    /// Undoes what create made, and no more.
    func destroy(_ record: ContainerRecord, pidfd: consuming FileDescriptor?, store: consuming StateDirectory) throws(RuntimeError) {
        if let process = pidfd { try end(process, of: record) }
        try removeCgroup(record.madeCgroup ?? record.cgroup)
        try store.remove()
        runPoststop(record.poststop, id: record.id, bundle: record.bundle, annotations: record.annotations)
    }

    /// Kills the container's process and waits until it is gone.
    private func end(_ process: consuming FileDescriptor, of record: ContainerRecord) throws(RuntimeError) {
        let patienceMilliseconds = 10_000
        do {
            try Kernel.signal(process, .SIGKILL)
        } catch {
            guard error.errno == .ESRCH else { throw RuntimeError(doing: "end the container's process", cause: error) }
        }
        try record.thaw()
        do throws(SyscallError) {
            let gone = try Kernel.poll([PollRequest(number: process.number, events: .readable)], timeoutMilliseconds: patienceMilliseconds)
            guard !gone[0].isEmpty else { throw SyscallError("poll", "", .ETIMEDOUT) }
        } catch {
            if error.errno == .ETIMEDOUT { throw RuntimeError(.system, "container init still running after 10 s of SIGKILL") }
            throw RuntimeError(doing: "end the container's process", cause: error)
        }
    }

    /// Ends what is left in the container's cgroup and removes it.
    func removeCgroup(_ handle: CgroupHandle) throws(RuntimeError) {
        do {
            try chooseDriver(for: handle).remove(handle)
        } catch {
            throw RuntimeError(error, doing: "remove the cgroup")
        }
    }
}
