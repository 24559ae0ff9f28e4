import CKernel
public import KernelABI

// How the kernel treats a process: its share of the processors and disks, its memory nodes, its execution domain.

/// Sets how a process is scheduled (Linux 3.14).
///
/// - Parameter pid: another process, or 0 for the calling one.
/// - Throws: `SyscallError` with `EPERM` without CAP_SYS_NICE over the initial user namespace for real time, `deadline` or a lower nice value,
///   in a cgroup without real-time bandwidth, or for `deadline` where the process may not run on all CPUs; `EBUSY` where `deadline` has no
///   bandwidth left; `EINVAL` for numbers out of range; `EOPNOTSUPP` for clamps that the kernel lacks.
///
/// See sched_setattr(2), sched(7).
public func setScheduling(_ attributes: SchedulingAttributes, pid: Int32 = 0) throws(SyscallError) {
    let raw = sw_sched_attr(
        size: 0, policy: attributes.policy.rawValue, flags: attributes.flags.rawValue, nice: attributes.nice,
        priority: attributes.priority, runtime: attributes.runtimeNanoseconds, deadline: attributes.deadlineNanoseconds,
        period: attributes.periodNanoseconds, clamp_minimum: 0, clamp_maximum: 0)
    try enter("sched_setattr", attributes.policy.name) { sw_sched_setattr(pid, raw) }
}

/// Sets the class of a process's input and output, and its place in the class, from 0 (first) to 7 (last).
///
/// - Parameter pid: another process, or 0 for the calling one.
/// - Throws: `SyscallError` with `EPERM` for `realTime` without CAP_SYS_NICE or CAP_SYS_ADMIN over the initial user namespace.
///
/// See ioprio_set(2).
public func setIOPriority(_ class: IOPriorityClass, level: Int32, pid: Int32 = 0) throws(SyscallError) {
    // IOPRIO_CLASS_SHIFT.
    let value = `class`.rawValue << 13 | level
    try enter("ioprio_set", `class`.name) { sw_ioprio_set(pid, value) }
}

/// Sets on which memory nodes memory of the calling process, and of all its children to come, is taken.
///
/// - Parameter nodes: bit n of word n / 64 stands for node n; empty for the modes that take none.
/// - Throws: `SyscallError` with `EINVAL` for a mode or flag that the kernel lacks, or if none of the nodes has memory that the process may use.
///
/// See set_mempolicy(2).
public func setMemoryPolicy(_ mode: MemoryPolicyMode, flags: MemoryPolicyFlags, nodes: [UInt64]) throws(SyscallError) {
    try enter("set_mempolicy", mode.name) {
        // SAFETY: the kernel reads `count` words during the call only.
        unsafe nodes.withUnsafeBufferPointer { unsafe sw_set_mempolicy(mode.rawValue | flags.rawValue, $0.baseAddress, $0.count) }
    }
}

/// Sets the execution domain of the calling process and clears all flags of personality(2).
public func setExecutionDomain(_ domain: ExecutionDomain) throws(SyscallError) {
    try enter("personality", domain.name) { sw_personality(domain.rawValue) }
}

/// Lets the other processes that wait for this processor run first. It cannot fail. See sched_yield(2).
public func yieldProcessor() {
    sw_sched_yield()
}
