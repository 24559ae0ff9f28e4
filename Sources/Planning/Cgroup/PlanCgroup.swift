public import OCISpec

/// Decides where the container lives in the host's cgroup hierarchies, and what is written there.
///
/// The container gets a folder of the same name in each hierarchy, v1 and unified, so that every controller sees it.
/// On a host without any hierarchy the handle is empty; that is an error only if a limit is asked for.
///
/// - Parameters:
///   - id: the container's id, checked; it names the cgroup where `linux.cgroupsPath` is absent.
/// - Throws: `SpecProblem` for a path or a limit that breaks a rule, that this host cannot keep, or that is not supported yet.
///
/// See runtime-spec, config-linux, "Control groups" and "Cgroups Path".
public func planCgroup(_ spec: Spec, id: String, on host: HostFacts) throws(SpecProblem) -> CgroupPlan {
    let path = try CgroupPath(spec.linux?.cgroupsPath, id: id)
    var handle = CgroupHandle(hierarchies: [], unified: nil)
    handle.hierarchies.reserveCapacity(host.cgroups.hierarchies.count)
    for hierarchy in host.cgroups.hierarchies {
        handle.hierarchies.append(path.directory(in: hierarchy))
    }
    if let unified = host.cgroups.unified {
        handle.unified = path.directory(in: unified)
    }

    let resources = spec.linux?.resources ?? LinuxResources()
    try refuseUnsupported(resources)
    let isV2 = host.cgroups.hierarchies.isEmpty && host.cgroups.unified != nil
    guard !isV2 else {
        var planned = V2Resources()
        try planned.add(resources)
        return CgroupPlan(handle: handle, writes: planned.writes, warnings: planned.warnings)
    }

    var planned = V1Resources(hierarchies: host.cgroups.hierarchies)
    if resources.unified?.isEmpty == false {
        throw SpecProblem("linux.resources.unified", "must be absent on a host with cgroup v1")
    }
    if let memory = resources.memory { try planned.add(memory) }
    if let cpu = resources.cpu { try planned.add(cpu) }
    if let pids = resources.pids { try planned.add(pids) }
    let rules = resources.devices ?? []
    let devices = try DevicePolicy(rules)
    // The kernel takes device rules from the initial user namespace only; inside another one no device node works but the bound ones.
    if host.isInitialUserNamespace { try planned.add(devices, isAsked: !rules.isEmpty) }
    return CgroupPlan(handle: handle, writes: planned.writes, warnings: planned.warnings)
}

/// Names the first limit that is not built yet. What engines send for "unset" passes.
private func refuseUnsupported(_ resources: LinuxResources) throws(SpecProblem) {
    if let blockIO = resources.blockIO, let property = blockIO.firstSet {
        throw SpecProblem("linux.resources.blockIO.\(property)", "not supported yet")
    }
    if resources.hugepageLimits?.isEmpty == false {
        throw SpecProblem("linux.resources.hugepageLimits", "not supported yet")
    }
    if let network = resources.network {
        if let classID = network.classID, classID != 0 { throw SpecProblem("linux.resources.network.classID", "not supported yet") }
        if network.priorities?.isEmpty == false { throw SpecProblem("linux.resources.network.priorities", "not supported yet") }
    }
    if resources.rdma?.isEmpty == false {
        throw SpecProblem("linux.resources.rdma", "not supported yet")
    }
}

extension LinuxBlockIO {
    /// The first property that holds more than an empty value.
    fileprivate var firstSet: String? {
        if let weight, weight != 0 { return "weight" }
        if let leafWeight, leafWeight != 0 { return "leafWeight" }
        if weightDevice?.isEmpty == false { return "weightDevice" }
        if throttleReadBpsDevice?.isEmpty == false { return "throttleReadBpsDevice" }
        if throttleWriteBpsDevice?.isEmpty == false { return "throttleWriteBpsDevice" }
        if throttleReadIOPSDevice?.isEmpty == false { return "throttleReadIOPSDevice" }
        if throttleWriteIOPSDevice?.isEmpty == false { return "throttleWriteIOPSDevice" }
        return nil
    }
}
