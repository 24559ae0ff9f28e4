public import JSON

/// The program in the container, and with what rights it runs. See runtime-spec, config, "Process".
///
/// The same object, in a file of its own, describes the process of `exec`.
public struct Process: Codable, Sendable, Hashable {
    /// Whether a pseudoterminal is attached to standard input, output and error. Absent: false.
    public var terminal: Bool?

    /// The terminal's first size. Ignored without `terminal`.
    public var consoleSize: ConsoleSize?

    /// Who the process is inside the container. Absent: user and group 0, as runc reads it, though the text of the specification requires it.
    public var user: User?

    /// The program and its arguments, at least one entry; the first is looked up in `PATH` of `env` as execvp(3) does.
    public var args: [String]?

    /// The environment as `NAME=value` entries.
    public var env: [String]?

    /// The working directory inside the container, absolute.
    public var cwd: String

    /// The capability sets. Absent: all sets empty for a user other than root; see config, "Linux Process".
    public var capabilities: LinuxCapabilities?

    /// Resource limits; each type once.
    public var rlimits: [POSIXRlimit]?

    /// Whether execve(2) can never grant more privileges. Absent: false. See prctl(2), PR_SET_NO_NEW_PRIVS.
    public var noNewPrivileges: Bool?

    /// The AppArmor profile to change to on exec.
    public var apparmorProfile: String?

    /// Written to /proc/self/oom_score_adj, -1,000 to 1,000. Absent: untouched.
    public var oomScoreAdj: Int?

    /// The scheduling policy and its numbers. Absent: inherited.
    public var scheduler: Scheduler?

    /// The SELinux context to change to on exec.
    public var selinuxLabel: String?

    /// The I/O scheduling class and priority. Absent: inherited.
    public var ioPriority: LinuxIOPriority?

    /// The CPUs of a process that joins the container by `exec`. Ignored for the first process.
    public var execCPUAffinity: CPUAffinity?

    /// Creates the value; every optional property left out is absent from the JSON.
    public init(
        terminal: Bool? = nil,
        consoleSize: ConsoleSize? = nil,
        user: User? = nil,
        args: [String]? = nil,
        env: [String]? = nil,
        cwd: String,
        capabilities: LinuxCapabilities? = nil,
        rlimits: [POSIXRlimit]? = nil,
        noNewPrivileges: Bool? = nil,
        apparmorProfile: String? = nil,
        oomScoreAdj: Int? = nil,
        scheduler: Scheduler? = nil,
        selinuxLabel: String? = nil,
        ioPriority: LinuxIOPriority? = nil,
        execCPUAffinity: CPUAffinity? = nil
    ) {
        self.terminal = terminal
        self.consoleSize = consoleSize
        self.user = user
        self.args = args
        self.env = env
        self.cwd = cwd
        self.capabilities = capabilities
        self.rlimits = rlimits
        self.noNewPrivileges = noNewPrivileges
        self.apparmorProfile = apparmorProfile
        self.oomScoreAdj = oomScoreAdj
        self.scheduler = scheduler
        self.selinuxLabel = selinuxLabel
        self.ioPriority = ioPriority
        self.execCPUAffinity = execCPUAffinity
    }
}

/// The size of a terminal in characters. See runtime-spec, config, "Process" (`consoleSize`).
public struct ConsoleSize: Codable, Sendable, Hashable {
    /// Rows.
    public var height: UInt64

    /// Columns.
    public var width: UInt64

    /// Creates the value from its properties.
    public init(height: UInt64, width: UInt64) {
        self.height = height
        self.width = width
    }
}

/// User, groups and file mode mask of a process, in the container's user namespace. See runtime-spec, config, "POSIX-platform User".
public struct User: Codable, Sendable, Hashable {
    /// The user id.
    public var uid: UInt32

    /// The group id.
    public var gid: UInt32

    /// The file mode creation mask as a decimal number (18 is octal 022). Absent: 022, as runc does.
    public var umask: UInt32?

    /// Supplementary group ids.
    public var additionalGids: [UInt32]?

    /// Creates the value; every optional property left out is absent from the JSON.
    public init(
        uid: UInt32,
        gid: UInt32,
        umask: UInt32? = nil,
        additionalGids: [UInt32]? = nil
    ) {
        self.uid = uid
        self.gid = gid
        self.umask = umask
        self.additionalGids = additionalGids
    }
}

/// The five capability sets of the process, each a list of names such as `CAP_CHOWN`. See runtime-spec, config, "Linux Process"; capabilities(7).
///
/// A name that is unknown or cannot be granted causes a warning, not an error, so the names are plain text.
public struct LinuxCapabilities: Codable, Sendable, Hashable {
    /// The most that an execve(2) can ever grant.
    public var bounding: [String]?

    /// What the kernel checks.
    public var effective: [String]?

    /// What survives execve(2) of a file that has the same inheritable capability.
    public var inheritable: [String]?

    /// What the process may switch on in the effective set.
    public var permitted: [String]?

    /// What survives execve(2) of an ordinary file; must be permitted and inheritable too.
    public var ambient: [String]?

    /// Creates the section; every property left out is absent from the JSON.
    public init(
        bounding: [String]? = nil,
        effective: [String]? = nil,
        inheritable: [String]? = nil,
        permitted: [String]? = nil,
        ambient: [String]? = nil
    ) {
        self.bounding = bounding
        self.effective = effective
        self.inheritable = inheritable
        self.permitted = permitted
        self.ambient = ambient
    }
}

/// One resource limit. See runtime-spec, config, "POSIX process" (`rlimits`); getrlimit(2).
public struct POSIXRlimit: Codable, Sendable, Hashable {
    /// Which limit; each at most once in the list.
    public var type: RlimitType

    /// The ceiling for `soft`; only a process with CAP_SYS_RESOURCE can raise it.
    public var hard: UInt64

    /// The limit that is enforced; at most `hard`.
    public var soft: UInt64

    /// Creates the value from its properties.
    public init(
        type: RlimitType,
        hard: UInt64,
        soft: UInt64
    ) {
        self.type = type
        self.hard = hard
        self.soft = soft
    }
}

/// The resource limits of Linux, by the name that getrlimit(2) gives them. Another name is an error.
public enum RlimitType: String, JSONName, Sendable, Hashable {
    /// Bytes of virtual memory.
    case addressSpace = "RLIMIT_AS"
    /// Bytes of a core file.
    case core = "RLIMIT_CORE"
    /// Seconds of CPU time.
    case cpu = "RLIMIT_CPU"
    /// Bytes of the data segment.
    case data = "RLIMIT_DATA"
    /// Bytes of a file that is written.
    case fileSize = "RLIMIT_FSIZE"
    /// File locks; without effect since Linux 2.4.25.
    case locks = "RLIMIT_LOCKS"
    /// Bytes locked into memory.
    case lockedMemory = "RLIMIT_MEMLOCK"
    /// Bytes in POSIX message queues of the user.
    case messageQueue = "RLIMIT_MSGQUEUE"
    /// The best nice value, as 20 minus the number.
    case nice = "RLIMIT_NICE"
    /// One more than the highest file descriptor.
    case openFiles = "RLIMIT_NOFILE"
    /// Processes of the user.
    case processes = "RLIMIT_NPROC"
    /// Bytes resident in memory; without effect since Linux 2.4.30.
    case residentSet = "RLIMIT_RSS"
    /// The highest real-time priority.
    case realtimePriority = "RLIMIT_RTPRIO"
    /// Microseconds of CPU time without a blocking call, for real-time scheduling.
    case realtimeTime = "RLIMIT_RTTIME"
    /// Queued signals of the user.
    case pendingSignals = "RLIMIT_SIGPENDING"
    /// Bytes of the stack.
    case stack = "RLIMIT_STACK"
}

/// The CPUs of a process that joins a container. See runtime-spec, config, "Linux Process" (`execCPUAffinity`).
public struct CPUAffinity: Codable, Sendable, Hashable {
    /// A list such as `0-3,7`, set before the process enters the container's cgroup.
    public var initial: String?

    /// A list such as `0-3,7`, set after the process entered the container's cgroup and before the program starts.
    public var final: String?

    /// Creates the section; every property left out is absent from the JSON.
    public init(initial: String? = nil, final: String? = nil) {
        self.initial = initial
        self.final = final
    }
}
