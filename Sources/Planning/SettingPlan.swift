import OCISpec

/// Host name, domain name and kernel parameters of the container's namespaces.
public enum SettingStep: Sendable, Hashable {
    /// sethostname(2).
    case hostname(String)
    /// setdomainname(2).
    case domainname(String)
    /// A kernel parameter; `name` is its file relative to /proc/sys, with slashes: `net/ipv4/ip_forward`.
    case sysctl(name: String, value: String, origin: String)
}

/// Plans host name, domain name and kernel parameters. An empty name counts as absent.
///
/// See runtime-spec, config, "Hostname" and "Domainname"; config-linux, "Sysctl".
func planSettings(_ spec: Spec) -> [SettingStep] {
    var steps: [SettingStep] = []
    if let hostname = spec.hostname, !hostname.isEmpty { steps.append(.hostname(hostname)) }
    if let domainname = spec.domainname, !domainname.isEmpty { steps.append(.domainname(domainname)) }
    guard let parameters = spec.linux?.sysctl, !parameters.isEmpty else { return steps }
    // A JSON object has no order: sorted, so that the same configuration gives the same plan.
    for (name, value) in parameters.sorted(by: { $0.key < $1.key }) {
        guard let file = sysctlPath(name) else { continue }  // refused by `checkSysctls`
        steps.append(.sysctl(name: file, value: value, origin: path("linux.sysctl", name)))
    }
    return steps
}

/// The longest path that the kernel takes, `PATH_MAX` with its closing zero.
private let longestPath = 4095

/// The file of a kernel parameter relative to /proc/sys; `nil` for a name with an empty part, `.` or `..`, and for one that is
/// longer than a path.
///
/// As sysctl(8) reads names: if the first separator is a slash the name is the path; if it is a dot, dots and slashes change places, so that
/// `net.ipv4.conf.eth0/1.forwarding` and `net/ipv4/conf/eth0.1/forwarding` are the interface `eth0.1`.
func sysctlPath(_ name: String) -> String? {
    guard name.utf8.count <= longestPath else { return nil }
    let slash = UInt8(ascii: "/")
    let dot = UInt8(ascii: ".")
    var result = Array(name.utf8)
    if result.first(where: { $0 == slash || $0 == dot }) == dot {
        for index in result.indices {
            if result[index] == dot { result[index] = slash } else if result[index] == slash { result[index] = dot }
        }
    }
    for part in result.split(separator: slash, omittingEmptySubsequences: false) where part.isEmpty || part == [dot] || part == [dot, dot] {
        return nil
    }
    return String(decoding: result, as: UTF8.self)
}
