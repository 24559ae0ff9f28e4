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
    if let systemd = host.systemd { return try planUnit(spec, id: id, systemd, on: host) }
    let path = try CgroupPath(spec.linux?.cgroupsPath, id: id)
    var handle = CgroupHandle(hierarchies: [], unified: nil)
    handle.hierarchies.reserveCapacity(host.cgroups.hierarchies.count)
    for hierarchy in host.cgroups.hierarchies {
        handle.hierarchies.append(path.directory(in: hierarchy))
    }
    if let unified = host.cgroups.unified {
        handle.unified = path.directory(in: unified)
    }

    var resources = spec.linux?.resources ?? LinuxResources()
    // A container starts from "nothing allowed", with and without rules of its own.
    if resources.devices == nil { resources.devices = [] }
    let planned = try planResources(resources, on: host)
    return CgroupPlan(
        handle: handle, writes: planned.writes, devices: planned.devices, owner: cgroupOwner(spec, on: host), warnings: planned.warnings)
}

/// The same where systemd makes the cgroup: it has one path in all hierarchies, also in those that systemd leaves to the runtime.
private func planUnit(_ spec: Spec, id: String, _ systemd: SystemdFacts, on host: HostFacts) throws(SpecProblem) -> CgroupPlan {
    let place = try SystemdPlace(spec.linux?.cgroupsPath, id: id, isUser: systemd.isUser)
    let above = systemd.controlGroup.utf8.drop { $0 == UInt8(ascii: "/") }
    let path = above.isEmpty ? place.path : String(Substring(above)) + "/" + place.path
    func directory(_ hierarchy: CgroupHierarchy) -> CgroupDirectory {
        CgroupDirectory(controllers: hierarchy.controllers, mountPoint: hierarchy.mountPoint, path: path)
    }
    let unit = SystemdUnit(name: place.unit, isUser: systemd.isUser)
    let handle = CgroupHandle(
        hierarchies: host.cgroups.hierarchies.map(directory), unified: host.cgroups.unified.map(directory), unit: unit)
    var resources = spec.linux?.resources ?? LinuxResources()
    if resources.devices == nil { resources.devices = [] }
    let planned = try planResources(resources, on: host)
    let isUnified = handle.hierarchies.isEmpty
    var properties = basicProperties(id: id, slice: place.slice, isUnified: isUnified)
    properties += systemdProperties(for: planned.writes, isUnified: isUnified, version: systemd.version)
    properties += try annotatedProperties(spec.annotations)
    return CgroupPlan(
        handle: handle, writes: planned.writes, devices: planned.devices, owner: cgroupOwner(spec, on: host), warnings: planned.warnings,
        unit: UnitPlan(unit: unit, version: systemd.version, properties: properties))
}
