import Cgroups
import JSON
import Kernel
import KernelABI
import OCISpec

/// Observes many containers for `list`, by half of the calls that `ContainerFactory.observe` makes for each.
///
/// Of a record it reads what is shown and no more. Where anything is not as it should be it gives no answer: `observe` has the words for that.
struct Glance: ~Copyable {
    private let root: FileDescriptor
    private let procfs: FileDescriptor
    private let isFreezerVisible: Bool
    private var reader = FileReader(limit: ContainerRecord.longest)

    /// `nil` where the folder of the containers or /proc cannot be opened.
    init?(root: String) {
        guard let root = try? Kernel.open(root, [.path, .directory]), let procfs = try? Kernel.open("/proc", [.path, .directory]) else {
            return nil
        }
        isFreezerVisible = Glance.isFreezerVisible(&reader, procfs)
        self.root = root
        self.procfs = procfs
    }

    /// Whether a frozen process can be told from one that waits by its state alone.
    ///
    /// KERNEL: since 6.1 the freezer of v1 has a state of its own, which /proc shows as D or R and never as S. Before, and on v2 still, a
    /// frozen process may look like a waiting one.
    private static func isFreezerVisible(_ reader: inout FileReader, _ procfs: borrowing FileDescriptor) -> Bool {
        guard let release = reader.read("sys/kernel/osrelease", at: procfs) else { return false }
        let numbers = release.split { $0 < UInt8(ascii: "0") || $0 > UInt8(ascii: "9") }.prefix(2)
            .map { Int(String(decoding: $0.prefix(6), as: UTF8.self)) ?? 0 }
        guard numbers.count == 2, numbers[0] > 6 || (numbers[0] == 6 && numbers[1] >= 1) else { return false }
        // Every container has all hierarchies of v1 that are mounted.
        return (try? Kernel.filesystemMagic(at: "/sys/fs/cgroup/freezer")) == .cgroup
    }

    /// What the container is doing now; `nil` where `ContainerFactory.observe` has to look.
    mutating func observe(id: String) -> ContainerState? {
        // The record's owner is that of the folder: who made the one made the other.
        guard let (bytes, owner) = reader.readOwned(id + "/" + ContainerRecord.fileName, at: root),
            let summary = try? ContainerRecord.Summary(record: bytes), summary.id == id, let status = status(of: summary, bytes)
        else { return nil }
        return ContainerState(
            id: id, pid: status == .stopped ? 0 : summary.process.pid, status: status, bundle: summary.bundle, rootfs: summary.rootfs,
            created: summary.created, annotations: summary.annotations, ownerUID: owner)
    }

    private func status(of summary: ContainerRecord.Summary, _ record: ArraySlice<UInt8>) -> ContainerStatus? {
        let observed: ProcessStatus?
        do { observed = try Kernel.processStatus(summary.process.pid, procfs: procfs) } catch { return nil }
        guard let observed, observed.startTime == summary.process.startTime, !observed.isZombie else { return .stopped }
        if !(isFreezerVisible && observed.state == "S") {
            guard let cgroup = try? ContainerRecord.cgroup(JSONValue(JSONTape(parsing: Array(record)))),
                let isFrozen = try? chooseDriver(for: cgroup).isFrozen(cgroup)
            else {
                return nil
            }
            if isFrozen { return .paused }
        }
        return observed.hasExecuted ? .running : .created
    }
}
