import Cgroups
import OCISpec

extension ContainerFactory {
    /// Stops all processes of a container where they are. Returns when the last one stands still.
    ///
    /// - Throws: `RuntimeError` with `.wrongState` and the words `container not running` unless the container is created or running.
    public func pause(id: String) throws(RuntimeError) {
        try setFrozen(true, id: id, for: .pause) { status in
            RuntimeError(.wrongState, "container not running", remark: status == .paused ? "it is paused already" : nil)
        }
    }

    /// Lets the processes of a paused container go on.
    ///
    /// - Throws: `RuntimeError` with `.wrongState` and the words `container not paused`.
    public func resume(id: String) throws(RuntimeError) {
        try setFrozen(false, id: id, for: .resume) { status in
            RuntimeError(.wrongState, "container not paused", remark: status == .stopped ? "it has stopped" : nil)
        }
    }

    private func setFrozen(
        _ frozen: Bool, id: String, for operation: Operation, refusal: (ContainerStatus) -> RuntimeError
    ) throws(RuntimeError) {
        try ContainerFactory.checkID(id)
        // The lock keeps a `start` out, which would wait for a program that cannot run, and a `delete`, which thaws what it ends.
        let store = try StateDirectory.openLocked(root: root, id: id)
        let record = try ContainerRecord.read(in: store)
        let status = try record.observeStatus()
        guard operation.isAllowed(in: status) else { throw refusal(status) }
        do {
            try chooseDriver(for: record.cgroup).setFrozen(frozen, record.cgroup)
        } catch {
            throw RuntimeError(error, doing: frozen ? "freeze the container" : "thaw the container")
        }
    }
}
