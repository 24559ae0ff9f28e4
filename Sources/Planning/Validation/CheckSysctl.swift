import KernelABI
import OCISpec

/// Checks `linux.sysctl`: only parameters that belong to a namespace which the container does not share with the host.
///
/// CVE-2022-0811: any other one changes the host. See runtime-spec, config-linux, "Sysctl"; namespaces(7).
func checkSysctl(_ parameters: [String: String], _ namespaces: ListedNamespaces, _ problems: inout ProblemList) {
    if parameters.isEmpty { return }
    for name in parameters.keys.sorted() {
        let origin = path("linux.sysctl", name)
        guard let file = sysctlPath(name) else {
            problems.add(origin, name.utf8.isClimbing ? "must not contain \"..\"" : "must be a name such as net.ipv4.ip_forward")
            continue
        }
        if file == "kernel/hostname" {
            problems.add(origin, "must be set by hostname")
            continue
        }
        guard let owner = owner(ofParameter: file) else {
            problems.add(origin, "must belong to a namespace")
            continue
        }
        if !namespaces.contains(owner.flag) { problems.add(origin, "needs \(withArticle(owner)) namespace") }
    }
}

/// `a network`, `an ipc`.
func withArticle(_ type: LinuxNamespaceType) -> String { (type == .ipc ? "an " : "a ") + type.rawValue }

/// The namespace that a parameter belongs to; `file` as `sysctlPath` gives it.
func owner(ofParameter file: String) -> LinuxNamespaceType? {
    switch file {
    case "kernel/msgmax", "kernel/msgmnb", "kernel/msgmni", "kernel/sem", "kernel/shmall", "kernel/shmmax", "kernel/shmmni",
        "kernel/shm_rmid_forced":
        .ipc
    case "kernel/domainname": .uts
    default:
        if lies(file, strictlyBelow: "fs/mqueue") {
            .ipc
        } else if lies(file, strictlyBelow: "net") {
            .network
        } else if lies(
            file, strictlyBelow: "user")
        {
            .user
        } else {
            nil
        }
    }
}

extension String.UTF8View {
    /// Whether a part of the path is `..`.
    fileprivate var isClimbing: Bool {
        // Behind PATH_MAX nothing matters: the kernel takes no longer path.
        prefix(4096).split(separator: UInt8(ascii: "/")).contains { $0.elementsEqual("..".utf8) }
    }
}
