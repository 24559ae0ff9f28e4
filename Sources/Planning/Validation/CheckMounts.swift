import JSON
import KernelABI
import OCISpec

/// Checks `mounts`. See runtime-spec, config, "Mounts" and "Linux mount options".
func checkMounts(
    _ mounts: [Mount], _ options: [MountOptions], _ linux: Linux?, _ namespaces: ListedNamespaces, _ problems: inout ProblemList
) {
    for (index, (mount, options)) in zip(mounts, options).enumerated() {
        checkMount(mount, options, index, &problems)
        checkMappings(mount, index, &problems)
        if options.idMap != nil || mount.isMappedByItself { checkIDMap(of: mount, options, index, linux, namespaces, &problems) }
        if !options.manner.isEmpty { checkManner(of: mount, options, index, &problems) }
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

/// What only id-mapped mounts have to keep. See runtime-spec, config, "Linux mount options" (`idmap`).
private func checkIDMap(
    of mount: Mount, _ options: MountOptions, _ index: Int, _ linux: Linux?, _ namespaces: ListedNamespaces, _ problems: inout ProblemList
) {
    let origin = mount.origin(ofIDMap: options.idMap, index)
    guard options.isBind || mount.isBindByType, !options.isRemount else {
        problems.add(origin, "must stand at a bind mount")
        return
    }
    if let ids = options.idMap?.ids {
        if mount.isMappedByItself { problems.add(origin, "must have no ids beside uidMappings and gidMappings") }
        do {
            let map = try InlineIDMap(ids, in: linux)
            var found = ProblemList()
            checkIDMap(map.uids, "", "uids", &found)
            checkIDMap(map.gids, "", "gids", &found)
            if let first = found.found.first { problems.add(origin, "\(first.path) \(first.rule), is \(quoted(ids))") }
        } catch {
            problems.add(origin, "\(error.rule), is \(quoted(ids))")
        }
        return
    }
    if mount.isMappedByItself || namespaces.contains(.newUser) { return }
    problems.add(origin, "needs uidMappings and gidMappings, or a user namespace")
}

/// What only words about how a mount is made have to keep.
private func checkManner(of mount: Mount, _ options: MountOptions, _ index: Int, _ problems: inout ProblemList) {
    let isBind = (options.isBind || mount.isBindByType) && !options.isRemount
    if options.manner.contains(.copyUp), isBind || options.isRemount || mount.type != "tmpfs" {
        problems.add(mount.origin(of: "tmpcopyup", index), "must stand at a tmpfs, tmpcopyup does not fit here")
    }
    let ofLinks = options.manner.subtracting(.copyUp)
    guard let word = ofLinks.words.first else { return }
    if !isBind {
        problems.add(mount.origin(of: word, index), "must stand at a bind mount, \(word) does not fit here")
    } else if ofLinks.contains(.copySymlink), let other = ofLinks.subtracting(.copySymlink).words.first {
        problems.add(mount.origin(of: other, index), "must not stand beside copy-symlink, is \(quoted(other))")
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

extension Mount {
    /// Whether it has id maps of its own.
    var isMappedByItself: Bool { uidMappings?.isEmpty == false || gidMappings?.isEmpty == false }

    /// The JSON path of a word of the options, or of the mount if it is not among them.
    func origin(of word: String, _ index: Int) -> String {
        let mount = path("mounts", index)
        return options?.firstIndex(of: word).map { path("\(mount).options", $0) } ?? mount
    }

    /// The JSON path of what asks for an id-mapped mount.
    func origin(ofIDMap option: IDMapOption?, _ index: Int) -> String {
        guard let option else { return path("mounts", index) + ".uidMappings" }
        return origin(of: (option.isRecursive ? "ridmap" : "idmap") + (option.ids.map { "=" + $0 } ?? ""), index)
    }
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
