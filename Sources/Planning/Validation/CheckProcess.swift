import JSON
import KernelABI
import OCISpec

/// Checks `process`. See runtime-spec, config, "Process", "POSIX process", "Linux Process" and "POSIX-platform User".
///
/// Capabilities are no matter of right and wrong: unknown ones cause a warning, see `planCapabilities`.
func checkProcess(_ process: Process, _ problems: inout ProblemList) {
    checkProgram(process, &problems)
    checkUser(process.user, &problems)
    checkLimits(process.rlimits ?? [], &problems)
    if let score = process.oomScoreAdj, !(-1000...1000).contains(score) {
        problems.add("process.oomScoreAdj", "must be -1000 to 1000, is \(score)")
    }
    if let scheduler = process.scheduler { checkScheduler(scheduler, &problems) }
    if let priority = process.ioPriority { checkIOPriority(priority, &problems) }
    checkLabels(process, &problems)
    problems.checkNumberList(process.execCPUAffinity?.initial, at: "process.execCPUAffinity.initial")
    problems.checkNumberList(process.execCPUAffinity?.final, at: "process.execCPUAffinity.final")
}

private func checkProgram(_ process: Process, _ problems: inout ProblemList) {
    if process.terminal ?? false, let size = process.consoleSize { checkConsoleSize(size, &problems) }
    let arguments = process.args ?? []
    if arguments.isEmpty { problems.add("process.args", "must have at least 1 entry") }
    if let program = arguments.first, program.isEmpty { problems.add("process.args[0]", "must not be empty") }
    problems.checkEnvironment(process.env ?? [], at: "process.env")
    problems.checkAbsolute(process.cwd, at: "process.cwd")
}

/// The kernel keeps both numbers in 16 bits, see struct winsize in ioctl_tty(2).
private func checkConsoleSize(_ size: ConsoleSize, _ problems: inout ProblemList) {
    if size.height > UInt16.max { problems.add("process.consoleSize.height", "must be at most \(UInt16.max), is \(size.height)") }
    if size.width > UInt16.max { problems.add("process.consoleSize.width", "must be at most \(UInt16.max), is \(size.width)") }
}

private func checkUser(_ user: User?, _ problems: inout ProblemList) {
    guard let user else { return }
    problems.checkID(user.uid, at: "process.user.uid")
    problems.checkID(user.gid, at: "process.user.gid")
    for (index, group) in (user.additionalGids ?? []).enumerated() {
        problems.checkID(group, at: path("process.user.additionalGids", index))
    }
    if let umask = user.umask, umask > 0o777 { problems.add("process.user.umask", "must be at most 511 (octal 777), is \(umask)") }
}

private func checkLimits(_ limits: [POSIXRlimit], _ problems: inout ProblemList) {
    var seen: UInt32 = 0
    for (index, limit) in limits.enumerated() {
        let bit: UInt32 = 1 << UInt32(limit.type.limit.rawValue)
        if seen & bit != 0 {
            problems.add(path("process.rlimits", index) + ".type", "must occur only once, is \(quoted(limit.type.limit.name))")
        }
        seen |= bit
        if limit.soft > limit.hard {
            problems.add(path("process.rlimits", index) + ".soft", "must be at most hard (\(limit.hard)), is \(limit.soft)")
        }
    }
}
