import Kernel
public import KernelABI
public import Planning

/// Finds the host's cgroup hierarchies and the runtime's own place in each.
///
/// Looks first where they are mounted by custom: cgroup2 at /sys/fs/cgroup, or else one folder a v1 hierarchy there, with cgroup2 at
/// /sys/fs/cgroup/unified. That takes one call a hierarchy. Only a host where that fails pays for reading /proc/self/mountinfo.
/// A hierarchy that is mounted nowhere is left out. See cgroups(7).
public func probeCgroups() throws(SyscallError) -> CgroupFacts {
    let memberships = parseCgroupMembership(try Kernel.readFile("/proc/self/cgroup", limit: fileLimit))
    let magic = try? Kernel.filesystemMagic(at: customaryRoot)
    if let facts = magic == .cgroup2 ? unifiedFacts(memberships) : hierarchyFacts(memberships) { return facts }
    let mountinfo = try Kernel.readFile("/proc/self/mountinfo", limit: fileLimit)
    return cgroupFacts(memberships, mounts: parseCgroupMounts(mountinfo: mountinfo))
}

private let customaryRoot = "/sys/fs/cgroup"

/// A host has seen hundreds of thousands of mounts at worst.
private let fileLimit = 1 << 26

/// `nil` where cgroup2 is not seen at its customary place as a whole.
private func unifiedFacts(_ memberships: [CgroupMembership]) -> CgroupFacts? {
    guard let own = memberships.first(where: { $0.isUnified }), isCgroup(own.path, at: customaryRoot, .cgroup2) else { return nil }
    return CgroupFacts(unified: CgroupHierarchy(controllers: [], mountPoint: customaryRoot, ownPath: own.path), hierarchies: [])
}

/// `nil` where one of the v1 hierarchies is not seen at its customary place.
private func hierarchyFacts(_ memberships: [CgroupMembership]) -> CgroupFacts? {
    var facts = CgroupFacts(unified: nil, hierarchies: [])
    facts.hierarchies.reserveCapacity(memberships.count)
    for membership in memberships {
        let mountPoint = customaryRoot + "/" + (membership.isUnified ? "unified" : folderName(membership.controllers))
        guard isCgroup(membership.path, at: mountPoint, membership.isUnified ? .cgroup2 : .cgroup) else {
            // A v1 host has cgroup2 in its list whether or not it is mounted.
            if membership.isUnified { continue }
            return nil
        }
        let hierarchy = CgroupHierarchy(controllers: membership.controllers, mountPoint: mountPoint, ownPath: membership.path)
        if membership.isUnified {
            facts.unified = hierarchy
        } else {
            facts.hierarchies.append(hierarchy)
        }
    }
    return facts.hierarchies.isEmpty ? nil : facts
}

private func folderName(_ controllers: [String]) -> String {
    guard controllers.count == 1, let only = controllers.first else { return controllers.joined(separator: ",") }
    let named = "name=".utf8
    return only.utf8.starts(with: named) ? String(Substring(only.utf8.dropFirst(named.count))) : only
}

/// Whether the own cgroup is found beneath `mountPoint`. Inside a container without a cgroup namespace it is not: a part is mounted there.
private func isCgroup(_ path: String, at mountPoint: String, _ magic: FilesystemMagic) -> Bool {
    guard !path.utf8.starts(with: "/..".utf8) else { return false }
    return (try? Kernel.filesystemMagic(at: path == "/" ? mountPoint : mountPoint + path)) == magic
}
