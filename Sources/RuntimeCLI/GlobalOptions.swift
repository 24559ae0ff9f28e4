import ContainerRuntime

/// What stands before the command.
struct GlobalOptions: Sendable {
    /// `--root` as written; `nil` when it was not given.
    var root: String?
    /// `--log` as written.
    var log: String?
    /// `--log-format`.
    var logFormat = LogFormat.text
    /// `--debug`.
    var isDebug = false
    /// `--strict`; `nil` when it was not given.
    var isStrict: Bool?
    /// `--systemd-cgroup` or `--cgroup-manager systemd`.
    var usesSystemd = false
    /// Things to say in the log before the command runs.
    var warnings: [String] = []

    /// Takes over what was read, also from a command line that broke off: the log options must count for the message about it.
    init(_ arguments: Arguments) {
        root = arguments.value(.root)
        log = arguments.value(.log)
        if arguments.value(.logFormat) == "json" { logFormat = .json }
        isDebug = arguments.isSet(.debug)
        isStrict = arguments.value(.strict).map { $0 == "true" }
        usesSystemd = arguments.isSet(.systemdCgroup) || arguments.value(.cgroupManager) == "systemd"
        if arguments.value(.criu) != nil { warnings.append("--criu is ignored: the criu found in PATH is used") }
    }

    /// Refuses values that an option cannot have. A separate step, so that the log options are known by then.
    static func check(_ arguments: Arguments) throws(UsageProblem) {
        switch arguments.value(.logFormat) {
        case nil, "text", "json": break
        case let other?: throw .invalidValue("invalid log-format: \(other) (text or json)")
        }
        switch arguments.value(.rootless) {
        case nil, "auto", "false": break
        case "true": throw .invalidValue("not supported yet: --rootless true")
        case let other?: throw .invalidValue("invalid value \"\(other)\" for flag -rootless: must be true, false or auto")
        }
        switch arguments.value(.cgroupManager) {
        case nil, "cgroupfs", "systemd": break
        case let other? where other == "disabled": throw .invalidValue("not supported yet: --cgroup-manager \(other)")
        case let other?: throw .invalidValue("invalid value \"\(other)\" for flag -cgroup-manager: must be cgroupfs, systemd or disabled")
        }
        if arguments.isSet(.systemdCgroup), let other = arguments.value(.cgroupManager), other != "systemd" {
            throw .invalidValue("--systemd-cgroup and --cgroup-manager \(other) contradict each other")
        }
    }
}
