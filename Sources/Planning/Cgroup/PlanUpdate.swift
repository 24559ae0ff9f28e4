public import OCISpec

/// What an update writes, and what holds afterwards.
public struct UpdatePlan: Sendable, Hashable {
    /// In the order of a new cgroup; one that has older limits may want another, which is found by trying. See `CgroupDriver.change`.
    public var change: CgroupChange
    /// What was asked for that the kernel gave up, one line each.
    public var warnings: [String]
    /// All limits of the container once the change is made.
    public var resources: LinuxResources
}

/// Values to be written to a container's cgroup that has processes: all of them or none.
public struct CgroupChange: Sendable, Hashable {
    public var writes: [CgroupWrite]
    /// What takes back those of `writes` that are rules for devices: the kernel does not tell all that was there before.
    public var undoingDevices: [CgroupWrite]
    /// The program of cgroup v2 that decides on devices from now on; `nil` leaves the one that does.
    public var devices: DeviceProgram?
    /// The one that it takes the place of.
    public var replacedDevices: DeviceProgram?

    public init(
        writes: [CgroupWrite], undoingDevices: [CgroupWrite] = [], devices: DeviceProgram? = nil, replacedDevices: DeviceProgram? = nil
    ) {
        self.writes = writes
        self.undoingDevices = undoingDevices
        self.devices = devices
        self.replacedDevices = replacedDevices
    }
}

/// What the container's cgroup holds now, as far as an update depends on it.
public struct CgroupReadings: Sendable, Hashable {
    /// The text of cpu.max; `nil` on v1, and where the file is not there.
    public var cpuMaximum: String?
    /// Bytes in use; `nil` where nobody looked.
    public var memoryUsage: UInt64?
    /// Bytes of memory and swap together that are in use.
    public var memoryAndSwapUsage: UInt64?

    public init(cpuMaximum: String? = nil, memoryUsage: UInt64? = nil, memoryAndSwapUsage: UInt64? = nil) {
        self.cpuMaximum = cpuMaximum
        self.memoryUsage = memoryUsage
        self.memoryAndSwapUsage = memoryAndSwapUsage
    }
}

/// Decides what is written to change the limits that `changes` names.
///
/// - Parameters:
///   - current: the limits that hold: those of config.json with all updates since.
///   - found: what the kernel says.
/// - Throws: `SpecProblem` for a limit that breaks a rule or that this host cannot keep, alone or beside those that hold.
///
/// See runtime-spec, config-linux, "Control groups", and "Memory" (`checkBeforeUpdate`).
public func planUpdate(
    _ changes: LinuxResources, of current: LinuxResources, _ found: CgroupReadings, on host: HostFacts
) throws(SpecProblem) -> UpdatePlan {
    var problems = ProblemList()
    checkResources(changes, &problems)
    if let problem = problems.found.first { throw problem }

    let merged = current.merged(with: changes)
    if let memory = changes.memory, named(memory.swap) == nil, let limit = memory.limit, let swap = merged.memory?.swap, swap > 0,
        limit > swap
    {
        throw SpecProblem(
            "linux.resources.memory.limit", "must be at most linux.resources.memory.swap, which holds with \(swap) bytes, is \(limit)")
    }
    let planned = try planResources(completed(changes, of: current, found), on: host)
    let isSwapAlone = !host.cgroups.hierarchies.contains { $0.controllers.contains("memory") }
    var change = CgroupChange(writes: [])
    for write in planned.writes where isNamed(write, changes, isSwapAlone: isSwapAlone) { change.writes.append(write) }
    if changes.devices?.isEmpty == false, change.writes.contains(where: { $0.controller == "devices" }) {
        let old = try DevicePolicy(current.devices ?? [])
        let new = try DevicePolicy(changes.devices ?? [])
        change.writes.removeAll { $0.controller == "devices" }
        change.writes += new.writes(replacing: old)
        change.undoingDevices = old.writes(replacing: new)
    }
    if planned.devices != nil {
        change.devices = planned.devices
        change.replacedDevices = try planResources(LinuxResources(devices: current.devices ?? []), on: host).devices
    }
    if merged.memory?.checkBeforeUpdate == true, let memory = changes.memory { try check(memory, found) }
    return UpdatePlan(change: change, warnings: planned.warnings, resources: merged)
}

/// The changes, with what they cannot be written without.
private func completed(_ changes: LinuxResources, of current: LinuxResources, _ found: CgroupReadings) -> LinuxResources {
    var result = changes
    if changes.devices?.isEmpty == true { result.devices = nil }
    if named(changes.memory?.limit) != nil || named(changes.memory?.swap) != nil {
        // The limits of memory and of both together are judged, and on v2 written, with each other.
        let merged = current.merged(with: changes)
        result.memory?.limit = merged.memory?.limit
        result.memory?.swap = merged.memory?.swap
    }
    if let maximum = found.cpuMaximum, (named(changes.cpu?.quota) != nil) != (named(changes.cpu?.period) != nil) {
        // One file has both: the other half stays as the kernel has it, which need not be what config.json says.
        let words = maximum.utf8.split(separator: UInt8(ascii: " "))
        if named(changes.cpu?.quota) == nil { result.cpu?.quota = words.first.map { Int64(Substring($0)) ?? -1 } }
        if named(changes.cpu?.period) == nil { result.cpu?.period = words.last.flatMap { UInt64(Substring($0)) } }
    }
    // A group that stops being idle gets the kernel's default share.
    if changes.cpu?.idle == 0, named(changes.cpu?.shares) == nil { result.cpu?.shares = current.cpu?.shares }
    return result
}

/// Whether the value was asked for, and does not stand there because planning needed it.
private func isNamed(_ write: CgroupWrite, _ changes: LinuxResources, isSwapAlone: Bool) -> Bool {
    switch write.origin {
    case "linux.resources.devices": return changes.devices?.isEmpty == false
    case "linux.resources.memory.limit": return named(changes.memory?.limit) != nil
    case "linux.resources.memory.swap":
        if named(changes.memory?.swap) != nil || changes.memory?.limit == -1 { return true }
        // v2 limits swap alone: what is left of the sum depends on the limit of memory.
        return isSwapAlone && write.value != "max"
    default: return true
    }
}

/// `checkBeforeUpdate`: a limit below what is used is refused, and not left to the kernel, which on v2 ends processes.
private func check(_ memory: LinuxMemory, _ found: CgroupReadings) throws(SpecProblem) {
    if let limit = memory.limit, limit > 0, let usage = found.memoryUsage, UInt64(limit) < usage {
        throw SpecProblem("linux.resources.memory.limit", "must be at least the \(usage) bytes in use (checkBeforeUpdate), is \(limit)")
    }
    if let swap = memory.swap, swap > 0, let usage = found.memoryAndSwapUsage, UInt64(swap) < usage {
        throw SpecProblem(
            "linux.resources.memory.swap", "must be at least the \(usage) bytes of memory and swap in use (checkBeforeUpdate), is \(swap)")
    }
}

extension DevicePolicy {
    /// The lines that lead from one policy to this one; a device for which nothing changes is never out of reach meanwhile.
    ///
    /// Only a change of the default is written from scratch.
    func writes(replacing old: DevicePolicy) -> [CgroupWrite] {
        guard allowsByDefault == old.allowsByDefault else { return writes }
        let gained = written.compactMap { $0.without(old.written) }
        let lost = old.written.compactMap { $0.without(written) }
        let (allowed, denied) = allowsByDefault ? (lost, gained) : (gained, lost)
        return allowed.map { line("devices.allow", $0) } + denied.map { line("devices.deny", $0) }
    }

    /// The exceptions of which the kernel has a line: those that no larger one holds.
    private var written: [DeviceException] {
        let groups = exceptions.filter { $0.major == nil || $0.minor == nil }
        return exceptions.filter { device in
            !groups.contains { $0 != device && $0.covers(device) && $0.access.isSuperset(of: device.access) }
        }
    }

    private func line(_ file: String, _ device: DeviceException) -> CgroupWrite {
        CgroupWrite(controller: "devices", file: file, value: device.text, ifMissing: .fail, origin: "linux.resources.devices")
    }
}

extension DeviceException {
    /// The part of the access that no line for the same device has; `nil` if that is none.
    fileprivate func without(_ others: [DeviceException]) -> DeviceException? {
        var rest = self
        for other in others where other.isSameDevice(as: self) { rest.access.subtract(other.access) }
        return rest.access.isEmpty ? nil : rest
    }
}
