import Kernel
import KernelABI
import Planning

/// What the parent does to init from outside, before init may go on: id maps and, unless the middle process has done it, the OOM score.
///
/// ORDER: id maps while init is still dumpable; a process that is not refuses them to an unprivileged parent.
func configureHostSide(_ plan: ContainerPlan, pid: Int32, moving netDevices: inout MovedNetDevices) throws(RuntimeError) {
    if let mapping = plan.spawn.userMapping {
        if !mapping.allowsSetGroups { try write("deny", to: "/proc/\(pid)/setgroups", pointer: "linux.gidMappings") }
        try write(mapping.gids, to: "/proc/\(pid)/gid_map", pointer: "linux.gidMappings", ownMap: "/proc/self/gid_map")
        try write(mapping.uids, to: "/proc/\(pid)/uid_map", pointer: "linux.uidMappings", ownMap: "/proc/self/uid_map")
    }
    if let expected = plan.spawn.expectedMapping {
        try check(expected.uids, "/proc/\(pid)/uid_map", pointer: "linux.uidMappings")
        try check(expected.gids, "/proc/\(pid)/gid_map", pointer: "linux.gidMappings")
    }
    if !plan.netDevices.isEmpty { try netDevices.move(plan.netDevices, of: plan.spawn, pid: pid) }
    if !plan.spawn.usesMiddleProcess, let adjustment = plan.identity.oomScoreAdjustment { try setOOMScore(adjustment, of: String(pid)) }
}

/// Sets the OOM score of a process, or of the calling one (`self`).
func setOOMScore(_ adjustment: Int, of process: String) throws(RuntimeError) {
    try write(String(adjustment), to: "/proc/\(process)/oom_score_adj", pointer: "process.oomScoreAdj")
}

private func write(_ text: String, to path: String, pointer: String) throws(RuntimeError) {
    do {
        try Kernel.writeFile(path, text)
    } catch {
        throw RuntimeError(doing: "write \(text)", pointer: pointer, cause: error, remark: obstacle(toWriting: text, pointer))
    }
}

/// Checks that a user namespace which was joined has the id map that config.json gives; one it does not give is not asked for.
private func check(_ expected: [IDMapping], _ path: String, pointer: String) throws(RuntimeError) {
    if expected.isEmpty { return }
    let text: [UInt8]
    do {
        text = try Kernel.readFile(path, limit: 64 << 10)
    } catch {
        throw RuntimeError(doing: "read the id map of the joined user namespace", pointer: pointer, cause: error)
    }
    let found = parseIDMap(text) ?? []
    if mapsAlike(found, expected) { return }
    let words = found.prefix(mostRangesShown).map(\.line).joined(separator: ", ") + (found.count > mostRangesShown ? ", …" : "")
    throw RuntimeError(.invalidSpec, "must be absent or equal that of the joined user namespace, which is \(words)", pointer: pointer)
}

private func write(_ map: [IDMapping], to path: String, pointer: String, ownMap: String) throws(RuntimeError) {
    do {
        try Kernel.writeFile(path, idMapText(map))
    } catch {
        throw RuntimeError(doing: "write the id map", pointer: pointer, cause: error, remark: obstacle(toMap: map, ownMap: ownMap))
    }
}

/// A process without CAP_SYS_RESOURCE may not make itself or a child harder to kill than it was.
private func obstacle(toWriting text: String, _ pointer: String) -> String? {
    guard pointer == "process.oomScoreAdj", let wanted = Int(text), let file = try? Kernel.readFile("/proc/self/oom_score_adj", limit: 64),
        let own = Int(String(decoding: file.prefix { $0 != UInt8(ascii: "\n") }, as: UTF8.self)), wanted < own
    else { return nil }
    if let held = try? Kernel.capabilities().effective, held.contains(.sysResource) { return nil }
    return "below the runtime's own \(own) it needs CAP_SYS_RESOURCE"
}

private let mostRangesShown = 3
