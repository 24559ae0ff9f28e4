import Cgroups
import JSON
import Kernel
import KernelABI
public import OCISpec
import Planning

extension ContainerFactory {
    /// Changes limits of a container: those that `resources` has. All are changed or, if one is refused, none.
    ///
    /// - Parameters:
    ///   - l3CacheSchema: replaces lines of the schemata of the container's group in resctrl, for example `L3:0=f`.
    ///   - memoryBandwidthSchema: the same for memory bandwidth: `MB:0=20`.
    /// - Throws: `RuntimeError` with `.wrongState` and the words `container not running`, or with the pointer of the limit that was refused, as in
    ///   config.json: `linux.resources.memory.limit`.
    ///
    /// See runtime-spec, config-linux, "Control groups".
    public func update(
        id: String, _ resources: LinuxResources, l3CacheSchema: String? = nil, memoryBandwidthSchema: String? = nil
    ) throws(RuntimeError) {
        try ContainerFactory.checkID(id)
        let store = try StateDirectory.openLocked(root: root, id: id)
        let record = try ContainerRecord.read(in: store)
        guard Operation.update.isAllowed(in: try record.observeStatus()) else {
            throw RuntimeError(.wrongState, "container not running")
        }
        let current = try store.resources()
        let plan = try plan(resources, of: current, record.cgroup)
        for warning in plan.warnings { logger.warning(warning) }

        let rdt = try SchemataChange(record.rdt, l3CacheSchema: l3CacheSchema, memoryBandwidthSchema: memoryBandwidthSchema)
        // ORDER: the file beside, first of all: that a change could not be noted has to come out before it is made.
        try store.prepare(plan.resources)
        do throws(RuntimeError) {
            try rdt?.write()
            do {
                try chooseDriver(for: record.cgroup).change(plan.change, in: record.cgroup)
            } catch {
                throw RuntimeError(error, doing: "change a limit")
            }
        } catch {
            rdt?.undo()
            store.discardPrepared()
            throw error
        }
        try store.keepPrepared()
    }

    private func plan(
        _ changes: LinuxResources, of current: LinuxResources, _ cgroup: CgroupHandle
    ) throws(RuntimeError) -> UpdatePlan {
        var host = try probeHost(for: Spec())
        // What counts is where the container is, not what is mounted now.
        host.cgroups = CgroupFacts(cgroup)
        let isChecked = changes.memory?.checkBeforeUpdate ?? current.memory?.checkBeforeUpdate ?? false
        do {
            return try planUpdate(changes, of: current, readForUpdate(cgroup, usage: isChecked), on: host)
        } catch {
            throw RuntimeError(error)
        }
    }
}

extension CgroupFacts {
    /// The hierarchies in which the container has a folder.
    fileprivate init(_ handle: CgroupHandle) {
        func hierarchy(_ directory: CgroupDirectory) -> CgroupHierarchy {
            CgroupHierarchy(controllers: directory.controllers, mountPoint: directory.mountPoint, ownPath: "/" + directory.path)
        }
        self.init(unified: handle.unified.map(hierarchy), hierarchies: handle.hierarchies.map(hierarchy))
    }
}

// MARK: the limits that hold

extension StateDirectory {
    /// The limits of the container as the last update left them, in the form of `linux.resources`. Absent before the first one.
    static var resourcesName: String { "resources.json" }
    private static var preparedName: String { "resources.new" }

    /// The limits that hold: those of the last update, or else of config.json as it was at create.
    func resources() throws(RuntimeError) -> LinuxResources {
        let updated = try read(StateDirectory.resourcesName)
        let created = updated == nil ? try read(StateDirectory.configName) : nil
        do {
            if let updated { return try JSON.decode(LinuxResources.self, from: updated) }
            guard let created else { return LinuxResources() }
            return try Spec(configJSON: created).linux?.resources ?? LinuxResources()
        } catch {
            throw RuntimeError(.system, "read the container's limits in \(path): \(error)")
        }
    }

    private func read(_ name: String) throws(RuntimeError) -> [UInt8]? {
        do {
            return try Kernel.readFile(name, at: descriptor, limit: JSONLimits.configuration.size)
        } catch {
            if error.errno == .ENOENT { return nil }
            throw RuntimeError(doing: "read \(path)/\(name)", cause: error)
        }
    }

    /// Writes limits beside those that are kept.
    fileprivate func prepare(_ resources: LinuxResources) throws(RuntimeError) {
        let bytes: [UInt8]
        do {
            bytes = try JSON.encode(resources)
        } catch {
            throw RuntimeError(error)
        }
        do {
            try Kernel.createFile(
                StateDirectory.preparedName, at: descriptor, contents: bytes, mode: .ownerReadWrite, exclusive: false)
        } catch {
            throw RuntimeError(doing: "write \(path)/\(StateDirectory.preparedName)", cause: error)
        }
    }

    /// Replaces the limits that are kept by those beside them.
    fileprivate func keepPrepared() throws(RuntimeError) {
        do {
            try Kernel.rename(StateDirectory.preparedName, to: StateDirectory.resourcesName, at: descriptor)
        } catch {
            throw RuntimeError(doing: "write \(path)/\(StateDirectory.resourcesName)", cause: error)
        }
    }

    fileprivate func discardPrepared() {
        // The failure that led here is the one to report; the next update writes over it.
        try? Kernel.unlink(StateDirectory.preparedName, at: descriptor)
    }
}

// MARK: resctrl

/// New lines for the schemata of the container's group in resctrl.
private struct SchemataChange {
    private let file: String
    private let lines: [String]
    private let old: [String]

    /// `nil` where nothing is to be changed.
    init?(_ handle: RdtHandle?, l3CacheSchema: String?, memoryBandwidthSchema: String?) throws(RuntimeError) {
        guard l3CacheSchema != nil || memoryBandwidthSchema != nil else { return nil }
        guard let handle else {
            let words = l3CacheSchema != nil ? "Intel RDT/CAT: l3 cache schema" : "Intel RDT/MBA: memory bandwidth schema"
            throw RuntimeError(.wrongState, "\(words) is not enabled", remark: "the container was created without linux.intelRdt")
        }
        file = handle.group + "/schemata"
        lines = [l3CacheSchema, memoryBandwidthSchema].compactMap { $0 }
        do {
            let mostBytes = 1 << 20
            let bytes = try Kernel.readFile(file, limit: mostBytes)
            old = bytes.split(separator: UInt8(ascii: "\n")).map { line in
                String(decoding: line.drop { $0 == UInt8(ascii: " ") }, as: UTF8.self)
            }
        } catch {
            throw RuntimeError(doing: "read \(file)", cause: error)
        }
    }

    func write() throws(RuntimeError) {
        for line in lines {
            do {
                try Kernel.writeFile(file, line + "\n")
            } catch {
                throw RuntimeError(doing: "write \(line) to \(file)", cause: error)
            }
        }
    }

    func undo() {
        // What led here is the failure to report. The kernel takes each line by itself.
        for line in old { try? Kernel.writeFile(file, line + "\n") }
    }
}
