public import OCISpec

/// What the limits of a container become: the part of a `CgroupPlan` that does not depend on where the container lives.
///
/// `create` and `update` both start from it.
public struct ResourcePlan: Sendable, Hashable {
    /// In the order of writing.
    public var writes: [CgroupWrite]
    /// Which devices may be used, on cgroup v2; `nil` leaves that as it is.
    public var devices: DeviceProgram?
    /// What was asked for that the kernel gave up, one line each.
    public var warnings: [String]

    public init(writes: [CgroupWrite], devices: DeviceProgram? = nil, warnings: [String] = []) {
        self.writes = writes
        self.devices = devices
        self.warnings = warnings
    }
}

/// Turns `linux.resources` into values for the files of the host's cgroups.
///
/// Each section goes to the version that has its controller: where v1 lacks it and there is a cgroup2 beside, to that one. Whether a
/// cgroup2 has the controller is seen when the file is opened.
///
/// Absent `devices` leave the rules as they are; an empty list stands for those that each container gets.
///
/// - Throws: `SpecProblem` for a limit that breaks a rule, that this host cannot keep, or that is not supported yet.
///
/// See runtime-spec, config-linux, "Control groups".
public func planResources(_ resources: LinuxResources, on host: HostFacts) throws(SpecProblem) -> ResourcePlan {
    let hierarchies = host.cgroups.hierarchies
    var v1 = V1Resources(hierarchies: hierarchies)
    var v2 = V2Resources()
    let hasV2 = host.cgroups.unified != nil
    let isV2 = hasV2 && hierarchies.isEmpty
    func isOnV2(_ controller: String) -> Bool { hasV2 && !v1.isMounted(controller) }

    if !isV2, resources.unified?.isEmpty == false {
        throw SpecProblem("linux.resources.unified", "must be absent on a host with cgroup v1")
    }
    if let memory = resources.memory {
        if isOnV2("memory") { try v2.add(memory) } else { try v1.add(memory) }
    }
    if let cpu = resources.cpu {
        if isOnV2("cpu") { try v2.add(cpu) } else { try v1.add(cpu) }
        if isOnV2("cpuset") { try v2.add(cpuset: cpu) } else { try v1.add(cpuset: cpu) }
    }
    if let pids = resources.pids {
        if isOnV2("pids") { try v2.add(pids) } else { try v1.add(pids) }
    }
    if let blockIO = resources.blockIO {
        if isOnV2("blkio") { try v2.add(blockIO) } else { try v1.add(blockIO) }
    }
    if let limits = resources.hugepageLimits {
        if isOnV2("hugetlb") { try v2.add(limits) } else { try v1.add(limits) }
    }
    if let network = resources.network {
        if isV2 { try v2.check(network) } else { try v1.add(network) }
    }
    if let limits = resources.rdma {
        if isOnV2("rdma") { try v2.add(limits) } else { try v1.add(limits) }
    }
    var program: DeviceProgram?
    if let rules = resources.devices {
        if isOnV2("devices") {
            let compiled = try DeviceProgram(rules)
            if mayAttachProgram(host) { program = compiled }
        } else {
            let devices = try DevicePolicy(rules)
            // The kernel takes device rules from the initial user namespace only; inside another one no device node works but the bound ones.
            if host.isInitialUserNamespace { try v1.add(devices, isAsked: !rules.isEmpty) }
        }
    }
    if let unified = resources.unified { try v2.add(unified: unified) }
    guard !v2.writes.isEmpty || !v2.warnings.isEmpty else {
        return ResourcePlan(writes: v1.writes, devices: program, warnings: v1.warnings)
    }
    return ResourcePlan(writes: v1.writes + v2.writes, devices: program, warnings: v1.warnings + v2.warnings)
}

/// Whether the runtime can attach a device program at all: root of the initial user namespace, or somebody with its capabilities there.
///
/// Anybody else, whose containers have a user namespace, can make no device node and is held by the modes of those that are there, as with runc.
private func mayAttachProgram(_ host: HostFacts) -> Bool {
    guard host.isInitialUserNamespace else { return false }
    return host.effectiveUserID == 0 || host.capabilities.contains(.sysAdmin)
}
