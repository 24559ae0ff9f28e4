import JSON
public import KernelABI
import OCISpec

/// How the kernel treats the process: its share of the processors and disks, its memory nodes, its execution domain. What is absent is inherited.
public struct SchedulingPlan: Sendable, Hashable {
    /// `process.scheduler`.
    public var processor: SchedulingAttributes?
    /// `process.ioPriority`.
    public var inputOutput: IOPriority?
    /// Whether the runtime sets these two from outside, once init waits; else init sets them itself.
    public var isSetFromOutside: Bool
    /// `linux.memoryPolicy`.
    public var memory: MemoryPolicy?
    /// `linux.personality`.
    public var domain: ExecutionDomain?

    /// Creates the value from its properties.
    public init(
        processor: SchedulingAttributes? = nil, inputOutput: IOPriority? = nil, isSetFromOutside: Bool = false, memory: MemoryPolicy? = nil,
        domain: ExecutionDomain? = nil
    ) {
        self.processor = processor
        self.inputOutput = inputOutput
        self.isSetFromOutside = isSetFromOutside
        self.memory = memory
        self.domain = domain
    }
}

/// The class of input and output, and the place in it.
public struct IOPriority: Sendable, Hashable {
    /// The class.
    public var `class`: IOPriorityClass
    /// From 0 (first) to 7 (last).
    public var level: Int32

    /// Creates the value from its properties.
    public init(class: IOPriorityClass, level: Int32) {
        self.class = `class`
        self.level = level
    }
}

/// On which memory nodes memory is taken.
public struct MemoryPolicy: Sendable, Hashable {
    /// The policy.
    public var mode: MemoryPolicyMode
    /// Flags of the policy.
    public var flags: MemoryPolicyFlags
    /// Bit n of word n / 64 stands for node n; empty where the mode takes none.
    public var nodes: [UInt64]

    /// Creates the value from its properties.
    public init(mode: MemoryPolicyMode, flags: MemoryPolicyFlags, nodes: [UInt64]) {
        self.mode = mode
        self.flags = flags
        self.nodes = nodes
    }

    /// Mode, flags and nodes, for messages: `MPOL_BIND MPOL_F_STATIC_NODES nodes 0,1`.
    public var words: String {
        var numbers: [String] = []
        for (index, word) in nodes.enumerated() {
            for bit in 0..<64 where word & (1 << UInt64(bit)) != 0 { numbers.append("\(index * 64 + bit)") }
        }
        return mode.name + flags.words + (numbers.isEmpty ? "" : " nodes \(numbers.joined(separator: ","))")
    }
}

/// Plans how the kernel treats the process.
///
/// The runtime sets scheduler and I/O priority from outside where it holds CAP_SYS_NICE over the host: init as root of a user namespace does not. Without the capability init does what it may.
/// See runtime-spec, config, "Linux Process" (`scheduler`, `ioPriority`); config-linux, "Memory policy", "Personality".
func planScheduling(_ spec: Spec, on host: HostFacts, warnings: inout [String]) -> SchedulingPlan {
    let process = spec.process
    if let flags = spec.linux?.personality?.flags, !flags.isEmpty {
        warnings.append(
            "linux.personality.flags: left out, because the specification defines none: \(flags.map { quoted($0) }.joined(separator: ", "))"
        )
    }
    return SchedulingPlan(
        processor: process?.scheduler.map(attributes),
        inputOutput: process?.ioPriority.map { IOPriority(class: $0.class.ioClass, level: $0.priority ?? 0) },
        isSetFromOutside: host.isInitialUserNamespace && host.capabilities.contains(.sysNice),
        memory: spec.linux?.memoryPolicy.map(memoryPolicy),
        domain: spec.linux?.personality.map { $0.domain == .linux32 ? .linux32 : .linux })
}

/// The highest number a memory node can have: no kernel can be configured for more (`NODES_SHIFT` is at most 10).
let lastMemoryNode: UInt32 = 1023

private func attributes(_ scheduler: Scheduler) -> SchedulingAttributes {
    SchedulingAttributes(
        policy: scheduler.policy.schedulingPolicy,
        flags: (scheduler.flags ?? []).reduce(into: []) { $0.formUnion($1.schedulingFlag) },
        nice: scheduler.nice ?? 0,
        priority: UInt32(clamping: scheduler.priority ?? 0),
        runtimeNanoseconds: scheduler.runtime ?? 0,
        deadlineNanoseconds: scheduler.deadline ?? 0,
        periodNanoseconds: scheduler.period ?? 0)
}

private func memoryPolicy(_ policy: LinuxMemoryPolicy) -> MemoryPolicy {
    MemoryPolicy(
        mode: policy.mode.memoryMode,
        flags: (policy.flags ?? []).reduce(into: []) { $0.formUnion($1.memoryFlag) },
        nodes: isGiven(policy.nodes) ? policy.nodes.flatMap { NumberList($0) }?.bits ?? [] : [])
}

extension LinuxSchedulerPolicy {
    /// The policy as the kernel numbers it.
    var schedulingPolicy: SchedulingPolicy {
        switch self {
        case .other: .other
        case .fifo: .fifo
        case .roundRobin: .roundRobin
        case .batch: .batch
        case .iso: .iso
        case .idle: .idle
        case .deadline: .deadline
        }
    }
}

extension LinuxSchedulerFlag {
    /// The flag as the kernel numbers it.
    var schedulingFlag: SchedulingFlags {
        switch self {
        case .resetOnFork: .resetOnFork
        case .reclaim: .reclaim
        case .deadlineOverrun: .deadlineOverrun
        case .keepPolicy: .keepPolicy
        case .keepParameters: .keepParameters
        case .utilizationClampMinimum: .clampMinimum
        case .utilizationClampMaximum: .clampMaximum
        }
    }
}

extension LinuxIOPriorityClass {
    /// The class as the kernel numbers it.
    var ioClass: IOPriorityClass {
        switch self {
        case .realtime: .realTime
        case .bestEffort: .bestEffort
        case .idle: .idle
        }
    }
}

extension LinuxMemoryPolicyMode {
    /// The mode as the kernel numbers it.
    var memoryMode: MemoryPolicyMode {
        switch self {
        case .systemDefault: .systemDefault
        case .bind: .bind
        case .interleave: .interleave
        case .weightedInterleave: .weightedInterleave
        case .preferred: .preferred
        case .preferredMany: .preferredMany
        case .local: .local
        }
    }
}

extension LinuxMemoryPolicyFlag {
    /// The flag as the kernel numbers it.
    var memoryFlag: MemoryPolicyFlags {
        switch self {
        case .numaBalancing: .numaBalancing
        case .relativeNodes: .relativeNodes
        case .staticNodes: .staticNodes
        }
    }
}
