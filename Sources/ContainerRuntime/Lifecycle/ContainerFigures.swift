import Cgroups
import Kernel
import KernelABI
public import OCISpec
public import Planning

/// What `ContainerFactory.statistics(ids:)` tells of one container.
public struct ContainerUsage: Sendable, Hashable {
    public var id: String
    public var status: ContainerStatus
    public var usage: CgroupUsage

    public init(id: String, status: ContainerStatus, usage: CgroupUsage) {
        self.id = id
        self.status = status
        self.usage = usage
    }
}

extension Container {
    /// All figures of the container's cgroup, now.
    ///
    /// - Throws: `RuntimeError` with `.wrongState` and the words `container with id … is not running` for a container that has stopped.
    public func statistics() throws(RuntimeError) -> CgroupStatistics {
        try factory.record(ofLiving: id).statistics()
    }

    /// The container's processes, those of cgroups below its own included, by their numbers in the runtime's pid namespace; none when it
    /// has stopped.
    public func processes() throws(RuntimeError) -> [Int32] {
        let record = try factory.record(of: id)
        // Who is in the cgroup after the end of a pid namespace has got it since.
        if record.process == nil || record.hasOwnPIDNamespace, try record.observeStatus() == .stopped { return [] }
        do {
            return try chooseDriver(for: record.cgroup).pids(in: record.cgroup)
        } catch {
            throw RuntimeError(error, doing: "list the container's processes")
        }
    }
}

extension ContainerRecord {
    func statistics() -> CgroupStatistics {
        var reader = FileReader()
        return cgroupStatistics(of: cgroup, rdtGroup: rdt?.group, rdtMonitor: rdt?.monitor, with: &reader)
    }
}

extension ContainerFactory {
    /// The figures that people watch, of many containers in one go. A container that has stopped or is being made is left out.
    ///
    /// - Parameter ids: `nil` for all containers under the root, by id; then one that cannot be understood is left out too.
    /// - Throws: `RuntimeError` for a container of `ids` that does not exist or cannot be understood.
    public func statistics(ids: [String]? = nil) throws(RuntimeError) -> [ContainerUsage] {
        var reader = FileReader()
        var list: [ContainerUsage] = []
        let names: [String]
        if let ids { names = ids } else { names = try self.ids() }
        for id in names {
            let record: ContainerRecord
            let status: ContainerStatus
            do throws(RuntimeError) {
                record = try self.record(of: id)
                status = try record.observeStatus()
            } catch {
                if ids == nil { continue }
                throw error
            }
            if status == .stopped || status == .creating { continue }
            list.append(ContainerUsage(id: id, status: status, usage: cgroupUsage(of: record.cgroup, with: &reader)))
        }
        return list
    }

    func record(of id: String) throws(RuntimeError) -> ContainerRecord {
        try ContainerFactory.checkID(id)
        return try ContainerRecord.read(in: StateDirectory.open(root: root, id: id))
    }

    /// The record of a container that has a process.
    func record(ofLiving id: String) throws(RuntimeError) -> ContainerRecord {
        let record = try record(of: id)
        let status = try record.observeStatus()
        guard status != .stopped, status != .creating else {
            throw RuntimeError(.wrongState, "container with id \(id) is not running")
        }
        return record
    }
}
