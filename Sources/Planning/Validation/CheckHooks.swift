import OCISpec

/// Checks `hooks`. See runtime-spec, config, "POSIX-platform Hooks".
func checkHooks(_ hooks: Hooks, _ problems: inout ProblemList) {
    check(hooks.prestart, "hooks.prestart", &problems)
    check(hooks.createRuntime, "hooks.createRuntime", &problems)
    check(hooks.createContainer, "hooks.createContainer", &problems)
    check(hooks.startContainer, "hooks.startContainer", &problems)
    check(hooks.poststart, "hooks.poststart", &problems)
    check(hooks.poststop, "hooks.poststop", &problems)
}

private func check(_ hooks: [Hook]?, _ list: String, _ problems: inout ProblemList) {
    for (index, hook) in (hooks ?? []).enumerated() {
        problems.checkAbsolute(hook.path, at: path(list, index) + ".path")
        problems.checkEnvironment(hook.env ?? [], at: path(list, index) + ".env")
        if let timeout = hook.timeout, timeout < 1 { problems.add(path(list, index) + ".timeout", "must be at least 1 (s), is \(timeout)") }
    }
}
