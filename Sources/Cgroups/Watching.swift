public import Kernel
public import KernelABI
public import Planning

/// Learns from the kernel that a container's memory limit has cost a process, and that its cgroup has no process any more.
///
/// v1: an event counter that the kernel raises for memory.oom_control (cgroup.event_control). v2: the files memory.events and cgroup.events,
/// on which poll(2) tells of a change since they were read. Where the kernel has neither, nothing is told.
public struct CgroupWatch: ~Copyable {
    // Each holds one descriptor, or none.
    /// The counter of v1.
    private var counter = DescriptorList()
    /// v2, opened and read, so that the next change is told.
    private var memoryEvents = DescriptorList()
    private var cgroupEvents = DescriptorList()
    private let unifiedFolder: String?
    private var memoryFolder: String?
    private var knownKills: UInt64 = 0
    /// Whether no process is left in the cgroup. Never on v1 without cgroup2, where the container's process has to tell.
    public private(set) var isEmpty = false

    /// Begins to watch: what happened before is not told.
    public init(_ handle: CgroupHandle) throws(SyscallError) {
        unifiedFolder = handle.unified?.absolutePath
        for directory in handle.hierarchies where directory.controllers.contains("memory") {
            memoryFolder = directory.absolutePath
            try registerCounter(directory.absolutePath)
        }
        if handle.hierarchies.isEmpty { knownKills = lookAtMemory() ?? 0 }
        lookAtProcesses()
    }

    /// What to wait for.
    public var requests: [PollRequest] {
        // A change of a file is told as an error and as priority data; reading never blocks.
        [
            PollRequest(number: number(of: counter), events: .readable), PollRequest(number: number(of: memoryEvents), events: .error),
            PollRequest(number: number(of: cgroupEvents), events: .error),
        ]
    }

    /// Looks at what was told, if anything was, and watches on.
    ///
    /// - Returns: whether the memory limit has cost a process since the last look.
    public mutating func look() throws(SyscallError) -> Bool {
        let isOutOfMemory = try outOfMemory()
        lookAtProcesses()
        return isOutOfMemory
    }

    private mutating func outOfMemory() throws(SyscallError) -> Bool {
        if !counter.isEmpty { return try outOfMemoryV1() }
        guard !memoryEvents.isEmpty, let kills = lookAtMemory() else { return false }
        defer { knownKills = kills }
        return kills > knownKills
    }

    /// The kernel raises the counter once more when the cgroup is removed.
    private func outOfMemoryV1() throws(SyscallError) -> Bool {
        let count = try Kernel.takeCount(number: counter.number(at: 0))
        guard count > 0, let memoryFolder else { return false }
        let isRemoved = (try? Kernel.status(memoryFolder, followSymlinks: false)) == nil
        return count > (isRemoved ? 1 : 0)
    }

    /// KERNEL: without the files of v1's notifications (they can be left out since 6.11) nothing is told of memory.
    private mutating func registerCounter(_ folder: String) throws(SyscallError) {
        guard let control = try? Kernel.open(folder + "/memory.oom_control", [.readOnly, .noFollow]) else { return }
        let event = try Kernel.eventCounter()
        do {
            try Kernel.writeFile(folder + "/cgroup.event_control", "\(event.number) \(control.number)")
        } catch {
            guard error.isGone else { throw error }
            return
        }
        counter.append(event)
    }

    private mutating func lookAtMemory() -> UInt64? {
        guard let text = CgroupWatch.reopen("memory.events", of: unifiedFolder, in: &memoryEvents) else { return nil }
        return parseFigure(named: "oom_kill", in: text[...])
    }

    private mutating func lookAtProcesses() {
        guard unifiedFolder != nil else { return }
        guard let text = CgroupWatch.reopen("cgroup.events", of: unifiedFolder, in: &cgroupEvents) else {
            isEmpty = true
            return
        }
        isEmpty = hasLine("populated 0", in: text)
    }

    /// Opens the file anew, because only what was read through a descriptor is what its next change is compared with.
    private static func reopen(_ file: String, of folder: String?, in list: inout DescriptorList) -> [UInt8]? {
        guard let folder else { return nil }
        list.closeAll()
        guard let descriptor = try? Kernel.open(folder + "/" + file, [.readOnly, .noFollow]),
            let text = try? Kernel.readAll(descriptor, limit: valueLimit, subject: file)
        else { return nil }
        list.append(descriptor)
        return text
    }

    private func number(of list: borrowing DescriptorList) -> Int32 {
        list.isEmpty ? -1 : list.number(at: 0)
    }
}
