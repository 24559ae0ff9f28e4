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
        try delete(id: id, force: force, isStrict: strict, only: nil)
    }

    /// - Parameter only: the container's process, where the caller means no other container that has got the id since.
    func delete(id: String, force: Bool, isStrict: Bool, only expected: ProcessIdentity?) throws(RuntimeError) {
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
            if force, !error.isShortage { return try destroyDamaged(store, problem: error) }
            throw error
        }
        if let expected, record.process != expected { return }
        let status = try record.observeStatus()
        let operation = force ? Operation.forcedDelete : .delete
        guard operation.isAllowed(in: status, isStrict: isStrict) else {
            throw RuntimeError(
                .wrongState, "cannot delete container \(id) that is not stopped: \(status.rawValue)",
                remark: "kill it first, or delete it with --force")
        }
        try destroy(record, pidfd: try record.openProcess(), store: store, force: force)
    }

    /// Undoes what create made, and no more.
    ///
    /// - Parameter force: go on where a group of resctrl cannot be removed, which keeps nobody from using the id again.
    func destroy(
        _ record: ContainerRecord, pidfd: consuming FileDescriptor?, store: consuming StateDirectory, force: Bool = false
    ) throws(RuntimeError) {
        // ORDER: before the end of the container's process: as long as that lives no create can have taken the cgroup.
        let hold = try hold(record.madeCgroup ?? record.cgroup)
        var wasAlive = false
        if let process = pidfd {
            wasAlive = true
            try end(process, of: record)
        }
        if hold.isClaimed, !wasAlive {
            logger.warning("the container's cgroup is taken by another create: left as it is")
        } else {
            try clearCgroup(of: record, wasAlive: wasAlive)
        }
        _ = consume hold
        if let rdt = record.rdt { try remove(rdt, force: force) }
        try store.remove()
        runPoststop(record.poststop, id: record.id, bundle: record.bundle, annotations: record.annotations)
    }

    private func remove(_ rdt: RdtHandle, force: Bool) throws(RuntimeError) {
        do {
            try rdt.remove()
        } catch {
            guard force else {
                var failure = error
                failure.remark = "delete --force leaves it and removes the container"
                throw failure
            }
            logger.warning("\(error.message): left as it is")
        }
    }

    /// Removes a container whose record is damaged or missing, by the record before it; without that one nothing but the folder.
    private func destroyDamaged(_ store: consuming StateDirectory, problem: RuntimeError) throws(RuntimeError) {
        let record: ContainerRecord
        do {
            record = try ContainerRecord.readPrevious(in: store)
        } catch {
            if error.isShortage { throw error }
            // Nothing of a folder that cannot be understood is followed: no pid, no cgroup. Without any record nothing else was made.
            if problem.kind != .notFound || error.kind != .notFound {
                logger.warning("\(problem.message); nothing tells what belonged to the container: its processes and its cgroup may be left")
            }
            return try store.remove()
        }
        try destroy(record, pidfd: try record.openProcess(), store: store, force: true)
    }

    /// Ends what is left of the container in its cgroup, and removes the folders that were made for it.
    ///
    /// The cgroup had no processes when the container was made. So while the container's process lived, all others there were the container's,
    /// and without a pid namespace of its own they may outlive it. In any other case a process that is found there is somebody else's, who
    /// was given the same `cgroupsPath` when the cgroup was empty again: it is left alone, and so is its folder.
    func clearCgroup(of record: ContainerRecord, wasAlive: Bool) throws(RuntimeError) {
        let driver = chooseDriver(for: record.cgroup)
        do {
            guard let made = record.madeCgroup else {
                // Creation was broken off before it was known whose the folders are. A process of it ends by itself: its creator is gone.
                _ = try driver.removeUnused(record.cgroup)
                return
            }
            if !record.hasOwnPIDNamespace { try driver.killAll(in: record.cgroup) }
            if let unit = made.unit { leave(unit) }
            if wasAlive || !record.hasOwnPIDNamespace { return try driver.remove(made) }
            for folder in try driver.removeUnused(made) {
                logger.warning("the cgroup \(folder) is used by processes that are not the container's: left as it is")
            }
        } catch {
            throw RuntimeError(error, doing: "remove the cgroup")
        }
    }

    /// Has systemd forget the container's unit.
    ///
    /// Without systemd's help the folders can still be removed: it notices that the unit has no processes any more.
    private func leave(_ unit: SystemdUnit) {
        do { try stopUnit(unit) } catch { logger.warning(error.description) }
    }

    private func hold(_ cgroup: CgroupHandle) throws(RuntimeError) -> CgroupHold {
        do { return try holdCgroup(cgroup) } catch { throw RuntimeError(error, doing: "lock the cgroup") }
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
}

extension RuntimeError {
    /// Whether descriptors or memory ran out: that says nothing of the file that was to be read.
    fileprivate var isShortage: Bool {
        guard let errno else { return false }
        return [Errno.EMFILE, .ENFILE, .ENOMEM].contains(Errno(rawValue: errno))
    }
}
