import Kernel
public import KernelABI
public import Planning

/// Makes, limits, fills, freezes and removes a container's cgroup. What is written there was decided by `planCgroup`.
///
/// Folders are always those of the handle, so that a driver can be tried out in a scratch folder.
public protocol CgroupDriver: Sendable {
    /// Makes the container's folders, and those above them that are missing.
    ///
    /// - Parameter claim: keeps other creates out, until the container's process is inside. See `claimCgroup`.
    /// - Throws: `CgroupError.notEmpty` or `.frozen` for a folder that is in use. What was made until then is removed, but not
    ///   what the claim made.
    func create(_ plan: CgroupPlan, _ claim: borrowing CgroupClaim) throws(CgroupError) -> CreatedCgroup

    /// Writes values in the given order.
    ///
    /// - Throws: `CgroupError.write` for the first value that the kernel does not take.
    func apply(_ writes: [CgroupWrite], in handle: CgroupHandle) throws(CgroupError)

    /// Writes the values of a change while processes are inside: all of them, or, if one is refused, none.
    ///
    /// A driver whose cgroups are made of files alone has `changeByFiles` do it.
    /// - Throws: `CgroupError.write` for the value that was not taken.
    func change(_ change: CgroupChange, in handle: CgroupHandle) throws(CgroupError)

    /// The files to which a process writes `0` to move itself into the cgroup; see `enterCgroup`.
    ///
    /// - Parameter isBornInUnified: the process was cloned into the unified folder and need not enter that one.
    func entrances(to handle: CgroupHandle, isBornInUnified: Bool) -> [String]

    /// Whether the cgroup is frozen, or on its way there. `false` where it is gone.
    func isFrozen(_ handle: CgroupHandle) throws(CgroupError) -> Bool

    /// Stops all processes of the cgroup, those below it included, or lets them go on. Returns when it has happened.
    func setFrozen(_ frozen: Bool, _ handle: CgroupHandle) throws(CgroupError)

    /// Sends SIGKILL to every process of the cgroup and those below it, frozen ones included. Does not wait for their end.
    func killAll(in handle: CgroupHandle) throws(CgroupError)

    /// The folder in whose tree the container's processes are counted; `nil` where the handle is empty.
    func processFolder(of handle: CgroupHandle) -> String?
}

/// What `CgroupDriver.create` did.
public struct CreatedCgroup: Sendable, Hashable {
    /// The container's cgroup, all of it.
    public var handle: CgroupHandle
    /// The part of `handle` whose folders were made and not found: what `remove` may be asked to take away.
    public var made: CgroupHandle
    /// All folders made, parents before children, parents of the container's own folder included; absolute.
    public var folders: [String]

    public init(handle: CgroupHandle, made: CgroupHandle, folders: [String]) {
        self.handle = handle
        self.made = made
        self.folders = folders
    }
}

extension CreatedCgroup {
    /// Removes all folders that were made and that nobody uses, those above the container's own included: for a creation that fails later.
    public func removeFolders() {
        removeUnused(folders)
    }
}

extension CgroupDriver {
    public func change(_ change: CgroupChange, in handle: CgroupHandle) throws(CgroupError) {
        try changeByFiles(change, in: handle)
    }
}

/// Picks the driver for a handle: systemd's where it is a unit; else v2 where it has the unified hierarchy alone.
public func chooseDriver(for handle: CgroupHandle) -> any CgroupDriver {
    if let unit = handle.unit { return SystemdDriver(unit, isUnified: handle.hierarchies.isEmpty) }
    return handle.hierarchies.isEmpty ? V2Driver() : V1Driver()
}

/// Moves the calling thread into a cgroup: writes `0` to each of `entrances`, which the driver named.
///
/// Allocates next to nothing, for the child between clone and execve.
public func enterCgroup(_ entrances: [String]) throws(SyscallError) {
    for file in entrances {
        try Kernel.writeFile(file, "0")
    }
}
