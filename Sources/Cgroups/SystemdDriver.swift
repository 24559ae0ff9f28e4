import Kernel
import KernelABI
public import Planning

/// The driver for a cgroup that systemd made: a scope. It wraps the driver of the host's version, which does all that goes through files.
///
/// The scope cannot be made before there is a process for it, so `create` makes nothing; `startUnit` does.
public struct SystemdDriver: CgroupDriver {
    private let unit: SystemdUnit
    private let isUnified: Bool

    init(_ unit: SystemdUnit, isUnified: Bool) {
        self.unit = unit
        self.isUnified = isUnified
    }

    /// Looks whether a process could live there; see `startUnit`.
    public func create(_ plan: CgroupPlan, _ claim: borrowing CgroupClaim) throws(CgroupError) -> CreatedCgroup {
        CreatedCgroup(handle: plan.handle, made: CgroupHandle(hierarchies: [], unified: nil, unit: nil), folders: [])
    }

    public func apply(_ writes: [CgroupWrite], in handle: CgroupHandle) throws(CgroupError) { try lower.apply(writes, in: handle) }

    /// Changes the files, and then what systemd knows, so that it does not take the change back at its next `daemon-reload`.
    public func change(_ change: CgroupChange, in handle: CgroupHandle) throws(CgroupError) {
        do throws(CgroupError) {
            // ORDER: systemd is reached before anything is changed. The files come first: they refuse a limit that the processes are above, and undo
            // the others then, which systemd does not.
            var manager = try SystemdManager(isUser: unit.isUser)
            let version = try manager.version()
            let properties = systemdProperties(for: change.writes, isUnified: isUnified, version: version)
            try lower.changeByFiles(change, in: handle)
            guard !properties.isEmpty else { return }
            try manager.setUnitProperties(unit.name, properties)
            // systemd has rounded these.
            try lower.apply(change.writes.filter { ["cpu.max", "cpu.cfs_quota_us", "pids.max"].contains($0.file) }, in: handle)
        } catch {
            if error.origin != nil { throw error }
            throw .unit("change", unit.name, reason: error.description)
        }
    }

    public func entrances(to handle: CgroupHandle, isBornInUnified: Bool) -> [String] {
        // On v2 systemd has put the process where it belongs. On v1 some hierarchies are none of its business.
        isUnified ? [] : V1Driver().entrances(to: handle, isBornInUnified: handle.unified != nil)
    }

    public func isFrozen(_ handle: CgroupHandle) throws(CgroupError) -> Bool { try lower.isFrozen(handle) }

    public func setFrozen(_ frozen: Bool, _ handle: CgroupHandle) throws(CgroupError) { try lower.setFrozen(frozen, handle) }

    public func killAll(in handle: CgroupHandle) throws(CgroupError) { try lower.killAll(in: handle) }

    public func processFolder(of handle: CgroupHandle) -> String? { lower.processFolder(of: handle) }

    private var lower: any CgroupDriver { isUnified ? V2Driver() : V1Driver() }
}

/// Asks systemd what has to be known before a unit can be planned.
///
/// - Throws: `CgroupError.noSystemd` where none runs.
public func probeSystemd(isUser: Bool) throws(CgroupError) -> SystemdFacts {
    var manager = try SystemdManager(isUser: isUser)
    return try manager.facts(isUser: isUser)
}

/// Has systemd make the container's scope with the process in it, and gives it all its limits.
///
/// - Parameters:
///   - plan: with a unit.
///   - pid: waits and makes no children until this returns.
/// - Returns: the cgroup, which belongs to the container as a whole.
public func startUnit(_ plan: CgroupPlan, pid: Int32) throws(CgroupError) -> CreatedCgroup {
    guard let unit = plan.unit else { return CreatedCgroup(handle: plan.handle, made: plan.handle, folders: []) }
    try refuseFrozenSlice(plan.handle)
    do throws(CgroupError) {
        var manager = try SystemdManager(isUser: unit.unit.isUser)
        let process = UnitProperty("PIDs", .array(element: "u", [.uint32(UInt32(bitPattern: pid))]))
        try manager.startTransientUnit(unit.unit.name, [process] + unit.properties)
    } catch {
        throw .unit("start", unit.unit.name, reason: error.description)
    }
    var folders: [String] = []
    do throws(CgroupError) {
        try checkPlace(of: pid, plan.handle)
        let isUnified = plan.handle.hierarchies.isEmpty
        if !isUnified { folders = try V1Driver().completeFolders(plan) }
        let driver: any CgroupDriver = isUnified ? V2Driver() : V1Driver()
        try driver.apply(writesBesideProperties(plan.writes, version: unit.version), in: plan.handle)
        if let devices = plan.devices { try attach(devices, to: plan.handle, isNew: true) }
        if let owner = plan.owner { try delegate(plan.handle, to: owner) }
        return CreatedCgroup(handle: plan.handle, made: plan.handle, folders: folders)
    } catch {
        // The one error that matters is the first.
        try? stopUnit(unit.unit)
        removeUnused(folders)
        throw error
    }
}

/// Has systemd stop a unit whose processes have ended, and forget it. One that is gone is fine.
public func stopUnit(_ unit: SystemdUnit) throws(CgroupError) {
    do throws(CgroupError) {
        var manager = try SystemdManager(isUser: unit.isUser)
        try manager.stopUnit(unit.name)
    } catch {
        throw .unit("stop", unit.name, reason: error.description)
    }
}

/// A scope below a frozen slice is born frozen, and init would stand still in it. v1's freezer is none of systemd's: its folder is looked at when it is
/// made.
private func refuseFrozenSlice(_ handle: CgroupHandle) throws(CgroupError) {
    guard handle.hierarchies.isEmpty, let unified = handle.unified else { return }
    let slice = parent(of: unified.absolutePath)
    guard let events = try? Kernel.readFile(slice + "/cgroup.events", limit: 4096), hasLine("frozen 1", in: events) else { return }
    throw .frozen(folder: slice)
}

/// Whether systemd has put the process where the record says that it is.
private func checkPlace(of pid: Int32, _ handle: CgroupHandle) throws(CgroupError) {
    let own = handle.hierarchies.first { $0.controllers == ["name=systemd"] } ?? handle.unified
    guard let expected = own else { return }
    let memberships: [CgroupMembership]
    do {
        memberships = parseCgroupMembership(try Kernel.readFile("/proc/\(pid)/cgroup", limit: 1 << 20))
    } catch {
        throw .system(error)
    }
    for membership in memberships where membership.controllers == expected.controllers || membership.isUnified && own == handle.unified {
        guard !("/" + expected.path).utf8.elementsEqual(membership.path.utf8) else { return }
        throw .misplaced(expected: "/" + expected.path, found: membership.path)
    }
}
