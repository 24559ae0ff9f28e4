import JSON
import KernelABI
import OCISpec

/// Plans the entries of `mounts`, in their order.
///
/// A relative destination counts from `/`, with a warning. See runtime-spec, config, "Mounts" and "Linux mount options".
struct MountPlanner {
    let bundle: String
    let namespaces: ListedNamespaces
    let cgroup: CgroupHandle
    let host: HostFacts
    /// Id maps and label of the container.
    let linux: Linux?
    private(set) var steps: [RootfsStep] = []
    private(set) var warnings: [String] = []
    /// Whether an entry binds /dev itself.
    private(set) var bindsDev = false
    /// Whether an entry is an id-mapped mount.
    private(set) var mapsOwners = false
    /// The entry whose file system at /dev becomes read-only only after the devices are made.
    private var readOnlyDev: MountReconfiguration?

    init(bundle: String, namespaces: ListedNamespaces, cgroup: CgroupHandle, linux: Linux?, on host: HostFacts) {
        self.bundle = bundle
        self.namespaces = namespaces
        self.cgroup = cgroup
        self.linux = linux
        self.host = host
        steps.reserveCapacity(usualSteps)
    }

    /// Plans one entry.
    mutating func add(_ mount: Mount, _ options: MountOptions, at index: Int) {
        let origin = path("mounts", index)
        let target = cleanPath(mount.destination)
        if !isAbsolute(mount.destination) {
            warnings.append("\(origin).destination: should be absolute, is \(quoted(mount.destination)); taken from /")
        }
        var options = options
        if mount.isBindByType { options.isBind = true }
        if mount.type == "rbind" { options.isRecursive = true }
        if options.isRemount {
            addReconfiguration(origin, target, options, treeChange(mount, options, index))
            return
        }
        if options.isBind {
            addBind(mount, origin, target, options, index)
            return
        }
        if !options.tree.isEmpty { options.foldTree() }
        addFilesystem(mount, origin, target, options)
    }

    /// Plans what has to wait until the devices are made.
    mutating func finish(devices: [RootfsStep]) {
        steps += devices
        if let readOnlyDev { steps.append(.reconfigure(readOnlyDev)) }
    }

    /// What the words with `r` in front ask for; `nil` without any.
    private func treeChange(_ mount: Mount, _ options: MountOptions, _ index: Int) -> TreeChange? {
        if options.tree.isEmpty { return nil }
        let place = mount.options?.firstIndex { !MountOptions([$0]).tree.isEmpty }
        let origin = path("mounts", index)
        return TreeChange(origin: place.map { path("\(origin).options", $0) } ?? origin, change: options.tree)
    }

    private mutating func addReconfiguration(_ origin: String, _ target: String, _ options: MountOptions, _ tree: TreeChange?) {
        let mask: MountFlags = options.isBind ? .ofOneMount : MountFlags(rawValue: UInt.max)
        if options.isBind { warnAboutParameters(origin, options) } else { warnAboutVersions(origin, options) }
        steps.append(
            .reconfigure(
                MountReconfiguration(
                    origin: origin, target: target, changesFilesystem: !options.isBind, set: options.set.intersection(mask),
                    clear: options.clear.intersection(mask), parameters: options.isBind ? [] : options.parameters,
                    propagation: options.propagation, tree: tree)))
    }

    private mutating func addBind(_ mount: Mount, _ origin: String, _ target: String, _ options: MountOptions, _ index: Int) {
        let source = mount.source ?? ""
        if target == "/dev" { bindsDev = true }
        if !options.set.isSubset(of: .ofOneMount) {
            warnings.append("\(origin).options: sync, dirsync, mand, iversion, lazytime and silent have no effect on a bind mount")
        }
        warnAboutParameters(origin, options)
        var bind = BindMount(
            origin: origin, source: isAbsolute(source) ? source : cleanPath(bundle + "/" + source), target: target,
            isRecursive: options.isRecursive, set: options.set.intersection(.ofOneMount),
            clear: options.clear.intersection(.ofOneMount), propagation: options.propagation,
            targetPolicy: TargetPolicy(target, type: nil), tree: treeChange(mount, options, index))
        if !options.manner.isEmpty { bind.apply(options.manner) }
        if options.idMap != nil || mount.isMappedByItself {
            mapsOwners = true
            bind.idMap = idMap(of: mount, options.idMap, index)
        }
        steps.append(.bind(bind))
    }

    /// The map of an id-mapped mount: its own, else that of the container's user namespace.
    private func idMap(of mount: Mount, _ option: IDMapOption?, _ index: Int) -> MountIDMap {
        MountIDMap(
            origin: mount.origin(ofIDMap: option, index), isRecursive: option?.isRecursive ?? false, users: users(of: mount, option?.ids))
    }

    private func users(of mount: Mount, _ ids: String?) -> MountIDMap.Users {
        // `validate` has read the ids already.
        if let ids, let map = try? InlineIDMap(ids, in: linux) { return .mapping(UserMapping(map.uids, map.gids, on: host)) }
        if mount.isMappedByItself { return .mapping(UserMapping(mount.uidMappings, mount.gidMappings, on: host)) }
        for namespace in linux?.namespaces ?? [] where namespace.type == .user {
            if let path = namespace.path { return .namespace(path: path) }
        }
        return .mapping(UserMapping(linux?.uidMappings, linux?.gidMappings, on: host))
    }

    private mutating func addFilesystem(_ mount: Mount, _ origin: String, _ target: String, _ options: MountOptions) {
        let type = mount.type ?? ""
        warnAboutVersions(origin, options)
        if type == "cgroup", !cgroup.hierarchies.isEmpty {
            addHierarchies(origin, target, options)
            return
        }
        var filesystem = FilesystemMount(
            origin: origin, type: type, source: mount.source, target: target, flags: options.set, parameters: options.parameters,
            propagation: options.propagation, targetPolicy: TargetPolicy(target, type: type), ifRefused: .fail,
            copiesUp: options.manner.contains(.copyUp), takesMode: type == "tmpfs" && !hasMode(options.parameters),
            label: label(ofType: type))
        if type == "cgroup" || type == "cgroup2" {
            filesystem.type = "cgroup2"
            if let unified = cgroup.unified { filesystem.ifRefused = .bind(source: unified.absolutePath) }
        }
        // A sysfs belongs to a network namespace, and only the owner of that may mount it.
        if type == "sysfs", !namespaces.made.contains(.newNetwork) { filesystem.ifRefused = .bind(source: "/sys") }
        if target == "/dev", filesystem.flags.contains(.readOnly) {
            // ORDER: the nodes and links are made in it first.
            filesystem.flags.remove(.readOnly)
            readOnlyDev = MountReconfiguration(
                origin: origin, target: target, changesFilesystem: false, set: .readOnly, clear: [], parameters: [], propagation: [])
        }
        steps.append(.attach(filesystem))
    }

    /// The label of a new file system. The kernel labels the files of proc, sysfs and the cgroups by itself.
    private func label(ofType type: String) -> MountLabel? {
        guard let label = linux?.mountLabel, !label.isEmpty else { return nil }
        switch type {
        case "proc", "sysfs", "cgroup", "cgroup2": return nil
        case "mqueue": return .attribute(label)
        default: return .option(label)
        }
    }

    /// A bind mount has no file system of its own to pass them to, and mount(2) ignores its data; callers of runc leave them there.
    private mutating func warnAboutParameters(_ origin: String, _ options: MountOptions, of place: String = "a bind mount") {
        if options.parameters.isEmpty { return }
        let words = options.parameters.map { quoted($0) + suggestion(for: $0, among: MountOptions.words) }
        warnings.append("\(origin).options: no effect on \(place): " + words.joined(separator: ", "))
    }

    /// The mount calls that take descriptors have no word for this flag of mount(2); the file systems that count versions do so without it.
    private mutating func warnAboutVersions(_ origin: String, _ options: MountOptions) {
        guard options.set.contains(.iVersion) || options.clear.contains(.iVersion) else { return }
        warnings.append("\(origin).options: iversion and noiversion have no effect")
    }

    private mutating func addHierarchies(_ origin: String, _ target: String, _ options: MountOptions) {
        warnAboutParameters(origin, options, of: "the hierarchies of cgroup v1")
        let (views, links) = cgroupHierarchyViews(of: cgroup, hasOwnNamespace: namespaces.contains(.newCgroup))
        steps.append(
            .attachCgroupHierarchies(
                CgroupHierarchiesMount(
                    origin: origin, target: target, flags: options.set, views: views, links: links, propagation: options.propagation,
                    label: label(ofType: "tmpfs"))))
    }
}

/// Whether one of the options sets the mode of a file system's top folder.
private func hasMode(_ parameters: [String]) -> Bool {
    parameters.contains { $0.utf8.starts(with: "mode=".utf8) || $0.utf8.contains(UInt8(ascii: ",")) && namesMode($0) }
}

private func namesMode(_ list: String) -> Bool {
    list.utf8.split(separator: UInt8(ascii: ",")).contains { $0.starts(with: "mode=".utf8) }
}

/// Room for the steps of a usual configuration: mounts, nodes, links.
private let usualSteps = 24

extension BindMount {
    fileprivate mutating func apply(_ manner: MountManner) {
        if manner.contains(.copySymlink) { sourceLink = .copy }
        if manner.contains(.sourceNoFollow) { sourceLink = .keep }
        if manner.contains(.destinationNoFollow) { targetPolicy = .noFollow }
    }
}

extension Mount {
    /// Whether the type says that this is a bind mount, as the option `bind` does.
    var isBindByType: Bool { type == "bind" || type == "rbind" }
}

extension TargetPolicy {
    /// What the target of a mount of `type` (`nil`: a bind mount) may be.
    init(_ target: String, type: String?) {
        if type == "proc" || type == "sysfs" || target == "/proc" || target == "/sys" {
            self = .realDirectory
        } else if lies(target, strictlyBelow: "/proc") {
            self = .insideProc
        } else {
            self = .anywhere
        }
    }
}
