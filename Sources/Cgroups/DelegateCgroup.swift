import Kernel
import KernelABI
public import Planning

/// Gives the container's cgroup2 folder to a user of the container, with the files that the kernel names for that: he may then make cgroups below it.
///
/// Limits stay the runtime's: their files are not among those. Comes after the limits, as controllers bring files of their own.
/// See kernel, admin-guide/cgroup-v2, "Model of Delegation"; cgroups(7), "Cgroups delegation: delegating a hierarchy to a less privileged user".
public func delegate(_ handle: CgroupHandle, to owner: UInt32) throws(CgroupError) {
    guard let path = handle.unified?.absolutePath else { return }
    do throws(SyscallError) {
        let folder = try Kernel.open(path, [.readOnly, .directory, .noFollow])
        try Kernel.changeOwner(folder, uid: owner, gid: nil)
        for file in delegatedFiles() {
            do {
                try Kernel.changeOwner(file, at: folder, uid: owner, gid: nil)
            } catch {
                // The kernel lists what some of its cgroups have, and those of controllers that are not enabled.
                guard error.errno == .ENOENT else { throw error }
            }
        }
    } catch {
        throw .system(SyscallError(error.call, "\(path): \(error.subject)", error.errno))
    }
}

/// KERNEL: the list since 4.15.
private func delegatedFiles() -> [String] {
    guard let list = try? Kernel.readFile("/sys/kernel/cgroup/delegate", limit: 1 << 16) else {
        return ["cgroup.procs", "cgroup.subtree_control", "cgroup.threads"]
    }
    // A name with a slash would lead elsewhere; the kernel has none.
    return list.split(separator: UInt8(ascii: "\n")).filter { !$0.contains(UInt8(ascii: "/")) }.map { String(decoding: $0, as: UTF8.self) }
}
