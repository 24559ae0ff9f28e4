import Kernel
import KernelABI
public import Planning

/// The driver for cgroup v1, and for a hybrid host, where a cgroup2 hierarchy without these controllers lies beside.
public struct V1Driver: CgroupDriver {
    public init() {}

    public func create(_ plan: CgroupPlan, _ claim: borrowing CgroupClaim) throws(CgroupError) -> CreatedCgroup {
        var maker = FolderMaker()
        do {
            let made = try make(plan, claim, with: &maker)
            return CreatedCgroup(handle: plan.handle, made: made, folders: claim.maker.made + maker.made)
        } catch {
            maker.undo()
            throw error
        }
    }

    private func make(
        _ plan: CgroupPlan, _ claim: borrowing CgroupClaim, with maker: inout FolderMaker
    ) throws(CgroupError) -> CgroupHandle {
        var made = CgroupHandle(hierarchies: [], unified: nil)
        made.hierarchies.reserveCapacity(plan.handle.hierarchies.count)
        for directory in plan.handle.hierarchies {
            let isNew = directory == claim.directory ? claim.isNew : try Cgroups.make(directory, with: &maker)
            if isNew { made.hierarchies.append(directory) }
            if directory.controllers.contains("freezer"), try isFrozen(directory, isNew: isNew) {
                throw .frozen(folder: directory.absolutePath)
            }
            if directory.controllers.contains("cpuset") { try fillCpuset(directory, isNew: isNew, plan.writes) }
        }
        if claim.isNew, plan.handle.unified == claim.directory { made.unified = claim.directory }
        if let devices = plan.devices { try attach(devices, to: plan.handle, isNew: claim.isNew) }
        return made
    }

    /// Makes the folders that systemd leaves out, beside those of a scope that it has made with a process in it.
    ///
    /// - Returns: the folders made, absolute, parents before children. After a failure they are removed.
    func completeFolders(_ plan: CgroupPlan) throws(CgroupError) -> [String] {
        var maker = FolderMaker()
        do throws(CgroupError) {
            for directory in plan.handle.hierarchies {
                let isNew: Bool
                do { isNew = try maker.make(directory) } catch { throw CgroupError.system(error) }
                if directory.controllers.contains("freezer"), try isFrozen(directory, isNew: isNew) {
                    throw CgroupError.frozen(folder: directory.absolutePath)
                }
                if directory.controllers.contains("cpuset") { try fillCpuset(directory, isNew: isNew, plan.writes) }
            }
            return maker.made
        } catch {
            maker.undo()
            throw error
        }
    }

    /// Whether a process that enters would stand still. A new folder is frozen where one above it is, but the root of the hierarchy never is.
    private func isFrozen(_ directory: CgroupDirectory, isNew: Bool) throws(CgroupError) -> Bool {
        let folder = directory.absolutePath
        if isNew, parent(of: folder) == directory.mountPoint { return false }
        return try isFrozenV1(folder)
    }

    /// Gives the container's cpuset its parent's CPUs and memory nodes, unless the plan sets them: no task may enter one that has none.
    private func fillCpuset(_ directory: CgroupDirectory, isNew: Bool, _ writes: [CgroupWrite]) throws(CgroupError) {
        let folder = directory.absolutePath
        do {
            for file in ["cpuset.cpus", "cpuset.mems"] {
                // The parent has to have some in any case: also the plan can only choose out of them.
                let inherited = try cpusetValue(file, of: parent(of: folder), mountPoint: directory.mountPoint)
                if writes.contains(where: { $0.file == file }) { continue }
                let path = folder + "/" + file
                if !isNew, try !value(of: path).isEmpty { continue }
                try Kernel.writeFile(path, inherited)
            }
        } catch {
            throw .system(error)
        }
    }

    /// Reads a value that a folder has, or else takes over from the ones above it.
    private func cpusetValue(_ file: String, of folder: String, mountPoint: String) throws(SyscallError) -> String {
        let path = folder + "/" + file
        let own = try value(of: path)
        guard own.isEmpty, folder.utf8.count > mountPoint.utf8.count else { return own }
        let inherited = try cpusetValue(file, of: parent(of: folder), mountPoint: mountPoint)
        try Kernel.writeFile(path, inherited)
        return inherited
    }

    public func apply(_ writes: [CgroupWrite], in handle: CgroupHandle) throws(CgroupError) {
        var start = writes.startIndex
        while start < writes.endIndex {
            let end = endOfRun(writes, from: start)
            let write = writes[start]
            if let folder = folder(of: write.controller, in: handle) {
                try apply(writes, start..<end, in: folder)
            } else if handle.unified != nil {
                // A controller that cgroup v1 lacks here is planned for the cgroup2 beside it.
                try V2Driver().apply(Array(writes[start..<end]), in: CgroupHandle(hierarchies: [], unified: handle.unified))
            } else {
                let missing = SyscallError("open", write.file, .ENOENT)
                throw .write(origin: write.origin, missing, explanation: "the controller \(write.controller) is not mounted")
            }
            start = end
        }
    }

    private func apply(_ writes: [CgroupWrite], _ run: Range<Int>, in folder: String) throws(CgroupError) {
        let isPut: Bool
        do {
            isPut = try put(writes[run], in: folder)
        } catch {
            // A cgroup with older limits: its swap limit may have to be raised first, because the kernel keeps memory below memory and swap.
            guard error.cause?.errno == .EINVAL, writes[run.lowerBound].file == "memory.limit_in_bytes", run.upperBound < writes.endIndex,
                writes[run.upperBound].file == "memory.memsw.limit_in_bytes"
            else { throw error }
            _ = try put(writes[run.upperBound...run.upperBound], in: folder)
            isPut = try put(writes[run], in: folder)
        }
        if !isPut { try putOtherwise(writes[run], in: folder) }
    }

    private func folder(of controller: String, in handle: CgroupHandle) -> String? {
        for directory in handle.hierarchies where directory.controllers.contains(controller) { return directory.absolutePath }
        return nil
    }

    public func entrances(to handle: CgroupHandle, isBornInUnified: Bool) -> [String] {
        var files: [String] = []
        files.reserveCapacity(handle.hierarchies.count + 1)
        // ORDER: memory last, so that what entering costs is not counted against the container's limit.
        // `tasks` moves one thread, which is all a fresh process has, and needs no lock against all clones of the machine as `cgroup.procs` does.
        for directory in handle.hierarchies where !directory.controllers.contains("memory") {
            files.append(directory.absolutePath + "/tasks")
        }
        for directory in handle.hierarchies where directory.controllers.contains("memory") {
            files.append(directory.absolutePath + "/tasks")
        }
        if !isBornInUnified, let unified = handle.unified { files.append(unified.absolutePath + "/cgroup.procs") }
        return files
    }

    public func processFolder(of handle: CgroupHandle) -> String? {
        // Every hierarchy has all the container's processes; the freezer's is the one in which they can be held.
        for directory in handle.hierarchies where directory.controllers.contains("freezer") { return directory.absolutePath }
        return handle.hierarchies.first?.absolutePath ?? handle.unified?.absolutePath
    }

    public func isFrozen(_ handle: CgroupHandle) throws(CgroupError) -> Bool {
        if let folder = folder(of: "freezer", in: handle) { return try isFrozenV1(folder) }
        guard let unified = handle.unified else { return false }
        return try isFrozenV2(unified.absolutePath)
    }

    public func setFrozen(_ frozen: Bool, _ handle: CgroupHandle) throws(CgroupError) {
        if let folder = folder(of: "freezer", in: handle) { return try setFrozenV1(frozen, folder: folder) }
        guard let unified = handle.unified else { throw .noFreezer }
        try setFrozenV2(frozen, folder: unified.absolutePath)
    }

    public func killAll(in handle: CgroupHandle) throws(CgroupError) {
        guard let folder = processFolder(of: handle) else { return }
        guard let freezer = self.folder(of: "freezer", in: handle) else { return try killTree(folder) }
        if try !killTree(folder, rounds: 4) {
            // Processes are made faster than they are killed. Frozen ones make none.
            try setFrozenV1(true, folder: freezer)
            try killTree(folder)
        }
        // SIGKILL reaches a frozen process of cgroup v1 when it is thawed.
        do {
            try Kernel.writeFile(freezer + "/freezer.state", "THAWED")
        } catch {
            guard error.isGone else { throw .system(error) }
        }
    }
}
