import Kernel
public import KernelABI
import OCISpec

extension ContainerFactory {
    /// Sends a signal to the container's process, or to all processes of its cgroup. Takes no lock.
    public func kill(id: String, _ signal: Signal, all: Bool) throws(RuntimeError) {
        try ContainerFactory.checkID(id)
        let store = try StateDirectory.open(root: root, id: id)
        let record = try ContainerRecord.read(in: store)
        if all {
            // ORDER: before the process is known the cgroup may still turn out to be somebody else's.
            guard record.process != nil else { throw RuntimeError(.wrongState, "container not running") }
            // Who is in the cgroup after the end of a pid namespace has got it since.
            if record.hasOwnPIDNamespace, try record.observeStatus() == .stopped { return }
            // Also when init is gone already: in a shared pid namespace its children live on.
            return try record.signalAll(signal)
        }
        guard Operation.kill.isAllowed(in: try record.observeStatus()), let process = try record.openProcess() else {
            throw RuntimeError(.wrongState, "container not running")
        }
        do {
            try Kernel.signal(process, signal)
        } catch {
            // It ended between the look and the signal.
            if error.errno == .ESRCH { throw RuntimeError(.wrongState, "container not running") }
            throw RuntimeError(
                doing: "send \(signal.name) to the container's process", cause: error,
                remark: error.errno == .EINVAL ? "signals are 1 to \(Signal.lastRealTime.rawValue)" : nil)
        }
        guard signal == .SIGKILL else { return }
        // Without a pid namespace of its own the others would live on.
        if !record.hasOwnPIDNamespace { try record.signalAll(.SIGKILL) }
        // A frozen process takes the signal only when it is thawed.
        try record.thaw()
    }
}
