import KernelABI
import OCISpec

/// Checks the id maps of the user namespace, and that the process's ids are in them.
///
/// See runtime-spec, config-linux, "User namespace mappings"; user_namespaces(7).
func checkIDMappings(_ linux: Linux, _ user: User?, _ namespaces: ListedNamespaces, _ problems: inout ProblemList) {
    let uids = linux.uidMappings ?? []
    let gids = linux.gidMappings ?? []
    guard namespaces.made.contains(.newUser) else {
        let list = uids.isEmpty ? "linux.gidMappings" : "linux.uidMappings"
        if uids.isEmpty, gids.isEmpty { return }
        guard namespaces.joined.contains(.newUser) else {
            problems.add(list, "needs a user namespace")
            return
        }
        checkIDMap(uids, "linux.", "uidMappings", &problems)
        checkIDMap(gids, "linux.", "gidMappings", &problems)
        return
    }
    guard !uids.isEmpty, !gids.isEmpty else {
        problems.add(uids.isEmpty ? "linux.uidMappings" : "linux.gidMappings", "must have at least 1 entry for a new user namespace")
        return
    }
    let before = problems.found.count
    checkIDMap(uids, "linux.", "uidMappings", &problems)
    checkIDMap(gids, "linux.", "gidMappings", &problems)
    checkLength(uids, "linux.uidMappings", &problems)
    checkLength(gids, "linux.gidMappings", &problems)
    guard problems.found.count == before else { return }
    checkCoverage(uids, gids, user, &problems)
}

private func checkCoverage(_ uids: [LinuxIDMapping], _ gids: [LinuxIDMapping], _ user: User?, _ problems: inout ProblemList) {
    checkMapped(user?.uid ?? 0, in: uids, "linux.uidMappings", at: "process.user.uid", &problems)
    checkMapped(user?.gid ?? 0, in: gids, "linux.gidMappings", at: "process.user.gid", &problems)
    for (index, group) in (user?.additionalGids ?? []).enumerated() {
        checkMapped(group, in: gids, "linux.gidMappings", at: path("process.user.additionalGids", index), &problems)
    }
    // The init stage mounts and makes device nodes as root of the namespace before it becomes the process's user.
    if !isMapped(0, in: uids) { problems.add("linux.uidMappings", "must map id 0, which sets the container up") }
    if !isMapped(0, in: gids) { problems.add("linux.gidMappings", "must map id 0, which sets the container up") }
}

private func checkMapped(
    _ id: UInt32, in map: [LinuxIDMapping], _ list: String, at path: @autoclosure () -> String, _ problems: inout ProblemList
) {
    if id != 0, !isMapped(id, in: map) { problems.add(path(), "must be mapped by \(list), is \(id)") }
}

private func isMapped(_ id: UInt32, in map: [LinuxIDMapping]) -> Bool {
    map.contains { $0.containerID <= id && id - $0.containerID < $0.size }
}

/// The most lines that the kernel takes in a map, UID_GID_MAP_MAX_EXTENTS. KERNEL: 4.15; 5 before.
let mostMappings = 340

/// The kernel takes a map in one write(2) of less than a page.
private func checkLength(_ map: [LinuxIDMapping], _ list: String, _ problems: inout ProblemList) {
    let mostBytes = 4095
    // Three numbers of ten digits, two blanks and a line feed are 33 bytes: a hundred ranges fit in any case.
    guard (100...mostMappings).contains(map.count) else { return }
    let length = idMapText(map.map { IDMapping(containerID: $0.containerID, hostID: $0.hostID, size: $0.size) }).utf8.count
    if length > mostBytes { problems.add(list, "must have at most \(mostBytes) bytes as the kernel's text, has \(length)") }
}

/// Checks one id map, the list `name` of the object at `object`.
func checkIDMap(_ map: [LinuxIDMapping], _ object: String, _ name: String, _ problems: inout ProblemList) {
    guard map.count <= mostMappings else {
        problems.add(object + name, "must have at most \(mostMappings) entries, has \(map.count)")
        return
    }
    for (index, mapping) in map.enumerated() {
        let origin = path(object + name, index)
        if mapping.size == 0 { problems.add("\(origin).size", "must be at least 1, is 0") }
        if reachesTooFar(mapping.containerID, mapping.size) { problems.add("\(origin).containerID", "must not reach beyond id 4294967294") }
        if reachesTooFar(mapping.hostID, mapping.size) { problems.add("\(origin).hostID", "must not reach beyond id 4294967294") }
        // The first one of each kind is enough: all pairs of a long list would fill the memory.
        if let earlier = map[..<index].firstIndex(where: { overlaps(mapping.containerID, mapping.size, $0.containerID, $0.size) }) {
            problems.add("\(origin).containerID", "must not overlap \(path(name, earlier))")
        }
        if let earlier = map[..<index].firstIndex(where: { overlaps(mapping.hostID, mapping.size, $0.hostID, $0.size) }) {
            problems.add("\(origin).hostID", "must not overlap \(path(name, earlier))")
        }
    }
}

private func reachesTooFar(_ first: UInt32, _ size: UInt32) -> Bool {
    UInt64(first) + UInt64(size) > UInt64(UInt32.max)
}

private func overlaps(_ first: UInt32, _ size: UInt32, _ otherFirst: UInt32, _ otherSize: UInt32) -> Bool {
    UInt64(first) < UInt64(otherFirst) + UInt64(otherSize) && UInt64(otherFirst) < UInt64(first) + UInt64(size)
}
