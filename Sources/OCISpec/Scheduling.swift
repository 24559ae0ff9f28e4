public import JSON

/// How the process is scheduled. See runtime-spec, config, "Linux Process" (`scheduler`); sched_setattr(2).
public struct Scheduler: Codable, Sendable, Hashable {
    /// The scheduling policy.
    public var policy: LinuxSchedulerPolicy

    /// The nice value for `SCHED_OTHER` and `SCHED_BATCH`, -20 to 19. Absent: 0.
    public var nice: Int32?

    /// The static priority for `SCHED_FIFO` and `SCHED_RR`, 1 to 99. Absent: 0.
    public var priority: Int32?

    /// Flags of sched_setattr(2).
    public var flags: [LinuxSchedulerFlag]?

    /// Nanoseconds of CPU time in a period, for `SCHED_DEADLINE`. Absent: 0.
    public var runtime: UInt64?

    /// Nanoseconds from the start of a period to its deadline, for `SCHED_DEADLINE`. Absent: 0.
    public var deadline: UInt64?

    /// Nanoseconds of a period, for `SCHED_DEADLINE`. Absent: 0, meaning the deadline.
    public var period: UInt64?

    /// Creates the value; every optional property left out is absent from the JSON.
    public init(
        policy: LinuxSchedulerPolicy,
        nice: Int32? = nil,
        priority: Int32? = nil,
        flags: [LinuxSchedulerFlag]? = nil,
        runtime: UInt64? = nil,
        deadline: UInt64? = nil,
        period: UInt64? = nil
    ) {
        self.policy = policy
        self.nice = nice
        self.priority = priority
        self.flags = flags
        self.runtime = runtime
        self.deadline = deadline
        self.period = period
    }
}

/// The scheduling policies by the kernel's names. Another name is an error. See sched(7).
public enum LinuxSchedulerPolicy: String, JSONName, Sendable, Hashable {
    /// The default, time sharing.
    case other = "SCHED_OTHER"
    /// Real time, first in first out.
    case fifo = "SCHED_FIFO"
    /// Real time, in turns.
    case roundRobin = "SCHED_RR"
    /// Time sharing for work that needs no quick answer.
    case batch = "SCHED_BATCH"
    /// Reserved; no Linux kernel accepts it.
    case iso = "SCHED_ISO"
    /// Only when nothing else wants the CPU.
    case idle = "SCHED_IDLE"
    /// Earliest deadline first.
    case deadline = "SCHED_DEADLINE"
}

/// The flags of sched_setattr(2) by the kernel's names. Another name is an error.
public enum LinuxSchedulerFlag: String, JSONName, Sendable, Hashable {
    /// Children start with the default policy.
    case resetOnFork = "SCHED_FLAG_RESET_ON_FORK"
    /// A deadline thread may use bandwidth that others leave.
    case reclaim = "SCHED_FLAG_RECLAIM"
    /// SIGXCPU when a deadline thread overruns.
    case deadlineOverrun = "SCHED_FLAG_DL_OVERRUN"
    /// The policy stays as it is.
    case keepPolicy = "SCHED_FLAG_KEEP_POLICY"
    /// The parameters stay as they are.
    case keepParameters = "SCHED_FLAG_KEEP_PARAMS"
    /// A lower utilization clamp is given.
    case utilizationClampMinimum = "SCHED_FLAG_UTIL_CLAMP_MIN"
    /// An upper utilization clamp is given.
    case utilizationClampMaximum = "SCHED_FLAG_UTIL_CLAMP_MAX"
}

/// I/O scheduling class and priority of the process. See runtime-spec, config, "Linux Process" (`ioPriority`); ioprio_set(2).
public struct LinuxIOPriority: Codable, Sendable, Hashable {
    /// The scheduling class.
    public var `class`: LinuxIOPriorityClass

    /// From 0 (first) to 7 (last) within the class. Absent: 0.
    public var priority: Int32?

    /// Creates the value; every optional property left out is absent from the JSON.
    public init(class: LinuxIOPriorityClass, priority: Int32? = nil) {
        self.class = `class`
        self.priority = priority
    }
}

/// The I/O scheduling classes by the kernel's names. Another name is an error.
public enum LinuxIOPriorityClass: String, JSONName, Sendable, Hashable {
    /// Served first.
    case realtime = "IOPRIO_CLASS_RT"
    /// The default.
    case bestEffort = "IOPRIO_CLASS_BE"
    /// Served when no one else asks.
    case idle = "IOPRIO_CLASS_IDLE"
}
