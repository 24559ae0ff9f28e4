import Kernel
import KernelABI

/// The runtime's own procfs: a new instance that is mounted nowhere, so that nothing can be mounted over a file in it.
///
/// Every write of init to /proc goes through it; the container's /proc may be shadowed or no procfs at all (CVE-2025-52881).
struct ProcHandle: ~Copyable {
    private let folder: FileDescriptor

    /// Has to be opened before the old root is left: the kernel lets a user namespace have a procfs only while it sees a complete one, and
    /// where it may have none, the host's is taken.
    init() throws(SyscallError) {
        do {
            let filesystem = try Kernel.openFilesystem("proc")
            try Kernel.createFilesystem(filesystem)
            folder = try Kernel.mountFilesystem(filesystem, attributes: [.noSuid, .noDev, .noExec])
        } catch {
            guard error.errno == .EPERM || error.errno == .ENOSYS else { throw error }
            let host = try Kernel.open("/proc", [.path, .directory, .noFollow])
            guard try Kernel.filesystemMagic(of: host) == .proc else { throw SyscallError("fstatfs", "/proc is no procfs", .EXDEV) }
            folder = host
        }
    }

    /// Writes one value, `path` relative to /proc: `sys/net/ipv4/ip_forward`.
    func write(_ text: String, to path: String) throws(SyscallError) {
        let file = try Kernel.openBeneath(folder, path, [.writeOnly])
        // Where the host's procfs is used, something may be mounted over the file (CVE-2025-52881).
        guard try Kernel.filesystemMagic(of: file) == .proc else { throw SyscallError("fstatfs", "/proc/\(path) is not in procfs", .EXDEV) }
        try Kernel.write(file, text, subject: "/proc/\(path)")
    }

    /// Reads one file, `path` relative to /proc; `EFBIG` if it has more than `limit` bytes.
    func read(_ path: String, limit: Int) throws(SyscallError) -> [UInt8] {
        try Kernel.readAll(try Kernel.openBeneath(folder, path, [.readOnly]), limit: limit, subject: "/proc/\(path)")
    }
}

/// Writes one value through the private procfs, `path` relative to /proc.
func write(_ text: String, to path: String, through proc: borrowing ProcHandle?) throws(SyscallError) {
    switch proc {
    case .some(let handle): try handle.write(text, to: path)
    // Init opens a handle wherever one is planned to be used.
    case .none: throw SyscallError("open", "/proc/\(path)", .ENOENT)
    }
}
