import KernelABI
import OCISpec

/// Plans the root file system, from the first mount to how it is entered.
///
/// See runtime-spec, config, "Root"; config-linux, "Rootfs Mount Propagation", "Masked Paths" and "Readonly Paths".
func planRootfs(
    _ spec: Spec, _ mountOptions: [MountOptions], bundle: String, namespaces: ListedNamespaces, cgroup: CgroupHandle,
    options: CreateOptions, on host: HostFacts,
    warnings: inout [String]
) throws(SpecProblem) -> RootfsPlan {
    let root = spec.root?.path ?? ""
    let propagation = spec.linux?.rootfsPropagation
    let entry: RootEntry = !namespaces.contains(.newMount) ? .detach : options.usesPivotRoot ? .pivot : .move
    if entry == .move, propagation == .private || propagation == .rprivate {
        throw SpecProblem(
            "linux.rootfsPropagation",
            "must not be private without pivot_root (--no-pivot): the host's mounts would stay busy beneath the root")
    }
    let label = mountLabel(of: spec)
    if let label, host.hasSELinux != true { throw SpecProblem("linux.mountLabel", labelWithoutSELinux(label)) }
    if let label, host.knowsMountLabel == false { throw SpecProblem("linux.mountLabel", unknownContext(label)) }
    var mapsOwners = false
    let mounts = planMounts(spec, mountOptions, bundle, namespaces, cgroup, on: host, warnings: &warnings, mapsOwners: &mapsOwners)
    return RootfsPlan(
        path: isAbsolute(root) ? cleanPath(root) : cleanPath(bundle + "/" + root),
        inheritedPropagation: inheritedPropagation(propagation),
        // A detached copy is private anyway, and mount(2) does not reach it.
        rootPropagation: entry == .detach ? nil : propagation?.flags,
        mounts: mounts,
        mapsOwners: mapsOwners,
        mountLabel: label,
        protections: planProtections(spec.linux),
        isReadOnly: spec.root?.readonly ?? false,
        entry: entry)
}

private func planMounts(
    _ spec: Spec, _ options: [MountOptions], _ bundle: String, _ namespaces: ListedNamespaces, _ cgroup: CgroupHandle, on host: HostFacts,
    warnings: inout [String], mapsOwners: inout Bool
) -> [RootfsStep] {
    var planner = MountPlanner(bundle: bundle, namespaces: namespaces, cgroup: cgroup, linux: spec.linux, on: host)
    for (index, (mount, options)) in zip(spec.mounts ?? [], options).enumerated() { planner.add(mount, options, at: index) }
    if planner.bindsDev {
        planner.finish(devices: [])
        if let devices = spec.linux?.devices, !devices.isEmpty {
            warnings.append("linux.devices: not made, because a mount binds /dev itself")
        }
    } else {
        // mknod(2) of a device needs CAP_MKNOD in the initial user namespace.
        let bindsHostNodes = namespaces.contains(.newUser) || !host.isInitialUserNamespace || !host.capabilities.contains(.mknod)
        planner.finish(devices: planDevices(spec, bindsHostNodes: bindsHostNodes, on: host))
    }
    warnings += planner.warnings
    mapsOwners = planner.mapsOwners
    return planner.steps
}

/// ORDER: read-only paths before masked ones, so that a path in both lists ends up masked.
private func planProtections(_ linux: Linux?) -> [ProtectionStep] {
    var steps: [ProtectionStep] = []
    for (index, protected) in (linux?.readonlyPaths ?? []).enumerated() {
        steps.append(.makeReadOnly(path: cleanPath(protected), origin: path("linux.readonlyPaths", index)))
    }
    for (index, masked) in (linux?.maskedPaths ?? []).enumerated() {
        steps.append(.mask(path: cleanPath(masked), origin: path("linux.maskedPaths", index)))
    }
    return steps
}

/// What the inherited tree becomes before anything is mounted in it, always with everything below: a shared mount left over would carry our mounts
/// back to the host.
private func inheritedPropagation(_ propagation: LinuxRootfsPropagation?) -> MountFlags {
    switch propagation {
    case .shared, .rshared: [.shared, .recursive]
    // Unbindable mounts could not be the source of a bind mount, so only the root itself becomes that, and last.
    case .private, .rprivate, .unbindable, .runbindable: [.private, .recursive]
    case .slave, .rslave, nil: [.slave, .recursive]
    }
}

extension LinuxRootfsPropagation {
    /// The propagation as mount(2) takes it.
    fileprivate var flags: MountFlags {
        switch self {
        case .shared: .shared
        case .slave: .slave
        case .private: .private
        case .unbindable: .unbindable
        case .rshared: [.shared, .recursive]
        case .rslave: [.slave, .recursive]
        case .rprivate: [.private, .recursive]
        case .runbindable: [.unbindable, .recursive]
        }
    }
}
