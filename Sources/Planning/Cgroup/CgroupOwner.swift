import OCISpec

/// Who gets the container's cgroup: the user that runs its program, as the host numbers him; `nil` where it stays the runtime's.
///
/// Only on cgroup v2, with a cgroup namespace of the container's own and a mount of the cgroup that is not read-only.
/// See runtime-spec, config-linux, "Cgroup ownership".
func cgroupOwner(_ spec: Spec, on host: HostFacts) -> UInt32? {
    guard host.cgroups.hierarchies.isEmpty, host.cgroups.unified != nil, host.effectiveUserID == 0 else { return nil }
    let namespaces = spec.linux?.namespaces ?? []
    guard namespaces.contains(where: { $0.type == .cgroup && ($0.path ?? "").isEmpty }),
        let mounts = spec.mounts, mounts.contains(where: { $0.isWritableCgroup })
    else { return nil }
    let user = spec.process?.user?.uid ?? 0
    // Root has it already.
    guard namespaces.contains(where: { $0.type == .user }) else { return user == 0 ? nil : user }
    for range in spec.linux?.uidMappings ?? [] where user >= range.containerID && user - range.containerID < range.size {
        let (owner, isTooLarge) = range.hostID.addingReportingOverflow(user - range.containerID)
        return isTooLarge || owner == 0 ? nil : owner
    }
    return nil
}

extension Mount {
    fileprivate var isWritableCgroup: Bool {
        guard source == "cgroup", cleanPath(destination) == "/sys/fs/cgroup" else { return false }
        // The last word of the two holds.
        let words = (options ?? []).filter { $0 == "ro" || $0 == "rw" || $0 == "rro" || $0 == "rrw" }
        return words.last.map { $0 == "rw" || $0 == "rrw" } ?? true
    }
}
