import JSON
import KernelABI
import OCISpec

/// Checks `mounts`. See runtime-spec, config, "Mounts" and "Linux mount options".
func checkMounts(_ mounts: [Mount], _ options: [MountOptions], _ namespaces: ListedNamespaces, _ problems: inout ProblemList) {
    for (index, (mount, options)) in zip(mounts, options).enumerated() {
        checkMount(mount, options, index, &problems)
        checkMappings(mount, index, &problems)
        if let place = options.firstIDMap, (mount.uidMappings ?? []).isEmpty, (mount.gidMappings ?? []).isEmpty,
            !namespaces.contains(.newUser)
        {
            problems.add("\(path("mounts", index)).options[\(place)]", "needs uidMappings and gidMappings, or a user namespace")
        }
    }
}

private func checkMount(_ mount: Mount, _ options: MountOptions, _ index: Int, _ problems: inout ProblemList) {
    if mount.destination.isEmpty {
        problems.add(path("mounts", index) + ".destination", "must not be empty")
        return
    }
    let target = cleanPath(mount.destination)
    if options.isRemount { return }
    if lies(target, strictlyBelow: "/proc"), !isMountableInProc(target) {
        problems.add(path("mounts", index) + ".destination", "must not lie below /proc, is \(quoted(target))")
    }
    if options.isBind || mount.isBindByType {
        if (mount.source ?? "").isEmpty { problems.add(path("mounts", index) + ".source", "must be present for a bind mount") }
        return
    }
    let type = mount.type ?? ""
    if type.isEmpty || type == "none" {
        problems.add(
            path("mounts", index) + ".type", "must be a file system unless options holds bind, rbind or remount, is \(quoted(type))")
    } else if target == "/proc", type != "proc" {
        // CVE-2019-16884: labels and other settings of the process would be written to plain files.
        problems.add(path("mounts", index) + ".type", "must be proc at /proc, is \(quoted(type))")
    }
}

private func checkMappings(_ mount: Mount, _ index: Int, _ problems: inout ProblemList) {
    let uids = mount.uidMappings ?? []
    let gids = mount.gidMappings ?? []
    if uids.isEmpty, gids.isEmpty { return }
    let origin = path("mounts", index)
    if uids.isEmpty { problems.add("\(origin).uidMappings", "must be present together with gidMappings") }
    if gids.isEmpty { problems.add("\(origin).gidMappings", "must be present together with uidMappings") }
    checkIDMap(uids, "\(origin).", "uidMappings", &problems)
    checkIDMap(gids, "\(origin).", "gidMappings", &problems)
}

/// The files of procfs that may be hidden by a mount: what lxcfs and checkpointing replace. Anything else could mislead the runtime when it writes
/// labels and settings through procfs (CVE-2019-16884, CVE-2025-52881).
private func isMountableInProc(_ target: String) -> Bool {
    switch target {
    case "/proc/cpuinfo", "/proc/diskstats", "/proc/meminfo", "/proc/stat", "/proc/swaps", "/proc/uptime", "/proc/loadavg",
        "/proc/slabinfo",
        "/proc/net/dev", "/proc/sys/kernel/ns_last_pid", "/proc/sys/crypto/fips_enabled":
        true
    default: false
    }
}
