/// How the kernel picks the next process to run.
///
/// See sched(7); runtime-spec, config, "Linux Process" (`scheduler.policy`).
public enum SchedulingPolicy: UInt32, Sendable, Hashable, CaseIterable {
    /// `SCHED_OTHER`: the default time-sharing policy.
    case other = 0
    /// `SCHED_FIFO`: real time, first in, first out.
    case fifo = 1
    /// `SCHED_RR`: real time, in turns.
    case roundRobin = 2
    /// `SCHED_BATCH`: time sharing for work without interaction.
    case batch = 3
    /// `SCHED_ISO`: reserved; no kernel implements it.
    case iso = 4
    /// `SCHED_IDLE`: only when nothing else wants to run.
    case idle = 5
    /// `SCHED_DEADLINE`: earliest deadline first.
    case deadline = 6

    /// Finds a value by its name, exactly as the spec writes it.
    public init?(name: String) {
        switch name {
        case "SCHED_OTHER": self = .other
        case "SCHED_FIFO": self = .fifo
        case "SCHED_RR": self = .roundRobin
        case "SCHED_BATCH": self = .batch
        case "SCHED_ISO": self = .iso
        case "SCHED_IDLE": self = .idle
        case "SCHED_DEADLINE": self = .deadline
        default: return nil
        }
    }

    /// The name as the spec writes it.
    public var name: String {
        switch self {
        case .other: "SCHED_OTHER"
        case .fifo: "SCHED_FIFO"
        case .roundRobin: "SCHED_RR"
        case .batch: "SCHED_BATCH"
        case .iso: "SCHED_ISO"
        case .idle: "SCHED_IDLE"
        case .deadline: "SCHED_DEADLINE"
        }
    }
}

/// The flags of sched_setattr(2).
///
/// See runtime-spec, config, "Linux Process" (`scheduler.flags`).
public struct SchedulingFlags: OptionSet, Sendable, Hashable {
    /// The bits as the kernel takes them.
    public let rawValue: UInt64

    /// Wraps the bits, known or not.
    public init(rawValue: UInt64) {
        self.rawValue = rawValue
    }

    /// Finds one flag by its name, exactly as the spec writes it.
    public init?(name: String) {
        switch name {
        case "SCHED_FLAG_RESET_ON_FORK": self = .resetOnFork
        case "SCHED_FLAG_RECLAIM": self = .reclaim
        case "SCHED_FLAG_DL_OVERRUN": self = .deadlineOverrun
        case "SCHED_FLAG_KEEP_POLICY": self = .keepPolicy
        case "SCHED_FLAG_KEEP_PARAMS": self = .keepParameters
        case "SCHED_FLAG_UTIL_CLAMP_MIN": self = .clampMinimum
        case "SCHED_FLAG_UTIL_CLAMP_MAX": self = .clampMaximum
        default: return nil
        }
    }

    /// The names of the flags that are set, each after a space, as the spec writes them.
    public var words: String {
        let known: [(SchedulingFlags, String)] = [
            (.resetOnFork, " SCHED_FLAG_RESET_ON_FORK"), (.reclaim, " SCHED_FLAG_RECLAIM"), (.deadlineOverrun, " SCHED_FLAG_DL_OVERRUN"),
            (.keepPolicy, " SCHED_FLAG_KEEP_POLICY"), (.keepParameters, " SCHED_FLAG_KEEP_PARAMS"),
            (.clampMinimum, " SCHED_FLAG_UTIL_CLAMP_MIN"), (.clampMaximum, " SCHED_FLAG_UTIL_CLAMP_MAX"),
        ]
        return known.filter { contains($0.0) }.map(\.1).joined()
    }

    /// `SCHED_FLAG_RESET_ON_FORK`: children start with the default policy.
    public static var resetOnFork: SchedulingFlags { SchedulingFlags(rawValue: 0x1) }
    /// `SCHED_FLAG_RECLAIM`: a deadline task may use time others leave.
    public static var reclaim: SchedulingFlags { SchedulingFlags(rawValue: 0x2) }
    /// `SCHED_FLAG_DL_OVERRUN`: a deadline task is told with SIGXCPU when it overruns.
    public static var deadlineOverrun: SchedulingFlags { SchedulingFlags(rawValue: 0x4) }
    /// `SCHED_FLAG_KEEP_POLICY`: the policy stays as it is.
    public static var keepPolicy: SchedulingFlags { SchedulingFlags(rawValue: 0x8) }
    /// `SCHED_FLAG_KEEP_PARAMS`: the parameters stay as they are.
    public static var keepParameters: SchedulingFlags { SchedulingFlags(rawValue: 0x10) }
    /// `SCHED_FLAG_UTIL_CLAMP_MIN`: a lower bound of utilisation is given.
    public static var clampMinimum: SchedulingFlags { SchedulingFlags(rawValue: 0x20) }
    /// `SCHED_FLAG_UTIL_CLAMP_MAX`: an upper bound of utilisation is given.
    public static var clampMaximum: SchedulingFlags { SchedulingFlags(rawValue: 0x40) }
}

/// How a process is to be scheduled, as sched_setattr(2) takes it. What a policy has no use for is 0.
public struct SchedulingAttributes: Sendable, Hashable {
    /// The policy.
    public var policy: SchedulingPolicy
    /// Flags of the call.
    public var flags: SchedulingFlags
    /// The nice value, -20 to 19, of a time-sharing policy.
    public var nice: Int32
    /// The static priority, 1 to 99, of `fifo` and `roundRobin`.
    public var priority: UInt32
    /// CPU time in a period, of `deadline`.
    public var runtimeNanoseconds: UInt64
    /// From the start of a period to its deadline, of `deadline`.
    public var deadlineNanoseconds: UInt64
    /// Length of a period, of `deadline`; 0 is as long as the deadline.
    public var periodNanoseconds: UInt64

    /// Creates the value from its properties.
    public init(
        policy: SchedulingPolicy, flags: SchedulingFlags = [], nice: Int32 = 0, priority: UInt32 = 0, runtimeNanoseconds: UInt64 = 0,
        deadlineNanoseconds: UInt64 = 0, periodNanoseconds: UInt64 = 0
    ) {
        self.policy = policy
        self.flags = flags
        self.nice = nice
        self.priority = priority
        self.runtimeNanoseconds = runtimeNanoseconds
        self.deadlineNanoseconds = deadlineNanoseconds
        self.periodNanoseconds = periodNanoseconds
    }
}

extension SchedulingAttributes {
    /// The policy with the numbers that it uses, for messages: `SCHED_FIFO priority 10`.
    public var words: String {
        switch policy {
        case .other, .batch: return "\(policy.name) nice \(nice)\(flags.words)"
        case .fifo, .roundRobin: return "\(policy.name) priority \(priority)\(flags.words)"
        case .iso, .idle: return policy.name + flags.words
        case .deadline:
            let period = periodNanoseconds == 0 ? "" : " period \(periodNanoseconds)"
            return "\(policy.name) runtime \(runtimeNanoseconds) deadline \(deadlineNanoseconds)\(period)\(flags.words)"
        }
    }
}

/// The class of a process's input and output priority.
///
/// See ioprio_set(2); runtime-spec, config, "Linux Process" (`ioPriority.class`).
public enum IOPriorityClass: Int32, Sendable, Hashable, CaseIterable {
    /// `IOPRIO_CLASS_NONE`: derived from the nice value.
    case none = 0
    /// `IOPRIO_CLASS_RT`: served first.
    case realTime = 1
    /// `IOPRIO_CLASS_BE`: the default class.
    case bestEffort = 2
    /// `IOPRIO_CLASS_IDLE`: served when the disk has nothing else to do.
    case idle = 3

    /// Finds a value by its name, exactly as the spec writes it.
    public init?(name: String) {
        switch name {
        case "IOPRIO_CLASS_NONE": self = .none
        case "IOPRIO_CLASS_RT": self = .realTime
        case "IOPRIO_CLASS_BE": self = .bestEffort
        case "IOPRIO_CLASS_IDLE": self = .idle
        default: return nil
        }
    }

    /// The name as the spec writes it.
    public var name: String {
        switch self {
        case .none: "IOPRIO_CLASS_NONE"
        case .realTime: "IOPRIO_CLASS_RT"
        case .bestEffort: "IOPRIO_CLASS_BE"
        case .idle: "IOPRIO_CLASS_IDLE"
        }
    }
}

/// On which memory nodes a process's memory is taken.
///
/// See set_mempolicy(2); runtime-spec, config-linux, "Memory policy" (`memoryPolicy.mode`).
public enum MemoryPolicyMode: Int32, Sendable, Hashable, CaseIterable {
    /// `MPOL_DEFAULT`: near the processor that asks.
    case systemDefault = 0
    /// `MPOL_PREFERRED`: one node first.
    case preferred = 1
    /// `MPOL_BIND`: the given nodes only.
    case bind = 2
    /// `MPOL_INTERLEAVE`: the given nodes in turns.
    case interleave = 3
    /// `MPOL_LOCAL`: the node of the processor that asks.
    case local = 4
    /// `MPOL_PREFERRED_MANY`: several nodes first (Linux 5.15).
    case preferredMany = 5
    /// `MPOL_WEIGHTED_INTERLEAVE`: the given nodes in turns by weight (Linux 6.9).
    case weightedInterleave = 6

    /// Finds a value by its name, exactly as the spec writes it.
    public init?(name: String) {
        switch name {
        case "MPOL_DEFAULT": self = .systemDefault
        case "MPOL_PREFERRED": self = .preferred
        case "MPOL_BIND": self = .bind
        case "MPOL_INTERLEAVE": self = .interleave
        case "MPOL_LOCAL": self = .local
        case "MPOL_PREFERRED_MANY": self = .preferredMany
        case "MPOL_WEIGHTED_INTERLEAVE": self = .weightedInterleave
        default: return nil
        }
    }

    /// The name as the spec writes it.
    public var name: String {
        switch self {
        case .systemDefault: "MPOL_DEFAULT"
        case .preferred: "MPOL_PREFERRED"
        case .bind: "MPOL_BIND"
        case .interleave: "MPOL_INTERLEAVE"
        case .local: "MPOL_LOCAL"
        case .preferredMany: "MPOL_PREFERRED_MANY"
        case .weightedInterleave: "MPOL_WEIGHTED_INTERLEAVE"
        }
    }
}

/// The mode flags of set_mempolicy(2).
///
/// See runtime-spec, config-linux, "Memory policy" (`memoryPolicy.flags`).
public struct MemoryPolicyFlags: OptionSet, Sendable, Hashable {
    /// The bits as the kernel takes them.
    public let rawValue: Int32

    /// Wraps the bits, known or not.
    public init(rawValue: Int32) {
        self.rawValue = rawValue
    }

    /// Finds one flag by its name, exactly as the spec writes it.
    public init?(name: String) {
        switch name {
        case "MPOL_F_NUMA_BALANCING": self = .numaBalancing
        case "MPOL_F_RELATIVE_NODES": self = .relativeNodes
        case "MPOL_F_STATIC_NODES": self = .staticNodes
        default: return nil
        }
    }

    /// The names of the flags that are set, each after a space, as the spec writes them.
    public var words: String {
        let known: [(MemoryPolicyFlags, String)] = [
            (.numaBalancing, " MPOL_F_NUMA_BALANCING"), (.relativeNodes, " MPOL_F_RELATIVE_NODES"), (.staticNodes, " MPOL_F_STATIC_NODES"),
        ]
        return known.filter { contains($0.0) }.map(\.1).joined()
    }

    /// `MPOL_F_NUMA_BALANCING`: optimise placement with NUMA balancing; with `bind` (Linux 5.12).
    public static var numaBalancing: MemoryPolicyFlags { MemoryPolicyFlags(rawValue: 0x2000) }
    /// `MPOL_F_RELATIVE_NODES`: node numbers are relative to the permitted nodes.
    public static var relativeNodes: MemoryPolicyFlags { MemoryPolicyFlags(rawValue: 0x4000) }
    /// `MPOL_F_STATIC_NODES`: node numbers are not remapped.
    public static var staticNodes: MemoryPolicyFlags { MemoryPolicyFlags(rawValue: 0x8000) }
}

/// The execution domain of a process.
///
/// See personality(2); runtime-spec, config-linux, "Personality" (`personality.domain`).
public enum ExecutionDomain: UInt, Sendable, Hashable, CaseIterable {
    /// `PER_LINUX`: the native one, without any flag.
    case linux = 0
    /// `PER_LINUX32`: uname(2) names a 32-bit machine.
    case linux32 = 8

    /// The name as the spec writes it.
    public var name: String {
        switch self {
        case .linux: "LINUX"
        case .linux32: "LINUX32"
        }
    }
}
