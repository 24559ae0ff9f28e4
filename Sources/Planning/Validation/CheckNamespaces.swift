import JSON
import KernelABI
import OCISpec

/// Checks `linux.namespaces`. See runtime-spec, config-linux, "Namespaces".
func checkNamespaces(_ spec: Spec, _ namespaces: ListedNamespaces, _ problems: inout ProblemList) {
    var seen: CloneFlags = []
    for (index, namespace) in (spec.linux?.namespaces ?? []).enumerated() {
        let kind = namespace.type.flag
        if seen.contains(kind) {
            problems.add(path("linux.namespaces", index) + ".type", "must occur only once, is \(quoted(namespace.type.rawValue))")
        }
        seen.insert(kind)
        if let joined = namespace.path { problems.checkAbsolute(joined, at: path("linux.namespaces", index) + ".path") }
    }
}

/// Checks what a container that shares the runtime's mount namespace cannot have. Its root is a tree of mounts that belongs to no namespace:
/// nothing can be mounted in it later, and no mount event reaches or leaves it.
func checkSharedMountNamespace(
    _ spec: Spec, _ mountOptions: [MountOptions], _ namespaces: ListedNamespaces, _ problems: inout ProblemList
) {
    if namespaces.contains(.newMount) { return }
    if let index = (spec.linux?.namespaces ?? []).firstIndex(where: { $0.type == .user }) {
        // setns(2) to a mount namespace wants CAP_SYS_ADMIN in the user namespace that owns it.
        problems.add(path("linux.namespaces", index) + ".type", "needs a mount namespace beside it, is \"user\"")
    }
    for (index, (mount, options)) in zip(spec.mounts ?? [], mountOptions).enumerated() {
        guard let place = options.firstNotPrivate, let words = mount.options, words.indices.contains(place) else { continue }
        problems.add("\(path("mounts", index)).options[\(place)]", "needs a mount namespace, is \(quoted(words[place]))")
    }
    if let propagation = spec.linux?.rootfsPropagation, propagation != .private, propagation != .rprivate {
        problems.add("linux.rootfsPropagation", "needs a mount namespace unless private, is \(quoted(propagation.rawValue))")
    }
}

/// Checks `linux.timeOffsets`. See runtime-spec, config-linux, "Offset for Time Namespace"; time_namespaces(7).
func checkTimeOffsets(_ linux: Linux, _ namespaces: ListedNamespaces, _ problems: inout ProblemList) {
    guard let offsets = linux.timeOffsets, !offsets.isEmpty else { return }
    if namespaces.joined.contains(.newTime) {
        let index = linux.namespaces?.firstIndex { $0.type == .time } ?? 0
        problems.add("linux.timeOffsets", "needs a new time namespace, \(path("linux.namespaces", index)) joins one")
    } else if !namespaces.made.contains(.newTime) {
        problems.add("linux.timeOffsets", "needs a time namespace")
    }
    for (clock, offset) in offsets.sorted(by: { $0.key < $1.key }) {
        let origin = path("linux.timeOffsets", clock)
        if clock != "monotonic", clock != "boottime" { problems.add(origin, "must be monotonic or boottime") }
        if let seconds = offset.secs, !(-mostClockSeconds...mostClockSeconds).contains(seconds) {
            problems.add("\(origin).secs", "must be -\(mostClockSeconds) to \(mostClockSeconds), is \(seconds)")
        }
        if let nanoseconds = offset.nanosecs, nanoseconds > 999_999_999 {
            problems.add("\(origin).nanosecs", "must be at most 999999999, is \(nanoseconds)")
        }
    }
}

/// KTIME_SEC_MAX: the kernel's clocks count nanoseconds in 63 bits. What it takes less the present time is known to the kernel only (ERANGE).
private let mostClockSeconds: Int64 = 9_223_372_036

/// Checks `linux.netDevices`. See runtime-spec, config-linux, "Network Devices".
func checkNetDevices(_ devices: [String: LinuxNetDevice], _ namespaces: ListedNamespaces, _ problems: inout ProblemList) {
    if devices.isEmpty { return }
    if !namespaces.contains(.newNetwork) { problems.add("linux.netDevices", "needs a network namespace") }
    var names: Set<String> = []
    for (hostName, device) in devices.sorted(by: { $0.key < $1.key }) {
        let origin = path("linux.netDevices", hostName)
        checkInterfaceName(hostName, origin, &problems)
        let given = device.name ?? ""
        if !given.isEmpty { checkInterfaceName(given, "\(origin).name", &problems) }
        let name = given.isEmpty ? hostName : given
        let percents = name.utf8.split(separator: UInt8(ascii: "%"), maxSplits: 2, omittingEmptySubsequences: false).dropFirst()
        if !percents.isEmpty {  // a template
            let isTemplate = percents.count == 1 && percents.first?.first == UInt8(ascii: "d")
            if !isTemplate { problems.add("\(origin).name", "must hold no % but one %d, is \(quoted(name))") }
            continue
        }
        if !names.insert(name).inserted { problems.add("\(origin).name", "must occur only once, is \(quoted(name))") }
    }
}

/// As the kernel's dev_valid_name.
private func checkInterfaceName(_ name: String, _ path: String, _ problems: inout ProblemList) {
    if name.utf8.count > 15 { problems.add(path, "must have at most 15 bytes, has \(name.utf8.count)") }
    let isForbidden = name.utf8.contains { $0 <= 0x20 || $0 == UInt8(ascii: "/") || $0 == UInt8(ascii: ":") || $0 == 0x7f }
    if name.isEmpty || name == "." || name == ".." || isForbidden { problems.add(path, "must be an interface name, is \(quoted(name))") }
}
