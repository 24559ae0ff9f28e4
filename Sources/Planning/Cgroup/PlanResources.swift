public import OCISpec

/// What the limits of a container become: the part of a `CgroupPlan` that does not depend on where the container lives.
///
/// `create` and `update` both start from it.
public struct ResourcePlan: Sendable, Hashable {
    /// In the order of writing.
    public var writes: [CgroupWrite]
    /// What was asked for that the kernel gave up, one line each.
    public var warnings: [String]

    public init(writes: [CgroupWrite], warnings: [String] = []) {
        self.writes = writes
        self.warnings = warnings
    }
}

/// Turns `linux.resources` into values for the files of the host's cgroup version.
///
/// - Throws: `SpecProblem` for a limit that breaks a rule, that this host cannot keep, or that is not supported yet.
///
/// See runtime-spec, config-linux, "Control groups".
public func planResources(_ resources: LinuxResources, on host: HostFacts) throws(SpecProblem) -> ResourcePlan {
    try refuseUnsupported(resources)
    let isV2 = host.cgroups.hierarchies.isEmpty && host.cgroups.unified != nil
    guard !isV2 else {
        var planned = V2Resources()
        try planned.add(resources)
        return ResourcePlan(writes: planned.writes, warnings: planned.warnings)
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
    return ResourcePlan(writes: planned.writes, warnings: planned.warnings)
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
