import Cgroups
import Kernel
import KernelABI
public import Planning

// The parent's story, in the order of docs/ARCHITECTURE.md, "Create and start". Each state is a value that cannot be copied and is used up by
// the step that leads to the next, so that no step is skipped or repeated.

/// Id maps and cgroup are in place; init prepares the root file system.
struct HostConfigured: ~Copyable {
    var link: InitLink
}

/// Everything is mounted beneath the new root; the hooks of the runtime's namespaces come next.
struct RootfsReady: ~Copyable {
    var link: InitLink
}

/// Init waits at the gate.
struct Created: ~Copyable {
    let process: ProcessIdentity
    let pidfd: FileDescriptor
}

/// Standard input, output and error are 0 to 2.
private let lastStandardNumber: Int32 = 2

extension Spawned {
    consuming func configureHostSide(_ plan: ContainerPlan, moving netDevices: inout MovedNetDevices) throws(RuntimeError) -> HostConfigured
    {
        do {
            try ContainerRuntime.configureHostSide(plan, pid: link.pid, moving: &netDevices)
            try link.announce(.hostReady)
        } catch {
            link.end()
            throw error
        }
        return HostConfigured(link: link)
    }
}

extension HostConfigured {
    consuming func awaitRootfs() throws(RuntimeError) -> RootfsReady {
        do {
            try link.expect(.rootfsReady)
        } catch {
            link.end()
            throw error
        }
        return RootfsReady(link: link)
    }
}

extension RootfsReady {
    /// Runs the prestart and createRuntime hooks and lets init finish.
    consuming func finishHooks(
        _ plan: ContainerPlan, process: ProcessIdentity, cancellation: Cancellation
    ) throws(RuntimeError) -> Created {
        do {
            let hooks = plan.hooks
            if !hooks.prestart.isEmpty || !hooks.createRuntime.isEmpty {
                let state = hookState(id: plan.id, status: .creating, pid: link.pid, bundle: plan.bundle, annotations: plan.annotations)
                try runHooks(
                    hooks.prestart, .prestart, state: state, place: .runtime(bundle: plan.bundle), cancellation: cancellation)
                try runHooks(
                    hooks.createRuntime, .createRuntime, state: state, place: .runtime(bundle: plan.bundle), cancellation: cancellation)
            }
            // In a user namespace init itself may not raise a hard limit.
            if plan.spawn.hasUserNamespace { try setLimits(plan.identity.limits, of: link.pid) }
            try link.announce(.hooksDone)
            if let listener = plan.security.seccomp?.listener {
                try handOver(listener, of: plan, link: &link)
                try awaitReady(of: &link, listenerAt: listener.path)
            } else {
                try link.expect(.ready)
            }
            // ORDER: last, so that neither init nor the hooks are slowed down by it, or refused: SCHED_DEADLINE cannot fork.
            if plan.scheduling.isSetFromOutside { try setScheduling(plan.scheduling, of: link.pid, in: plan.cgroup.handle) }
        } catch {
            link.end()
            throw error
        }
        return Created(process: process, pidfd: link.pidfd)
    }
}

extension ContainerFactory {
    /// Makes a container from a bundle: its process waits for `start`.
    ///
    /// The calling process has to have one thread while this runs: the container's process begins as a copy of it (clone3(2) without an
    /// execve), in which a lock that another thread holds, the memory allocator's say, is never released.
    ///
    /// - Parameters:
    ///   - id: see `ContainerFactory.checkID`.
    ///   - bundle: the bundle's folder, absolute or relative to the working directory.
    /// - Throws: `RuntimeError`; then nothing of the container is left.
    public func create(id: String, bundle: String, options: CreateOptions) throws(RuntimeError) {
        _ = try makeContainer(id: id, bundle: bundle, options: options)
    }

    /// `create`, with the process kept for a caller that waits for it.
    func makeContainer(
        id: String, bundle: String, options: CreateOptions, cancellation outer: Cancellation = .none
    ) throws(RuntimeError) -> Created {
        let loaded = try loadBundle(bundle, id: id)
        let plan = try plan(loaded, id: id, options: options)
        for warning in plan.warnings { logger.warning(warning) }
        for note in plan.notes { logger.debug(note) }
        // ORDER: before anything is made, because it may say that the container cannot be.
        var rdt: PlannedRdtGroup?
        if let asked = plan.rdt {
            do { rdt = try PlannedRdtGroup(asked, root: try findResctrl()) } catch { throw error.located(in: loaded.configBytes) }
        }
        let pidFile = try options.pidFile.map { (path) throws(RuntimeError) in try absolutePath(path) }

        // ORDER: before anything is made and until all of it is undone.
        let signals = try HeldSignals(for: plan, besides: outer)
        defer { signals.letThrough() }
        let cancellation = signals.cancellation
        var record = ContainerRecord(plan: plan, created: presentTimestamp(), creator: try currentIdentity())
        record.rdt = rdt?.handle
        let store = try StateDirectory.make(root: root, id: id)
        // Held to the end, so that all that a failure leaves in the cgroup is the container's.
        let claim: CgroupClaim
        do throws(RuntimeError) {
            // Init keeps 0 to 2, whatever they are: one of ours must not be among them.
            guard store.descriptor.number > lastStandardNumber else {
                throw RuntimeError(.system, "standard input, output and error must be open")
            }
            try record.write(in: store)
            try saveConfig(loaded.configBytes, in: store)
            claim = try claimCgroup(of: plan)
        } catch {
            try? store.remove()
            throw error.located(in: loaded.configBytes)
        }
        var createdCgroup: CreatedCgroup?
        var netDevices = MovedNetDevices()
        var hooksBegan = false
        do throws(RuntimeError) {
            let gate = try makeGate(in: store)
            let driver = chooseDriver(for: plan.cgroup.handle)
            if plan.cgroup.unit == nil {
                let made = try makeCgroup(plan.cgroup, claim, driver: driver)
                createdCgroup = made
                record.madeCgroup = made.made
                try limitCgroup(plan.cgroup, driver: driver)
            }
            try rdt?.makeFolders()
            try rdt?.configure()
            let spawned = try spawnInit(plan, gate: gate, birthplace: claim.birthplace, driver: driver, cancellation: cancellation)
            let process = try identity(of: spawned.link)
            record.process = process
            do {
                try record.write(in: store)
                if plan.cgroup.unit != nil {
                    // ORDER: a scope needs a process to begin with; init waits, and has no children yet. The unit's name is in the record by now, and
                    // that it is the container's own once it has been started.
                    let started = try startUnit(plan.cgroup, pid: process.pid)
                    createdCgroup = started
                    record.madeCgroup = started.made
                    try record.write(in: store)
                }
                try rdt?.assign(process.pid)
            } catch {
                spawned.link.end()
                throw error
            }
            let rootfsReady = try spawned.configureHostSide(plan, moving: &netDevices).awaitRootfs()
            hooksBegan = true
            let created = try rootfsReady.finishHooks(plan, process: process, cancellation: cancellation)
            record.phase = .created
            do {
                try record.write(in: store)
                if let pidFile { try writePIDFile(pidFile, pid: process.pid) }
            } catch {
                try? Kernel.signal(created.pidfd, .SIGKILL)
                _ = try? Kernel.wait(created.pidfd)
                throw error
            }
            return created
        } catch {
            // Each step has ended the process that it failed with; what is left are interfaces, the cgroup and the folder. An error of the cleaning up
            // would hide the one that matters.
            for problem in netDevices.giveBack() { logger.warning(problem.message) }
            if let createdCgroup {
                try? clearCgroup(of: record, wasAlive: true)
                createdCgroup.removeFolders()
            } else {
                claim.removeFolders()
            }
            rdt?.removeMadeFolders()
            try? store.remove()
            if hooksBegan { runPoststop(plan.hooks.poststop, id: id, bundle: plan.bundle, annotations: plan.annotations) }
            throw error.located(in: loaded.configBytes)
        }
    }

    private func claimCgroup(of plan: ContainerPlan) throws(RuntimeError) -> CgroupClaim {
        do { return try Cgroups.claimCgroup(plan.cgroup.handle) } catch { throw RuntimeError(error, doing: "make the cgroup") }
    }

    private func makeCgroup(
        _ plan: CgroupPlan, _ claim: borrowing CgroupClaim, driver: any CgroupDriver
    ) throws(RuntimeError) -> CreatedCgroup {
        do { return try driver.create(plan, claim) } catch { throw RuntimeError(error, doing: "make the cgroup") }
    }

    private func startUnit(_ plan: CgroupPlan, pid: Int32) throws(RuntimeError) -> CreatedCgroup {
        do { return try Cgroups.startUnit(plan, pid: pid) } catch { throw RuntimeError(error, doing: "make the cgroup") }
    }

    private func limitCgroup(_ plan: CgroupPlan, driver: any CgroupDriver) throws(RuntimeError) {
        do { try driver.apply(plan.writes, in: plan.handle) } catch { throw RuntimeError(error, doing: "limit the cgroup") }
        guard let owner = plan.owner else { return }
        do { try delegate(plan.handle, to: owner) } catch { throw RuntimeError(error, doing: "give the cgroup to user \(owner)") }
    }

    private func currentIdentity() throws(RuntimeError) -> ProcessIdentity {
        do { return try ProcessIdentity.current() } catch { throw RuntimeError(doing: "look at the runtime's own process", cause: error) }
    }

    private func identity(of link: borrowing InitLink) throws(RuntimeError) -> ProcessIdentity {
        do throws(SyscallError) {
            guard let status = try Kernel.processStatus(link.pid) else { throw SyscallError("open", "/proc/\(link.pid)/stat", .ESRCH) }
            return ProcessIdentity(pid: link.pid, startTime: status.startTime)
        } catch {
            link.end()
            throw RuntimeError(doing: "look at init", cause: error)
        }
    }

    /// Keeps the configuration as it is now: later edits of the bundle have no effect on the container.
    private func saveConfig(_ bytes: [UInt8], in store: borrowing StateDirectory) throws(RuntimeError) {
        do {
            try Kernel.createFile(StateDirectory.configName, at: store.descriptor, contents: bytes, mode: .ownerReadWrite, exclusive: true)
        } catch {
            throw RuntimeError(doing: "write \(store.path)/\(StateDirectory.configName)", cause: error)
        }
    }

    /// Makes the gate's socket. The folder above keeps everybody else out.
    private func makeGate(in store: borrowing StateDirectory) throws(RuntimeError) -> FileDescriptor {
        do {
            return try Kernel.listen(StateDirectory.gateName, at: store.descriptor)
        } catch {
            throw RuntimeError(doing: "make \(store.path)/\(StateDirectory.gateName)", cause: error)
        }
    }

    private func writePIDFile(_ path: String, pid: Int32) throws(RuntimeError) {
        do {
            let slash = path.utf8.lastIndex(of: UInt8(ascii: "/")) ?? path.utf8.startIndex
            let folder = slash == path.utf8.startIndex ? "/" : String(path[..<slash])
            let name = String(path[path.utf8.index(after: slash)...])
            let directory = try Kernel.open(folder, [.readOnly, .directory])
            try Kernel.replaceFile(name, at: directory, contents: Array(String(pid).utf8), mode: .worldReadable)
        } catch {
            throw RuntimeError(doing: "write the pid file \(path)", cause: error, remark: missingPart(of: path))
        }
    }
}
