import Cgroups
import Kernel
import KernelABI
public import OCISpec

/// What a command wants to do with a container.
public enum Operation: String, Sendable, Hashable, CaseIterable {
    case start, kill, exec, update, pause, resume, delete, forcedDelete
}

extension Operation {
    /// Whether the operation is allowed; docs/ARCHITECTURE.md, "State across processes".
    ///
    /// - Parameter isStrict: follow the specification, which lets only a stopped container be deleted; callers of runc delete created ones.
    public func isAllowed(in status: ContainerStatus, isStrict: Bool = false) -> Bool {
        switch (self, status) {
        case (.forcedDelete, _): true
        case (_, .creating): false
        case (.start, .created): true
        case (.start, .running), (.start, .paused), (.start, .stopped): false
        case (.kill, .created), (.kill, .running), (.kill, .paused): true
        case (.kill, .stopped): false
        case (.exec, .created), (.exec, .running): true
        case (.exec, .paused), (.exec, .stopped): false
        case (.update, .created), (.update, .running), (.update, .paused): true
        case (.update, .stopped): false
        case (.pause, .created), (.pause, .running): true
        case (.pause, .paused), (.pause, .stopped): false
        case (.resume, .paused): true
        case (.resume, .created), (.resume, .running), (.resume, .stopped): false
        case (.delete, .created): !isStrict
        case (.delete, .stopped): true
        case (.delete, .running), (.delete, .paused): false
        }
    }
}

extension ContainerRecord {
    /// What the container is doing, observed now.
    ///
    /// Alive means that pid and start time still match and that it is no zombie; alive and not yet exec'd is `created`; `paused` is read from
    /// the freezer.
    func observeStatus() throws(RuntimeError) -> ContainerStatus {
        // `Glance` goes by the same rules for many containers.
        let observed: ProcessStatus?
        do {
            guard phase == .created, let process else { return try creator.observe() != nil ? .creating : .stopped }
            observed = try process.observe()
        } catch {
            throw RuntimeError(doing: "look at the container's process", cause: error)
        }
        guard let observed else { return .stopped }
        if try isFrozen() { return .paused }
        return observed.hasExecuted ? .running : .created
    }

    /// Whether the freezer holds the container's processes.
    func isFrozen() throws(RuntimeError) -> Bool {
        do {
            return try chooseDriver(for: cgroup).isFrozen(cgroup)
        } catch {
            throw RuntimeError(error, doing: "look at the freezer")
        }
    }

    /// Lets frozen processes go on, so that they take a signal.
    func thaw() throws(RuntimeError) {
        do {
            let driver = chooseDriver(for: cgroup)
            if try driver.isFrozen(cgroup) { try driver.setFrozen(false, cgroup) }
        } catch {
            throw RuntimeError(error, doing: "thaw the container")
        }
    }

    /// Sends a signal to every process of the container's cgroup.
    func signalAll(_ signal: Signal) throws(RuntimeError) {
        do {
            try chooseDriver(for: cgroup).signalAll(signal, in: cgroup)
        } catch {
            throw RuntimeError(error, doing: "send \(signal.name) to all processes")
        }
    }

    /// A descriptor of the container's process, checked to be the one that was recorded; `nil` if it is gone.
    func openProcess() throws(RuntimeError) -> FileDescriptor? {
        guard let process else { return nil }
        do {
            let descriptor = try Kernel.openProcess(process.pid)
            // ORDER: the check after the open: from now on the descriptor stands for one process, whatever becomes of the number.
            guard try process.observe() != nil else { return nil }
            return descriptor
        } catch {
            if error.errno == .ESRCH { return nil }
            // Where pidfd_open(2) is refused, a process that is gone needs none.
            if case .some(.none) = try? process.observe() { return nil }
            throw RuntimeError(doing: "open the container's process", cause: error)
        }
    }
}
