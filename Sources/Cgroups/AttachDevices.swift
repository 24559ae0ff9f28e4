import Kernel
import KernelABI
public import Planning

/// Has a device program decide for the container from now on, in place of the one that did.
///
/// The exchange is atomic: at no time may the container use what neither of the two programs allows, or not use what both allow. Programs of
/// others, systemd's for one, stay in force beside it. Does nothing for a handle without cgroup2.
///
/// - Parameter isNew: nobody can have attached a program yet, so that none is looked for.
/// - Throws: `CgroupError.write` with the rules' JSON path.
public func attach(_ devices: DeviceProgram, to handle: CgroupHandle, isNew: Bool = false) throws(CgroupError) {
    guard let folder = handle.unified?.absolutePath else { return }
    // Everything is allowed.
    if devices.instructions.isEmpty, isNew { return }
    do throws(SyscallError) {
        let cgroup = try Kernel.open(folder, [.readOnly, .directory, .noFollow])
        var old = DescriptorList()
        if !isNew { old = try Kernel.devicePrograms(named: programName, of: cgroup) }
        if !devices.instructions.isEmpty {
            let program = try Kernel.loadDeviceProgram(devices.instructions, name: programName)
            try attach(program, to: cgroup, replacing: &old)
        }
        while let left = old.removeLast() { try detach(left, from: cgroup) }
    } catch {
        if devices.ifMissing == .ignore, [.ENOSYS, .EINVAL].contains(error.errno) { return }
        let failure = SyscallError(error.call, "\(error.subject) \(folder)", error.errno)
        throw .write(origin: "linux.resources.devices", failure, explanation: explanation(of: error, devices))
    }
}

/// Tells our programs from those of others.
private let programName = "swruntime_dev"

/// KERNEL: exchanging one program for another since 5.6. Before, the new one comes first: for a moment both have to allow what is allowed.
private func attach(
    _ program: borrowing FileDescriptor, to cgroup: borrowing FileDescriptor, replacing old: inout DescriptorList
) throws(SyscallError) {
    guard let replaced = old.removeLast() else { return try Kernel.attachDeviceProgram(program, to: cgroup) }
    do {
        try Kernel.attachDeviceProgram(program, to: cgroup, replacing: replaced)
    } catch {
        // ENOENT: somebody else has taken it away meanwhile.
        guard error.errno == .EINVAL || error.errno == .ENOENT else { throw error }
        try Kernel.attachDeviceProgram(program, to: cgroup)
        try detach(replaced, from: cgroup)
    }
}

private func detach(_ program: borrowing FileDescriptor, from cgroup: borrowing FileDescriptor) throws(SyscallError) {
    do {
        try Kernel.detachDeviceProgram(program, from: cgroup)
    } catch {
        guard error.errno == .ENOENT else { throw error }
    }
}

private func explanation(of error: SyscallError, _ devices: DeviceProgram) -> String? {
    switch (error.subject, error.errno) {
    case ("BPF_PROG_LOAD", .EPERM): return "a device program needs CAP_BPF and CAP_NET_ADMIN, before Linux 5.8 CAP_SYS_ADMIN"
    case ("BPF_PROG_LOAD", .ENOSYS): return "this kernel has no eBPF"
    case ("BPF_PROG_LOAD", _):
        let size = "the rules make a program of \(devices.instructions.count) instructions"
        return Kernel.deviceProgramFault(devices.instructions).map { "\(size), of which the kernel says: \($0)" } ?? size
    case ("BPF_PROG_ATTACH", .EPERM): return "a cgroup above has a device program that suffers no other"
    case ("BPF_PROG_ATTACH", .EINVAL): return "this kernel has no device programs for cgroups"
    default: return nil
    }
}
