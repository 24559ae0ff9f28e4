import Kernel
import KernelABI
import Planning

/// Makes the working directory where it is missing, and enters it.
///
/// ORDER: still as the container's root, who may make folders; `enterWorkingDirectory` is repeated as the user where root may not look inside.
func makeWorkingDirectory(_ path: String) throws(RuntimeError) {
    do throws(SyscallError) {
        do {
            return try Kernel.changeDirectory(path)
        } catch {
            // The user itself may be let in where root is not (a root-squashing network file system).
            if error.errno == .EACCES { return }
            guard error.errno == .ENOENT else { throw error }
        }
        let root = try Kernel.open("/", [.path, .directory])
        let folder = try Kernel.directoryBeneath(root, path, createMissing: .worldSearchable)
        try Kernel.changeDirectory(to: folder)
    } catch {
        throw RuntimeError(doing: "enter the working directory \(path)", pointer: "process.cwd", cause: error)
    }
}

/// Enters the working directory and verifies that it lies inside the container (CVE-2024-21626).
func enterWorkingDirectory(_ path: String) throws(RuntimeError) {
    do throws(SyscallError) {
        try Kernel.changeDirectory(path)
        let present = try Kernel.currentDirectory()
        // The kernel marks a directory that cannot be reached from the root: getcwd(2), "(unreachable)".
        guard present.utf8.first == UInt8(ascii: "/") else { throw SyscallError("getcwd", "it lies outside the container's root", .EPERM) }
    } catch {
        throw RuntimeError(doing: "enter the working directory \(path)", pointer: "process.cwd", cause: error)
    }
}

/// Takes on the user, groups and capabilities of the container's process.
///
/// ORDER: the bounding set first, because dropping from it needs CAP_SETPCAP; groups before the user, because setgroups(2) needs CAP_SETGID;
/// the capability sets after the user, because setresuid(2) clears them; ambient last, because it needs permitted and inheritable.
///
/// - Parameter held: capabilities that init keeps for itself; execve(2) does not pass them on.
func takeIdentity(_ identity: IdentityPlan, holding held: CapabilitySet) throws(RuntimeError) {
    let capabilities = identity.capabilities
    do {
        try Kernel.dropFromBoundingSet(keep: capabilities.bounding)
    } catch {
        throw RuntimeError(doing: "drop from the bounding set", pointer: "process.capabilities.bounding", cause: error)
    }
    do {
        try keepCapabilities()
        if let groups = identity.additionalGids { try Kernel.setGroups(groups) }
        try Kernel.setGroupIDs(real: identity.gid, effective: identity.gid, saved: identity.gid)
        try Kernel.setUserIDs(real: identity.uid, effective: identity.uid, saved: identity.uid)
        try Kernel.setKeepCapabilities(false)
        // ORDER: before the capabilities go: while init has more of them than a process of the same user, that one cannot reach it
        // anyway (ptrace(2), "Ptrace access mode checking").
        try Kernel.setDumpable(false)
    } catch {
        throw RuntimeError(doing: "become user \(identity.uid), group \(identity.gid)", pointer: "process.user", cause: error)
    }
    do {
        try Kernel.setCapabilities(
            effective: capabilities.effective.union(held), permitted: capabilities.permitted.union(held),
            inheritable: capabilities.inheritable)
        try Kernel.setAmbient(capabilities.ambient)
    } catch {
        throw RuntimeError(doing: "set the capabilities", pointer: "process.capabilities", cause: error)
    }
}

/// The capabilities are to survive the change of the user. The caller's secure bits go on the way: they would change what the program's own
/// changes of the user mean. Bits that are locked, and a runtime without CAP_SETPCAP, leave them as they are.
private func keepCapabilities() throws(SyscallError) {
    do throws(SyscallError) {
        try Kernel.keepCapabilitiesAlone()
    } catch {
        guard error.errno == .EPERM else { throw error }
        try Kernel.setKeepCapabilities(true)
    }
}
