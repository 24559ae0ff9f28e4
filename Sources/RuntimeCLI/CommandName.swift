/// The names of the commands, in the order of the help.
enum CommandName: String, Sendable, CaseIterable {
    case create, start, run, state, kill, delete, pause, resume, update, list, ps, events, stats, spec, validate, features, help
    // Known by name and refused until they are built.
    case exec, checkpoint, restore

    /// Whether the command is refused as not supported yet.
    var isLater: Bool {
        switch self {
        case .create, .start, .run, .state, .kill, .delete, .pause, .resume, .update, .list, .ps, .events, .stats, .spec, .validate,
            .features,
            .help:
            false
        case .exec, .checkpoint, .restore: true
        }
    }

    /// The options the command takes, in the order of its help. `--help` is added to all of them.
    var options: [Option] {
        switch self {
        case .create:
            [
                .bundle, .pidFile, .noPivot, .noNewKeyring, .preserveFDs, .dryRun, .consoleSocket, .pidfdSocket, .config,
                .help,
            ]
        case .run:
            [
                .bundle, .detach, .keep, .pidFile, .noSubreaper, .noPivot, .noNewKeyring, .preserveFDs, .dryRun, .consoleSocket,
                .pidfdSocket,
                .config, .help,
            ]
        case .start, .state: [.unusedBundle, .help]
        case .kill: [.signal, .all, .unusedBundle, .help]
        case .delete: [.force, .unusedBundle, .help]
        case .pause, .resume: [.help]
        case .update:
            [
                .resources, .blkioWeight, .cpuPeriod, .cpuQuota, .cpuBurst, .cpuShare, .cpuRealtimePeriod, .cpuRealtimeRuntime, .cpusetCPUs,
                .cpusetMems, .cpuIdle, .memory, .memoryReservation, .memorySwap, .pidsLimit, .l3CacheSchema, .memoryBandwidthSchema,
                .kernelMemory, .kernelMemoryTCP, .help,
            ]
        case .list: [.format, .quiet, .help]
        case .spec: [.bundle, .rootlessSpec, .help]
        case .validate: [.bundle, .host, .reportFormat, .help]
        case .ps: [.format, .help]
        case .events: [.stats, .interval, .help]
        case .stats: [.format, .noStream, .statsInterval, .help]
        case .features, .help, .exec, .checkpoint, .restore: [.help]
        }
    }

    /// How many arguments the command takes beside its options.
    var argumentCount: ClosedRange<Int> {
        switch self {
        case .create, .start, .run, .state, .delete, .pause, .resume, .update, .events: 1...1
        case .ps: 1...Int.max
        case .stats: 0...Int.max
        case .kill: 1...2
        case .list, .spec, .validate, .features: 0...0
        case .help: 0...1
        case .exec, .checkpoint, .restore: 0...Int.max
        }
    }
}
