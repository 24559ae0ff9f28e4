import Cgroups
import JSON
import Kernel
import KernelABI
public import OCISpec
import Planning

/// What this host cannot do of a configuration, for `validate --host`. Looks only: nothing is made, mounted or changed.
///
/// The limits of `linux.resources` are judged against the host's cgroups by `examine`.
func hostFindings(_ spec: Spec, bundle: String, _ host: HostFacts) -> FindingList {
    var findings = FindingList()
    findRoot(spec.root, bundle, &findings)
    for (index, mount) in (spec.mounts ?? []).enumerated() { findMount(mount, "mounts[\(index)]", bundle, &findings) }
    if let process = spec.process { findProcess(process, spec, host, &findings) }
    if let hooks = spec.hooks { findHooks(hooks, &findings) }
    guard let linux = spec.linux else { return findings }
    findNamespaces(linux, host, &findings)
    findDevices(linux, &findings)
    if let seccomp = linux.seccomp { findSeccomp(seccomp, &findings) }
    if linux.intelRdt != nil, !isMounted("/sys/fs/resctrl", .resctrl) {
        findings.append(Finding(.error, "linux.intelRdt", "needs resctrl mounted at /sys/fs/resctrl"))
    }
    if let label = mountLabel(of: spec) {
        if host.hasSELinux != true {
            findings.append(Finding(.error, "linux.mountLabel", labelWithoutSELinux(label)))
        } else if host.knowsMountLabel == false {
            findings.append(Finding(.error, "linux.mountLabel", unknownContext(label)))
        }
    }
    if let nodes = linux.memoryPolicy?.nodes, !nodes.isEmpty {
        findNumbers(nodes, onlineIn: "/sys/devices/system/node/online", "memory nodes", "linux.memoryPolicy.nodes", &findings)
    }
    let cpu = linux.resources?.cpu
    findNumbers(cpu?.cpus ?? "", onlineIn: "/sys/devices/system/cpu/online", "CPUs", "linux.resources.cpu.cpus", &findings)
    findNumbers(cpu?.mems ?? "", onlineIn: "/sys/devices/system/node/online", "memory nodes", "linux.resources.cpu.mems", &findings)
    return findings
}

// MARK: files

private func findRoot(_ root: Root?, _ bundle: String, _ findings: inout FindingList) {
    guard let root, !root.path.isEmpty else { return }
    let path = root.path.utf8.first == UInt8(ascii: "/") ? root.path : bundle + "/" + root.path
    guard let status = look(at: path, "root.path", &findings) else { return }
    if status.type != .directory { findings.append(Finding(.error, "root.path", "must be a folder: \(shown(path))")) }
}

/// What is at a path; `nil` once there is a finding for it: `absent` or, by default, that it does not exist, or why that cannot be told.
@discardableResult
private func look(
    at path: String, followSymlinks: Bool = true, _ pointer: String, _ findings: inout FindingList, absent: String? = nil
) -> FileStatus? {
    do {
        return try Kernel.status(path, followSymlinks: followSymlinks)
    } catch {
        guard error.meansAbsence else {
            findings.append(Finding(.error, pointer, "cannot be looked at on this host: \(shown(path)): \(error.errno)"))
            return nil
        }
        findings.append(absent.map { Finding(.error, pointer, $0) } ?? missing(path, pointer))
        return nil
    }
}

private func missing(_ path: String, _ pointer: String) -> Finding {
    let part = missingPart(of: path).map { ": \($0)" } ?? ""
    return Finding(.error, pointer, "does not exist on this host, looked for \(shown(path))\(part)")
}

private func shown(_ path: String) -> String { shortened(escapedForMessage(path, isQuoted: false), to: 120) }

private func findMount(_ mount: Mount, _ origin: String, _ bundle: String, _ findings: inout FindingList) {
    let options = mount.options ?? []
    if options.contains("remount") { return }
    if options.contains("bind") || options.contains("rbind") || mount.type == "bind" {
        guard let source = mount.source, !source.isEmpty else { return }
        let path = source.utf8.first == UInt8(ascii: "/") ? source : bundle + "/" + source
        let followsLink = !options.contains("src-nofollow") && !options.contains("copy-symlink")
        look(at: path, followSymlinks: followsLink, "\(origin).source", &findings)
    } else if let type = mount.type, !type.isEmpty, type != "none", type != "cgroup", let reason = unknownFilesystem(type) {
        // A module could bring it.
        findings.append(Finding(.warning, "\(origin).type", "this kernel has no file system \(quoted(type)) without a module: \(reason)"))
    }
}

private func findHooks(_ hooks: Hooks, _ findings: inout FindingList) {
    let lists = [
        ("prestart", hooks.prestart), ("createRuntime", hooks.createRuntime), ("createContainer", hooks.createContainer),
        ("poststart", hooks.poststart), ("poststop", hooks.poststop),
    ]
    for (name, list) in lists {
        for (index, hook) in (list ?? []).enumerated() where hook.path.utf8.first == UInt8(ascii: "/") {
            let pointer = "hooks.\(name)[\(index)].path"
            if look(at: hook.path, pointer, &findings) != nil, !Kernel.isExecutable(hook.path) {
                let reason = refusalToExecute(hook.path).map { ": \($0)" } ?? ""
                findings.append(Finding(.error, pointer, "cannot be executed by the runtime\(reason)"))
            }
        }
    }
}

// MARK: process

private func findProcess(_ process: Process, _ spec: Spec, _ host: HostFacts, _ findings: inout FindingList) {
    for (index, entry) in (process.rlimits ?? []).enumerated() {
        guard let limit = ResourceLimit(name: entry.type.rawValue), let reason = obstacle(toLimit: limit, hard: entry.hard) else {
            continue
        }
        findings.append(Finding(.error, "process.rlimits[\(index)].hard", reason))
    }
    // In a new user namespace every capability can be granted.
    if spec.linux?.namespaces?.contains(where: { $0.type == .user && $0.path == nil }) == true { return }
    let sets = [
        ("bounding", process.capabilities?.bounding), ("effective", process.capabilities?.effective),
        ("inheritable", process.capabilities?.inheritable), ("permitted", process.capabilities?.permitted),
        ("ambient", process.capabilities?.ambient),
    ]
    for (name, entries) in sets {
        for (index, entry) in (entries ?? []).enumerated() {
            guard let capability = Capability(name: entry), !host.capabilities.contains(capability) else { continue }
            findings.append(Finding(.warning, "process.capabilities.\(name)[\(index)]", "left out, because the runtime does not hold it"))
        }
    }
}

private func isMounted(_ path: String, _ magic: FilesystemMagic) -> Bool {
    (try? Kernel.filesystemMagic(at: path)) == magic
}

// MARK: linux

private func findNamespaces(_ linux: Linux, _ host: HostFacts, _ findings: inout FindingList) {
    for (index, namespace) in (linux.namespaces ?? []).enumerated() {
        guard let names = namespaceNames.first(where: { $0.name == namespace.type.rawValue }) else { continue }
        let origin = "linux.namespaces[\(index)]"
        let file = "/proc/self/ns/\(names.file)"
        let absent = "this kernel has no \(names.name) namespaces"
        guard look(at: file, followSymlinks: false, "\(origin).type", &findings, absent: absent) != nil else { continue }
        if let path = namespace.path, !path.isEmpty {
            findNamespaceFile(path, names.kind, "\(origin).path", &findings)
        } else if number(in: "/proc/sys/user/max_\(names.file)_namespaces") == 0 {
            findings.append(Finding(.error, "\(origin).type", "/proc/sys/user/max_\(names.file)_namespaces allows none"))
        }
    }
    guard linux.namespaces?.contains(where: { $0.type == .user && $0.path == nil }) == true else { return }
    for (list, map, file) in [
        ("linux.uidMappings", linux.uidMappings, "/proc/self/uid_map"), ("linux.gidMappings", linux.gidMappings, "/proc/self/gid_map"),
    ] {
        let mappings = (map ?? []).map { IDMapping(containerID: $0.containerID, hostID: $0.hostID, size: $0.size) }
        if let reason = obstacle(toMap: mappings, ownMap: file) { findings.append(Finding(.error, list, reason)) }
    }
}

private func findNamespaceFile(_ path: String, _ kind: CloneFlags, _ pointer: String, _ findings: inout FindingList) {
    do {
        let file = try Kernel.open(path, [.readOnly, .nonBlocking])
        guard (try? Kernel.namespaceKind(of: file)) != kind else { return }
        findings.append(Finding(.error, pointer, "must be a namespace of its type: \(namespaceFound(at: file))"))
    } catch {
        if error.meansAbsence { return findings.append(missing(path, pointer)) }
        findings.append(Finding(.error, pointer, "cannot be opened: \(error.errno)"))
    }
}

private func findDevices(_ linux: Linux, _ findings: inout FindingList) {
    for name in (linux.netDevices ?? [:]).keys.sorted() {
        let absent = "there is no such interface in the runtime's network namespace"
        look(at: "/sys/class/net/\(name)", "linux.netDevices.\(name)", &findings, absent: absent)
    }
    for (index, limit) in (linux.resources?.hugepageLimits ?? []).enumerated() {
        guard let size = hugepageFolder(limit.pageSize) else { continue }
        let pointer = "linux.resources.hugepageLimits[\(index)].pageSize"
        look(at: size, pointer, &findings, absent: "this kernel has no huge pages of that size")
    }
}

/// `2MB` is /sys/kernel/mm/hugepages/hugepages-2048kB.
private func hugepageFolder(_ size: String) -> String? {
    let digits = size.prefix { $0.isASCII && $0.isNumber }
    guard let count = UInt32(digits) else { return nil }
    switch size.dropFirst(digits.count) {
    case "KB": return "/sys/kernel/mm/hugepages/hugepages-\(count)kB"
    case "MB": return "/sys/kernel/mm/hugepages/hugepages-\(UInt64(count) << 10)kB"
    case "GB": return "/sys/kernel/mm/hugepages/hugepages-\(UInt64(count) << 20)kB"
    default: return nil
    }
}

private func findSeccomp(_ seccomp: LinuxSeccomp, _ findings: inout FindingList) {
    for (index, flag) in (seccomp.flags ?? []).enumerated() where !isAcceptedByKernel(flag) {
        findings.append(Finding(.error, "linux.seccomp.flags[\(index)]", "this kernel does not know the flag"))
    }
    let file = "/proc/sys/kernel/seccomp/actions_avail"
    let text: [UInt8]
    do {
        text = try Kernel.readFile(file, limit: 4096)
    } catch {
        let reason = error.meansAbsence ? "this kernel has no seccomp filters" : "cannot be looked at on this host: \(file): \(error.errno)"
        findings.append(Finding(.error, "linux.seccomp", reason))
        return
    }
    let known = text.split { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\n") }.map { String(decoding: $0, as: UTF8.self) }
    var actions = [("linux.seccomp.defaultAction", seccomp.defaultAction)]
    for (index, rule) in (seccomp.syscalls ?? []).enumerated() { actions.append(("linux.seccomp.syscalls[\(index)].action", rule.action)) }
    for (pointer, action) in actions where !known.contains(kernelName(of: action)) {
        findings.append(Finding(.error, pointer, "this kernel does not know the action"))
    }
}

/// The word of /proc/sys/kernel/seccomp/actions_avail.
private func kernelName(of action: LinuxSeccompAction) -> String {
    switch action {
    case .kill, .killThread: "kill_thread"
    case .killProcess: "kill_process"
    case .trap: "trap"
    case .errno: "errno"
    case .trace: "trace"
    case .allow: "allow"
    case .log: "log"
    case .notify: "user_notif"
    }
}

/// Whether the running kernel accepts the flag for a filter.
public func isAcceptedByKernel(_ flag: LinuxSeccompFlag) -> Bool {
    switch flag {
    case .synchronizeThreads: (try? Kernel.knowsSeccompFlags(.synchronizeThreads)) ?? false
    case .log: (try? Kernel.knowsSeccompFlags(.log)) ?? false
    case .allowSpeculation: (try? Kernel.knowsSeccompFlags(.allowSpeculation)) ?? false
    case .waitKillable: (try? Kernel.knowsSeccompFlags([.waitKillable, .newListener])) ?? false
    }
}

/// Refuses numbers of a list that the host does not have.
private func findNumbers(_ list: String, onlineIn file: String, _ what: String, _ pointer: String, _ findings: inout FindingList) {
    guard !list.isEmpty, let bytes = try? Kernel.readFile(file, limit: 4096) else { return }
    let online = String(decoding: bytes.prefix { $0 != UInt8(ascii: "\n") }, as: UTF8.self)
    let present = ranges(of: online)
    let isComplete = ranges(of: list).allSatisfy { wanted in
        present.contains { $0.lowerBound <= wanted.lowerBound && wanted.upperBound <= $0.upperBound }
    }
    if !isComplete { findings.append(Finding(.error, pointer, "this host has the \(what) \(online)")) }
}

/// `0-3,7` as ranges; what is no range is left out, as another rule refuses it.
private func ranges(of list: String) -> [ClosedRange<Int>] {
    list.split(separator: ",").compactMap { part in
        let ends = part.split(separator: "-").compactMap { Int($0.drop { $0 == " " }) }
        guard let first = ends.first, let last = ends.last, first <= last else { return nil }
        return first...last
    }
}
