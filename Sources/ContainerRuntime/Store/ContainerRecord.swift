import JSON
import Kernel
import KernelABI
import Planning

/// Which process, safe against a recycled number: the pid and the start time in clock ticks since boot (field 22 of /proc/<pid>/stat).
struct ProcessIdentity: Sendable, Hashable {
    var pid: Int32
    var startTime: UInt64

    /// The calling process.
    static func current() throws(SyscallError) -> ProcessIdentity {
        let pid = Kernel.ownPID()
        return ProcessIdentity(pid: pid, startTime: try Kernel.processStatus(pid)?.startTime ?? 0)
    }

    /// What /proc says of the process now; `nil` if it is gone, a zombie, or another process has its number.
    func observe() throws(SyscallError) -> ProcessStatus? {
        guard let status = try Kernel.processStatus(pid), status.startTime == startTime, !status.isZombie else { return nil }
        return status
    }
}

/// What lies in record.json: small, yet enough to delete the container when the bundle is gone.
///
/// Written before the first cgroup or process exists, again with `process` before init may go on, and again when creation is complete.
struct ContainerRecord: Sendable, Hashable {
    /// Whether creation was completed. The words of the specification are observed, never stored.
    enum Phase: String, Sendable, Hashable { case creating, created }

    var id: String
    /// Absolute.
    var bundle: String
    /// Absolute.
    var rootfs: String
    var phase: Phase
    /// RFC 3339 with nanoseconds, UTC.
    var created: String
    /// Who creates the container.
    var creator: ProcessIdentity
    /// The container's process, once there is one.
    var process: ProcessIdentity?
    var cgroup: CgroupHandle
    /// The folders of it that were made and not found, which `delete` may take away. Absent until `process` is known: then it is not known either
    /// whose the folders are, so `delete` ends nobody in them.
    var madeCgroup: CgroupHandle?
    /// The container's group of resctrl, noted before it is made; `nil` without `linux.intelRdt`.
    var rdt: RdtHandle?
    /// Whether the container has a pid namespace of its own, so that its processes end with init.
    var hasOwnPIDNamespace: Bool
    /// Whether config.json has a `process`; without one `start` is an error.
    var hasProgram: Bool
    /// The hooks that later commands run: `poststart` and `poststop`.
    var poststart: [HookStep]
    var poststop: [HookStep]
    var annotations: [String: String]

    static let fileName = "record.json"
    static let previousName = "record.previous"
    /// A record is small; anything larger was not written by us.
    static let longest = 4 << 20

    init(plan: ContainerPlan, created: String, creator: ProcessIdentity) {
        id = plan.id
        bundle = plan.bundle
        rootfs = plan.rootfs.path
        phase = .creating
        self.created = created
        self.creator = creator
        process = nil
        cgroup = plan.cgroup.handle
        madeCgroup = nil
        rdt = nil
        hasOwnPIDNamespace = plan.spawn.newNamespaces.contains(.newPID)
        hasProgram = plan.program != nil
        poststart = plan.hooks.poststart
        poststop = plan.hooks.poststop
        annotations = plan.annotations
    }
}

extension ContainerRecord {
    /// Reads the record of one container.
    ///
    /// - Throws: `RuntimeError` with `.notFound` if there is none, `.system` if it cannot be read or understood.
    static func read(in directory: borrowing StateDirectory) throws(RuntimeError) -> ContainerRecord {
        try read(fileName, in: directory)
    }

    /// Reads the record as it was before it was written the last time: what `delete --force` goes by where the last one is damaged.
    ///
    /// It lacks the last change, which for a container that was created is the phase alone.
    static func readPrevious(in directory: borrowing StateDirectory) throws(RuntimeError) -> ContainerRecord {
        try read(previousName, in: directory)
    }

    private static func read(_ name: String, in directory: borrowing StateDirectory) throws(RuntimeError) -> ContainerRecord {
        let bytes: [UInt8]
        do {
            bytes = try Kernel.readFile(name, at: directory.descriptor, limit: longest)
        } catch {
            guard error.errno == .ENOENT else { throw RuntimeError(doing: "read \(directory.path)/\(name)", cause: error) }
            throw RuntimeError(.notFound, "container does not exist (\(directory.path) holds no \(name); `delete --force` removes it)")
        }
        let record: ContainerRecord
        do {
            record = try ContainerRecord(JSONValue(JSONTape(parsing: bytes)))
        } catch {
            throw RuntimeError(.system, "read \(directory.path)/\(name): \(error) (`delete --force` removes the container)")
        }
        guard record.id == directory.id else {
            throw RuntimeError(.system, "\(directory.path)/\(name) belongs to another container, \"\(record.id)\"")
        }
        return record
    }

    /// Writes the record beside the last one and exchanges the two, so that a reader sees the old one or the new one, and the old one stays.
    func write(in directory: borrowing StateDirectory) throws(RuntimeError) {
        do {
            try Kernel.replaceFile(
                ContainerRecord.fileName, keeping: ContainerRecord.previousName, at: directory.descriptor, contents: json,
                mode: .ownerReadWrite)
        } catch {
            throw RuntimeError(doing: "write \(directory.path)/\(ContainerRecord.fileName)", cause: error)
        }
    }
}
