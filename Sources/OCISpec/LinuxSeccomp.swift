public import JSON

/// The system call filter. See runtime-spec, config-linux, "Seccomp"; seccomp(2).
public struct LinuxSeccomp: Codable, Sendable, Hashable {
    /// What happens to a call that no rule names.
    public var defaultAction: LinuxSeccompAction

    /// The number returned by `defaultAction`, only where that action returns one. Absent: EPERM.
    public var defaultErrnoRet: UInt32?

    /// The architectures the rules hold for, besides the native one.
    public var architectures: [LinuxSeccompArchitecture]?

    /// Flags of seccomp(2). Absent: the runtime chooses; empty: none.
    public var flags: [LinuxSeccompFlag]?

    /// The UNIX socket to which the notification descriptor is sent. Needed with, and ignored without, `SCMP_ACT_NOTIFY`.
    public var listenerPath: String?

    /// Text passed on to the listener. Only together with `listenerPath`.
    public var listenerMetadata: String?

    /// The rules.
    public var syscalls: [LinuxSyscall]?

    /// Creates the value; every optional property left out is absent from the JSON.
    public init(
        defaultAction: LinuxSeccompAction,
        defaultErrnoRet: UInt32? = nil,
        architectures: [LinuxSeccompArchitecture]? = nil,
        flags: [LinuxSeccompFlag]? = nil,
        listenerPath: String? = nil,
        listenerMetadata: String? = nil,
        syscalls: [LinuxSyscall]? = nil
    ) {
        self.defaultAction = defaultAction
        self.defaultErrnoRet = defaultErrnoRet
        self.architectures = architectures
        self.flags = flags
        self.listenerPath = listenerPath
        self.listenerMetadata = listenerMetadata
        self.syscalls = syscalls
    }
}

/// One rule of the filter. See runtime-spec, config-linux, "Seccomp" (`syscalls`).
public struct LinuxSyscall: Codable, Sendable, Hashable {
    /// The system calls by name, at least one. A name the runtime does not know is skipped.
    public var names: [String]

    /// What happens to these calls.
    public var action: LinuxSeccompAction

    /// The number returned by `action`, only where that action returns one. Absent: EPERM.
    public var errnoRet: UInt32?

    /// Conditions on the arguments; all must hold.
    public var args: [LinuxSeccompArg]?

    /// Creates the value; every optional property left out is absent from the JSON.
    public init(
        names: [String],
        action: LinuxSeccompAction,
        errnoRet: UInt32? = nil,
        args: [LinuxSeccompArg]? = nil
    ) {
        self.names = names
        self.action = action
        self.errnoRet = errnoRet
        self.args = args
    }
}

/// A condition on one argument of a system call. See runtime-spec, config-linux, "Seccomp" (`args`).
public struct LinuxSeccompArg: Codable, Sendable, Hashable {
    /// Which argument, 0 to 5.
    public var index: UInt32

    /// What it is compared with; for `SCMP_CMP_MASKED_EQ` the mask.
    public var value: UInt64

    /// For `SCMP_CMP_MASKED_EQ`: what the masked argument is compared with. Absent: 0.
    public var valueTwo: UInt64?

    /// How it is compared.
    public var op: LinuxSeccompOperator

    /// Creates the value; every optional property left out is absent from the JSON.
    public init(
        index: UInt32,
        value: UInt64,
        valueTwo: UInt64? = nil,
        op: LinuxSeccompOperator
    ) {
        self.index = index
        self.value = value
        self.valueTwo = valueTwo
        self.op = op
    }
}

/// What a filter can do with a system call, by libseccomp's names. Another name is an error.
public enum LinuxSeccompAction: String, JSONName, Sendable, Hashable {
    /// Kills the thread; the old name of `SCMP_ACT_KILL_THREAD`.
    case kill = "SCMP_ACT_KILL"
    /// Kills the process.
    case killProcess = "SCMP_ACT_KILL_PROCESS"
    /// Kills the thread.
    case killThread = "SCMP_ACT_KILL_THREAD"
    /// Sends SIGSYS.
    case trap = "SCMP_ACT_TRAP"
    /// Fails the call with a number.
    case errno = "SCMP_ACT_ERRNO"
    /// Asks a tracer, handing it a number.
    case trace = "SCMP_ACT_TRACE"
    /// Lets the call through.
    case allow = "SCMP_ACT_ALLOW"
    /// Lets the call through and logs it.
    case log = "SCMP_ACT_LOG"
    /// Asks the listener.
    case notify = "SCMP_ACT_NOTIFY"
}

/// How an argument is compared, by libseccomp's names. Another name is an error.
public enum LinuxSeccompOperator: String, JSONName, Sendable, Hashable {
    /// Not equal.
    case notEqual = "SCMP_CMP_NE"
    /// Less.
    case lessThan = "SCMP_CMP_LT"
    /// Less or equal.
    case lessOrEqual = "SCMP_CMP_LE"
    /// Equal.
    case equal = "SCMP_CMP_EQ"
    /// Greater or equal.
    case greaterOrEqual = "SCMP_CMP_GE"
    /// Greater.
    case greaterThan = "SCMP_CMP_GT"
    /// Equal under a mask.
    case maskedEqual = "SCMP_CMP_MASKED_EQ"
}

/// The architectures a filter can name, by libseccomp's names. Another name is an error.
public enum LinuxSeccompArchitecture: String, JSONName, Sendable, Hashable {
    /// 32-bit x86.
    case x86 = "SCMP_ARCH_X86"
    /// 64-bit x86.
    case amd64 = "SCMP_ARCH_X86_64"
    /// 64-bit x86 with 32-bit pointers.
    case x32 = "SCMP_ARCH_X32"
    /// 32-bit ARM.
    case arm = "SCMP_ARCH_ARM"
    /// 64-bit ARM.
    case aarch64 = "SCMP_ARCH_AARCH64"
    /// MIPS, big-endian, o32.
    case mips = "SCMP_ARCH_MIPS"
    /// MIPS, big-endian, 64-bit.
    case mips64 = "SCMP_ARCH_MIPS64"
    /// MIPS, big-endian, n32.
    case mips64n32 = "SCMP_ARCH_MIPS64N32"
    /// MIPS, little-endian, o32.
    case mipsel = "SCMP_ARCH_MIPSEL"
    /// MIPS, little-endian, 64-bit.
    case mipsel64 = "SCMP_ARCH_MIPSEL64"
    /// MIPS, little-endian, n32.
    case mipsel64n32 = "SCMP_ARCH_MIPSEL64N32"
    /// 32-bit PowerPC.
    case ppc = "SCMP_ARCH_PPC"
    /// 64-bit PowerPC, big-endian.
    case ppc64 = "SCMP_ARCH_PPC64"
    /// 64-bit PowerPC, little-endian.
    case ppc64le = "SCMP_ARCH_PPC64LE"
    /// 31-bit s390.
    case s390 = "SCMP_ARCH_S390"
    /// 64-bit s390.
    case s390x = "SCMP_ARCH_S390X"
    /// 32-bit PA-RISC.
    case parisc = "SCMP_ARCH_PARISC"
    /// 64-bit PA-RISC.
    case parisc64 = "SCMP_ARCH_PARISC64"
    /// 64-bit RISC-V.
    case riscv64 = "SCMP_ARCH_RISCV64"
    /// 64-bit LoongArch.
    case loongarch64 = "SCMP_ARCH_LOONGARCH64"
    /// Motorola 68000.
    case m68k = "SCMP_ARCH_M68K"
    /// SuperH, little-endian.
    case sh = "SCMP_ARCH_SH"
    /// SuperH, big-endian.
    case sheb = "SCMP_ARCH_SHEB"
}

/// The flags of seccomp(2) by the kernel's names. Another name is an error.
public enum LinuxSeccompFlag: String, JSONName, Sendable, Hashable {
    /// All threads get the filter.
    case synchronizeThreads = "SECCOMP_FILTER_FLAG_TSYNC"
    /// Everything but allowed calls is logged.
    case log = "SECCOMP_FILTER_FLAG_LOG"
    /// No mitigation of speculative store bypass is forced.
    case allowSpeculation = "SECCOMP_FILTER_FLAG_SPEC_ALLOW"
    /// A call the listener has received can be interrupted by fatal signals only. KERNEL: 5.19.
    case waitKillable = "SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV"
}
