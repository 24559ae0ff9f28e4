import Cgroups
import Kernel
import KernelABI
public import Planning

/// What `Container.watch` tells.
public enum ContainerEvent: Sendable {
    /// An interval is over: the figures at its end.
    case statistics(CgroupStatistics)
    /// The memory limit has cost the container a process.
    case outOfMemory
}

extension Container {
    /// Tells what happens to the container until its cgroup is empty: the figures each time an interval is over, and a process lost to the
    /// memory limit as soon as the kernel tells of it.
    ///
    /// Waits for the kernel and for the interval, and looks at nothing in between.
    /// - Parameters:
    ///   - interval: 1 or more.
    ///   - output: the descriptor to which the events go; watching ends when nobody reads it any more.
    ///   - tell: what it throws ends the watching.
    /// - Throws: `RuntimeError` with `.wrongState` as `statistics()`.
    public func watch(
        everyNanoseconds interval: UInt64, output: Int32, _ tell: (ContainerEvent) throws(RuntimeError) -> Void
    ) throws(RuntimeError) {
        let record = try factory.record(ofLiving: id)
        // On v1 alone nothing tells that a cgroup is empty: there the container's process stands for it.
        var process = DescriptorList()
        if record.cgroup.unified == nil {
            guard let descriptor = try record.openProcess() else { return }
            process.append(descriptor)
        }
        var cgroup = try watching { () throws(SyscallError) in try CgroupWatch(record.cgroup) }
        var next = after(interval)
        while true {
            let requests =
                cgroup.requests + [
                    PollRequest(number: process.isEmpty ? -1 : process.number(at: 0), events: .readable),
                    PollRequest(number: output, events: []),
                ]
            let ready = try watching { () throws(SyscallError) in
                try Kernel.poll(requests, timeoutMilliseconds: millisecondsLeft(until: next))
            }
            // ORDER: memory before the end: the process that was lost may have been the last one.
            let isOutOfMemory = try watching { () throws(SyscallError) in try cgroup.look() }
            if isOutOfMemory { try tell(.outOfMemory) }
            if cgroup.isEmpty || !ready[3].isEmpty || !ready[4].isDisjoint(with: [.error, .hangUp]) { return }
            guard Kernel.monotonicNanoseconds() >= next else { continue }
            try tell(.statistics(record.statistics()))
            next = after(interval)
        }
    }
}

private func watching<T: ~Copyable>(_ call: () throws(SyscallError) -> T) throws(RuntimeError) -> T {
    do { return try call() } catch { throw RuntimeError(doing: "watch the container", cause: error) }
}

/// The moment when the interval is over; one that is longer than the machine can count never is.
private func after(_ interval: UInt64) -> UInt64 {
    let (moment, isBeyond) = Kernel.monotonicNanoseconds().addingReportingOverflow(interval)
    return isBeyond ? .max : moment
}

/// Rounded up, so that a wait does not end a moment early.
private func millisecondsLeft(until moment: UInt64) -> Int {
    let now = Kernel.monotonicNanoseconds()
    return moment > now ? Int(clamping: (moment - now) / 1_000_000 + 1) : 0
}
