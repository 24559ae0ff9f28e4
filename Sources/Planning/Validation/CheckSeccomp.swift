import OCISpec

/// Checks `linux.seccomp`. See runtime-spec, config-linux, "Seccomp".
func checkSeccomp(_ seccomp: LinuxSeccomp, _ problems: inout ProblemList) {
    let rules = seccomp.syscalls ?? []
    if seccomp.defaultAction == .notify {
        // Every call of the runtime itself between the filter and the exec would wait for a listener that it has yet to send.
        problems.add("linux.seccomp.defaultAction", "must not be SCMP_ACT_NOTIFY")
    }
    checkNumber(seccomp.defaultErrnoRet, seccomp.defaultAction, "linux.seccomp.defaultErrnoRet", &problems)
    let listener = seccomp.listenerPath ?? ""
    if listener.isEmpty, rules.contains(where: { $0.action == .notify }) {
        problems.add("linux.seccomp.listenerPath", "must be present for SCMP_ACT_NOTIFY")
    }
    if listener.isEmpty, !(seccomp.listenerMetadata ?? "").isEmpty { problems.add("linux.seccomp.listenerMetadata", "needs listenerPath") }
    for (index, rule) in rules.enumerated() { check(rule, index, &problems) }
}

private func check(_ rule: LinuxSyscall, _ index: Int, _ problems: inout ProblemList) {
    if rule.names.isEmpty { problems.add(path("linux.seccomp.syscalls", index) + ".names", "must have at least 1 entry") }
    if let place = rule.names.firstIndex(of: "") {
        problems.add("\(path("linux.seccomp.syscalls", index)).names[\(place)]", "must not be empty")
    }
    checkNumber(rule.errnoRet, rule.action, path("linux.seccomp.syscalls", index) + ".errnoRet", &problems)
    if rule.action == .notify, let place = rule.names.firstIndex(of: "write") {
        problems.add("\(path("linux.seccomp.syscalls", index)).names[\(place)]", "must not be \"write\" for SCMP_ACT_NOTIFY")
    }
    for (place, argument) in (rule.args ?? []).enumerated() where argument.index > 5 {
        problems.add("\(path("linux.seccomp.syscalls", index)).args[\(place)].index", "must be 0 to 5, is \(argument.index)")
    }
}

/// Only two actions carry a number, in 16 bits; the kernel cuts an error to 4095.
private func checkNumber(_ number: UInt32?, _ action: LinuxSeccompAction, _ path: @autoclosure () -> String, _ problems: inout ProblemList)
{
    guard let number else { return }
    switch action {
    case .errno: if number > 4095 { problems.add(path(), "must be at most 4095, is \(number)") }
    case .trace: if number > 65535 { problems.add(path(), "must be at most 65535, is \(number)") }
    case .kill, .killProcess, .killThread, .trap, .allow, .log, .notify: problems.add(path(), "must be absent for \(action.rawValue)")
    }
}
