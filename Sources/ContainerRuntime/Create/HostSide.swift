import Kernel
import KernelABI
import Planning

/// What the parent does to init from outside, before init may go on: id maps and the OOM score.
///
/// ORDER: id maps while init is still dumpable; a process that is not refuses them to an unprivileged parent.
func configureHostSide(_ plan: ContainerPlan, pid: Int32) throws(RuntimeError) {
    if let mapping = plan.spawn.userMapping {
        if !mapping.allowsSetGroups { try write("deny", to: "/proc/\(pid)/setgroups", pointer: "linux.gidMappings") }
        try write(mapText(mapping.gids), to: "/proc/\(pid)/gid_map", pointer: "linux.gidMappings")
        try write(mapText(mapping.uids), to: "/proc/\(pid)/uid_map", pointer: "linux.uidMappings")
    }
    if let adjustment = plan.identity.oomScoreAdjustment {
        try write(String(adjustment), to: "/proc/\(pid)/oom_score_adj", pointer: "process.oomScoreAdj")
    }
}

private func write(_ text: String, to path: String, pointer: String) throws(RuntimeError) {
    do {
        try Kernel.writeFile(path, text)
    } catch {
        throw RuntimeError(doing: "write \(text.utf8.count > 64 ? "the id map" : text)", pointer: pointer, cause: error)
    }
}

/// One line a range, as user_namespaces(7) has it: first id inside, first id outside, count.
private func mapText(_ mappings: [IDMapping]) -> String {
    var text = ""
    for mapping in mappings { text += "\(mapping.containerID) \(mapping.hostID) \(mapping.size)\n" }
    return text
}
