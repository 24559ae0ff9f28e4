/// A resource limit of a process.
///
/// See getrlimit(2); runtime-spec, config, "POSIX process" (`rlimits`).
public enum ResourceLimit: Int32, Sendable, Hashable, CaseIterable {
    /// `RLIMIT_CPU`: processor time in seconds.
    case cpu = 0
    /// `RLIMIT_FSIZE`: size of a written file in bytes.
    case fileSize = 1
    /// `RLIMIT_DATA`: data segment in bytes.
    case data = 2
    /// `RLIMIT_STACK`: stack in bytes.
    case stack = 3
    /// `RLIMIT_CORE`: core dump in bytes.
    case core = 4
    /// `RLIMIT_RSS`: resident memory; without effect.
    case residentSet = 5
    /// `RLIMIT_NPROC`: processes of the user.
    case processes = 6
    /// `RLIMIT_NOFILE`: highest descriptor number plus one.
    case openFiles = 7
    /// `RLIMIT_MEMLOCK`: locked memory in bytes.
    case lockedMemory = 8
    /// `RLIMIT_AS`: address space in bytes.
    case addressSpace = 9
    /// `RLIMIT_LOCKS`: file locks; without effect.
    case locks = 10
    /// `RLIMIT_SIGPENDING`: queued signals of the user.
    case pendingSignals = 11
    /// `RLIMIT_MSGQUEUE`: POSIX message queues of the user in bytes.
    case messageQueues = 12
    /// `RLIMIT_NICE`: ceiling of the nice value as 20 − nice.
    case nice = 13
    /// `RLIMIT_RTPRIO`: ceiling of the real-time priority.
    case realTimePriority = 14
    /// `RLIMIT_RTTIME`: processor time in microseconds without a blocking call, under real-time scheduling.
    case realTimeTime = 15

    /// The value that stands for "no limit", `RLIM_INFINITY`.
    public static var infinity: UInt64 { UInt64.max }

    /// Finds a limit by its name, exactly as the spec writes it: `RLIMIT_NOFILE`.
    public init?(name: String) {
        switch name {
        case "RLIMIT_CPU": self = .cpu
        case "RLIMIT_FSIZE": self = .fileSize
        case "RLIMIT_DATA": self = .data
        case "RLIMIT_STACK": self = .stack
        case "RLIMIT_CORE": self = .core
        case "RLIMIT_RSS": self = .residentSet
        case "RLIMIT_NPROC": self = .processes
        case "RLIMIT_NOFILE": self = .openFiles
        case "RLIMIT_MEMLOCK": self = .lockedMemory
        case "RLIMIT_AS": self = .addressSpace
        case "RLIMIT_LOCKS": self = .locks
        case "RLIMIT_SIGPENDING": self = .pendingSignals
        case "RLIMIT_MSGQUEUE": self = .messageQueues
        case "RLIMIT_NICE": self = .nice
        case "RLIMIT_RTPRIO": self = .realTimePriority
        case "RLIMIT_RTTIME": self = .realTimeTime
        default: return nil
        }
    }

    /// The name as the spec writes it: `RLIMIT_NOFILE`.
    public var name: String {
        switch self {
        case .cpu: "RLIMIT_CPU"
        case .fileSize: "RLIMIT_FSIZE"
        case .data: "RLIMIT_DATA"
        case .stack: "RLIMIT_STACK"
        case .core: "RLIMIT_CORE"
        case .residentSet: "RLIMIT_RSS"
        case .processes: "RLIMIT_NPROC"
        case .openFiles: "RLIMIT_NOFILE"
        case .lockedMemory: "RLIMIT_MEMLOCK"
        case .addressSpace: "RLIMIT_AS"
        case .locks: "RLIMIT_LOCKS"
        case .pendingSignals: "RLIMIT_SIGPENDING"
        case .messageQueues: "RLIMIT_MSGQUEUE"
        case .nice: "RLIMIT_NICE"
        case .realTimePriority: "RLIMIT_RTPRIO"
        case .realTimeTime: "RLIMIT_RTTIME"
        }
    }
}
