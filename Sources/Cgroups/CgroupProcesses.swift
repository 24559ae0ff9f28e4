import Kernel
public import KernelABI
public import Planning

extension CgroupDriver {
    /// The container's processes, those of cgroups below its own included, by their numbers in the runtime's pid namespace.
    ///
    /// Zombies are not among them. Empty where the cgroup is gone.
    public func pids(in handle: CgroupHandle) throws(CgroupError) -> [Int32] {
        guard let folder = processFolder(of: handle) else { return [] }
        return try processes(inTree: folder)
    }

    /// Sends a signal to each of the container's processes once; SIGKILL as `killAll` does.
    public func signalAll(_ signal: Signal, in handle: CgroupHandle) throws(CgroupError) {
        guard signal != .SIGKILL else { return try killAll(in: handle) }
        guard let folder = processFolder(of: handle) else { return }
        _ = try send(signal, to: processes(inTree: folder), inTree: folder)
    }
}

/// The processes of `folder` and of the cgroups below it.
func processes(inTree folder: String) throws(CgroupError) -> [Int32] {
    var pids: [Int32] = []
    var folders = [folder]
    // The list only grows at its end while it is walked; a tree deeper or wider than the kernel's limits cannot be.
    var next = 0
    do {
        while next < folders.count {
            let folder = folders[next]
            next += 1
            try appendProcesses(of: folder, to: &pids)
            for name in try childNames(of: folder) { folders.append(folder + "/" + name) }
        }
    } catch {
        throw .system(error)
    }
    return pids
}

/// Reads cgroup.procs. A folder that is gone has no processes.
private func appendProcesses(of folder: String, to pids: inout [Int32]) throws(SyscallError) {
    let bytes: [UInt8]
    do {
        bytes = try Kernel.readFile(folder + "/cgroup.procs", limit: processListLimit)
    } catch {
        if error.isGone { return }
        // A threaded cgroup of v2 lists threads only; its domain, above it, has the processes.
        guard error.errno == .EOPNOTSUPP else { throw error }
        return
    }
    var pid: Int32 = 0
    for byte in bytes {
        if byte == UInt8(ascii: "\n") {
            // 0 stands for a process outside of our pid namespace.
            if pid > 0 { pids.append(pid) }
            pid = 0
            continue
        }
        pid = pid &* 10 &+ Int32(byte &- UInt8(ascii: "0"))
    }
}

/// Four million processes are the kernel's limit, each with up to seven digits and a line feed.
private let processListLimit = 1 << 25

/// Sends `signal` to those of `pids` that are still in the tree. Returns how many it was sent to.
///
/// A number may have passed to a foreign process since the list was read. So processes are pinned by descriptors first, and signalled only
/// if a second look finds the number in the tree while it was pinned.
func send(_ signal: Signal, to pids: [Int32], inTree folder: String) throws(CgroupError) -> Int {
    // Small enough for the usual limit of open descriptors; a smaller limit makes smaller batches.
    var batch = 256
    var sent = 0
    var start = 0
    while start < pids.count {
        let end = min(start + batch, pids.count)
        do {
            sent += try sendPinned(signal, to: pids[start..<end], inTree: folder)
            start = end
        } catch {
            guard error.cause?.errno == .EMFILE, batch > 1 else { throw error }
            batch /= 2
        }
    }
    return sent
}

private func sendPinned(_ signal: Signal, to pids: ArraySlice<Int32>, inTree folder: String) throws(CgroupError) -> Int {
    var pinned = DescriptorList()
    var numbers: [Int32] = []
    for pid in pids {
        do {
            pinned.append(try Kernel.openProcess(pid))
            numbers.append(pid)
        } catch {
            guard error.errno == .ESRCH else { throw .system(error) }
        }
    }
    guard !numbers.isEmpty else { return 0 }
    let present = Set(try processes(inTree: folder))
    var sent = 0
    while let pid = numbers.popLast(), let process = pinned.removeLast() {
        guard present.contains(pid) else { continue }
        do {
            try Kernel.signal(process, signal)
            sent += 1
        } catch {
            guard error.errno == .ESRCH else { throw .system(error) }
        }
    }
    return sent
}

/// Waits until the processes that are in the tree now have ended, or the time is up. Returns `false` if there is none to wait for.
///
/// On cgroup v2 by cgroup.events, on v1 by the processes themselves.
func waitForTheEnd(inTree folder: String, until deadline: UInt64) throws(CgroupError) -> Bool {
    let pids = try processes(inTree: folder)
    guard !pids.isEmpty else { return false }
    do {
        _ = try waitForEvent("populated 0", of: folder, until: deadline)
        return true
    } catch {
        // A folder of cgroup v1 tells of no events.
        guard error.isGone else { throw .system(error) }
    }
    for pid in pids {
        let now = Kernel.monotonicNanoseconds()
        guard now < deadline else { break }
        do {
            let process = try Kernel.openProcess(pid)
            let milliseconds = Int((deadline - now) / 1_000_000) + 1
            _ = try Kernel.poll([PollRequest(number: process.number, events: .readable)], timeoutMilliseconds: milliseconds)
        } catch {
            guard error.errno == .ESRCH else { throw .system(error) }
        }
    }
    return true
}

/// Sends SIGKILL to all processes of a tree until a look finds none but those that have got it.
///
/// - Throws: `CgroupError.stillInUse` where processes are made faster than they can be killed.
func killTree(_ folder: String) throws(CgroupError) {
    let mostRounds = 1000
    if try killTree(folder, rounds: mostRounds) { return }
    throw .stillInUse(folder: folder, processes: try processes(inTree: folder).count)
}

/// Does the same a limited number of times. Returns `false` if new processes were found each time.
func killTree(_ folder: String, rounds: Int) throws(CgroupError) -> Bool {
    var killed: Set<Int32> = []
    for _ in 0..<rounds {
        let fresh = try processes(inTree: folder).filter { !killed.contains($0) }
        if fresh.isEmpty { return true }
        _ = try send(.SIGKILL, to: fresh, inTree: folder)
        killed.formUnion(fresh)
    }
    return false
}
