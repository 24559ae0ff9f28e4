import Kernel
import Planning

/// Sets the resource limits of a process; `nil` is the calling one.
func setLimits(_ limits: [LimitStep], of pid: Int32? = nil) throws(RuntimeError) {
    for step in limits {
        do {
            try Kernel.setLimit(step.limit, soft: step.soft, hard: step.hard, pid: pid ?? 0)
        } catch {
            // EPERM has two reasons, see getrlimit(2).
            throw RuntimeError(
                doing: "set \(step.limit.name) to soft \(step.soft), hard \(step.hard)", pointer: step.origin, cause: error,
                remark: error.errno == .EPERM ? obstacle(toLimit: step.limit, hard: step.hard) : nil)
        }
    }
}
