import Kernel
import KernelABI
public import Planning

/// The driver for a host with cgroup v2 alone.
public struct V2Driver: CgroupDriver {
    public init() {}

    public func create(_ plan: CgroupPlan, _ claim: borrowing CgroupClaim) throws(CgroupError) -> CreatedCgroup {
        let made = CgroupHandle(hierarchies: [], unified: claim.isNew ? claim.directory : nil)
        // New folders above the container's hand no controller on yet; old ones hand on what their maker wanted.
        if claim.maker.made.count > 1, let directory = claim.directory { enableControllers(above: directory) }
        if let devices = plan.devices { try attach(devices, to: plan.handle, isNew: claim.isNew) }
        return CreatedCgroup(handle: plan.handle, made: made, folders: claim.maker.made)
    }

    public func apply(_ writes: [CgroupWrite], in handle: CgroupHandle) throws(CgroupError) {
        guard let directory = handle.unified else { return }
        var hasEnabled = false
        var start = writes.startIndex
        while start < writes.endIndex {
            let end = endOfRun(writes, from: start)
            if try !put(writes[start..<end], in: directory.absolutePath) {
                // A file may be missing for want of its controller, also one that need not be there: that is seen once all are enabled.
                if !hasEnabled, controllers(of: directory.absolutePath)?.contains(writes[start].controller) != true {
                    hasEnabled = true
                    enableControllers(above: directory)
                    continue
                }
                try putOtherwise(writes[start..<end], in: directory.absolutePath)
            }
            start = end
        }
    }

    /// Hands on, from the mount point down to the container's parent, every controller that the hierarchy has.
    ///
    /// A controller that one of the folders cannot hand on (it has processes of its own, or is not allowed to) is left out: if the
    /// container needs it, the write to its file tells.
    func enableControllers(above directory: CgroupDirectory) {
        var folder = directory.mountPoint
        for name in directory.path.utf8.split(separator: UInt8(ascii: "/")) {
            if let available = try? value(of: folder + "/cgroup.controllers") {
                for controller in available.utf8.split(separator: UInt8(ascii: " ")) {
                    // One by one, because a list is refused as a whole.
                    try? Kernel.writeFile(folder + "/cgroup.subtree_control", "+" + Substring(controller))
                }
            }
            folder += "/"
            folder += Substring(name)
        }
    }

    public func entrances(to handle: CgroupHandle, isBornInUnified: Bool) -> [String] {
        guard !isBornInUnified, let unified = handle.unified else { return [] }
        return [unified.absolutePath + "/cgroup.procs"]
    }

    public func processFolder(of handle: CgroupHandle) -> String? {
        handle.unified?.absolutePath
    }

    public func isFrozen(_ handle: CgroupHandle) throws(CgroupError) -> Bool {
        guard let unified = handle.unified else { return false }
        return try isFrozenV2(unified.absolutePath)
    }

    public func setFrozen(_ frozen: Bool, _ handle: CgroupHandle) throws(CgroupError) {
        guard let unified = handle.unified else { throw .noFreezer }
        try setFrozenV2(frozen, folder: unified.absolutePath)
    }

    /// KERNEL: cgroup.kill since 5.14 reaches frozen processes and those that are just being made; before, each gets its signal.
    public func killAll(in handle: CgroupHandle) throws(CgroupError) {
        guard let unified = handle.unified else { return }
        do {
            try Kernel.writeFile(unified.absolutePath + "/cgroup.kill", "1")
        } catch {
            guard error.isGone || error.errno == .EOPNOTSUPP else { throw .system(error) }
            try killTree(unified.absolutePath)
        }
    }
}
