/// Every option of the command line. Which command takes which is in `CommandName.options`.
///
/// The spellings are runc's; two options may share one, as `--rootless` does.
enum Option: Sendable, CaseIterable {
    // Global options, before the command.
    case root, log, logFormat, debug, strict, systemdCgroup, cgroupManager, rootless, criu, version, help
    // create, run
    case bundle, pidFile, noPivot, noNewKeyring, preserveFDs, dryRun, detach, keep, noSubreaper
    case consoleSocket, pidfdSocket, config
    // start, state, kill, delete, list, spec
    case unusedBundle, all, signal, force, format, quiet, rootlessSpec
    // update
    case resources, blkioWeight, cpuPeriod, cpuQuota, cpuBurst, cpuShare, cpuRealtimePeriod, cpuRealtimeRuntime, cpusetCPUs, cpusetMems,
        cpuIdle
    case memory, memoryReservation, memorySwap, pidsLimit, l3CacheSchema, memoryBandwidthSchema, kernelMemory, kernelMemoryTCP
    // validate
    case host, reportFormat
    // events, stats
    case stats, interval, noStream, statsInterval

    /// How an option is written and what follows it.
    struct Form: Sendable {
        let name: String
        var short: String?
        var value: ValueKind = .flag
        let help: String
    }

    /// What follows an option.
    enum ValueKind: Sendable, Equatable {
        /// Nothing, or `=true` or `=false`.
        case flag
        /// A text; the name stands for it in the help.
        case text(String)
        /// A whole number.
        case number
        /// A time span as Go writes it: `1m30s`.
        case duration
    }

    /// The global options, in the order of the help.
    static let global: [Option] = [
        .root, .log, .logFormat, .debug, .strict, .systemdCgroup, .cgroupManager, .rootless, .criu, .version, .help,
    ]

    /// Whether the option is known by name and refused when given, because what it asks for is not built yet.
    var isLater: Bool {
        switch self {
        case .consoleSocket, .pidfdSocket, .config: true
        default: false
        }
    }

    /// Spelling and help of the option.
    var form: Form {
        switch self {
        case .root:
            Form(
                name: "root", value: .text("DIR"),
                help: "folder of the containers' state (default /run/swruntime or $XDG_RUNTIME_DIR/swruntime)")
        case .log: Form(name: "log", value: .text("FILE"), help: "append log lines to FILE instead of writing them to stderr")
        case .logFormat: Form(name: "log-format", value: .text("FORMAT"), help: "text or json (default text)")
        case .debug: Form(name: "debug", help: "log debug lines too")
        case .strict: Form(name: "strict", help: "follow the specification where callers of runc depend on something else")
        case .systemdCgroup: Form(name: "systemd-cgroup", help: "have systemd make the cgroups; cgroupsPath is slice:prefix:name")
        case .cgroupManager:
            Form(name: "cgroup-manager", value: .text("NAME"), help: "cgroupfs or systemd (default cgroupfs; disabled: not supported yet)")
        case .rootless: Form(name: "rootless", value: .text("WHEN"), help: "auto or false (true: not supported yet)")
        case .criu: Form(name: "criu", value: .text("PATH"), help: "ignored with a warning; for old callers")
        case .version: Form(name: "version", short: "v", help: "print the version")
        case .help: Form(name: "help", short: "h", help: "print this help")
        case .bundle: Form(name: "bundle", short: "b", value: .text("DIR"), help: "folder with config.json (default .)")
        case .pidFile: Form(name: "pid-file", value: .text("FILE"), help: "write the container's pid to FILE")
        case .noPivot: Form(name: "no-pivot", help: "enter the root without pivot_root, as a root on the initial ramdisk needs")
        case .noNewKeyring: Form(name: "no-new-keyring", help: "leave the container in the caller's session keyring")
        case .preserveFDs: Form(name: "preserve-fds", value: .number, help: "hand N more descriptors on (only 0 is supported yet)")
        case .dryRun: Form(name: "dry-run", help: "print what would be done and touch nothing")
        case .detach: Form(name: "detach", short: "d", help: "return once the program has started")
        case .keep: Form(name: "keep", help: "do not delete the container when its program has ended")
        case .noSubreaper: Form(name: "no-subreaper", help: "do not adopt orphans of the container")
        case .consoleSocket: Form(name: "console-socket", value: .text("PATH"), help: "not supported yet")
        case .pidfdSocket: Form(name: "pidfd-socket", value: .text("PATH"), help: "not supported yet")
        case .config: Form(name: "config", value: .text("FILE"), help: "not supported yet")
        case .unusedBundle: Form(name: "bundle", short: "b", value: .text("DIR"), help: "accepted and not needed")
        case .all: Form(name: "all", short: "a", help: "signal every process of the container")
        case .signal: Form(name: "signal", value: .text("SIG"), help: "the same as SIG behind the id")
        case .force: Form(name: "force", short: "f", help: "kill the container first if it runs; succeed if there is none")
        case .format: Form(name: "format", short: "f", value: .text("FORMAT"), help: "table or json (default table)")
        case .quiet: Form(name: "quiet", short: "q", help: "print ids only")
        case .rootlessSpec: Form(name: "rootless", help: "write a configuration that needs no root")
        case .resources:
            Form(name: "resources", short: "r", value: .text("FILE"), help: "read the limits from FILE, as JSON; - is the standard input")
        case .blkioWeight: Form(name: "blkio-weight", value: .number, help: "share of block input and output, 10 to 1000")
        case .cpuPeriod: Form(name: "cpu-period", value: .text("USECS"), help: "length of a period for --cpu-quota")
        case .cpuQuota: Form(name: "cpu-quota", value: .text("USECS"), help: "processor time in a period; -1 for no limit")
        case .cpuBurst: Form(name: "cpu-burst", value: .text("USECS"), help: "processor time saved up that may be used beyond --cpu-quota")
        case .cpuShare: Form(name: "cpu-share", value: .text("N"), help: "share of processor time, 2 to 262144")
        case .cpuRealtimePeriod: Form(name: "cpu-rt-period", value: .text("USECS"), help: "length of a period for --cpu-rt-runtime")
        case .cpuRealtimeRuntime: Form(name: "cpu-rt-runtime", value: .text("USECS"), help: "real-time processor time in a period")
        case .cpusetCPUs: Form(name: "cpuset-cpus", value: .text("LIST"), help: "processors to use, such as 0-3,7")
        case .cpusetMems: Form(name: "cpuset-mems", value: .text("LIST"), help: "memory nodes to use")
        case .cpuIdle: Form(name: "cpu-idle", value: .text("N"), help: "1: run only when nothing else wants the processor; 0: as others")
        case .memory: Form(name: "memory", value: .text("BYTES"), help: "limit of memory")
        case .memoryReservation:
            Form(name: "memory-reservation", value: .text("BYTES"), help: "memory that is left to the container when it is short")
        case .memorySwap: Form(name: "memory-swap", value: .text("BYTES"), help: "limit of memory and swap together")
        case .pidsLimit: Form(name: "pids-limit", value: .number, help: "most tasks; -1 for no limit")
        case .l3CacheSchema: Form(name: "l3-cache-schema", value: .text("TEXT"), help: "schema of the cache in resctrl, such as L3:0=f")
        case .memoryBandwidthSchema:
            Form(name: "mem-bw-schema", value: .text("TEXT"), help: "schema of memory bandwidth in resctrl, such as MB:0=20")
        case .kernelMemory: Form(name: "kernel-memory", value: .text("BYTES"), help: "ignored with a warning; for old callers")
        case .kernelMemoryTCP: Form(name: "kernel-memory-tcp", value: .text("BYTES"), help: "ignored with a warning; for old callers")
        case .host: Form(name: "host", help: "check this host too: kernel, cgroups, limits, and the files that config.json names")
        case .stats: Form(name: "stats", help: "print the figures once, at once, and nothing else")
        case .interval: Form(name: "interval", value: .duration, help: "time between two lines of figures (default 5s)")
        case .noStream: Form(name: "no-stream", help: "print the figures once")
        case .statsInterval: Form(name: "interval", value: .duration, help: "time between two readings (default 1s)")
        case .reportFormat: Form(name: "format", short: "f", value: .text("FORMAT"), help: "text or json (default text)")
        }
    }
}
