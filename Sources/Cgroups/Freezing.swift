import Kernel
import KernelABI
import Planning

/// Whether a folder of cgroup v1's freezer is frozen or on its way there (`FREEZING`); `false` where it is gone.
func isFrozenV1(_ folder: String) throws(CgroupError) -> Bool {
    do {
        let file = try Kernel.open(folder + "/freezer.state", [.readOnly, .noFollow])
        // One read(2) gives the whole word.
        return try !Kernel.readSome(file, limit: 64).starts(with: "THAWED".utf8)
    } catch {
        guard error.isGone else { throw .system(error) }
        return false
    }
}

/// Whether a folder of cgroup v2 is frozen or on its way there; `false` where it is gone.
func isFrozenV2(_ folder: String) throws(CgroupError) -> Bool {
    do {
        return try value(of: folder + "/cgroup.freeze") == "1"
    } catch {
        guard error.isGone else { throw .system(error) }
        return false
    }
}

/// Freezes or thaws a folder of cgroup v1's freezer, and waits for it.
///
/// Processes that are made while the kernel walks through the cgroup can keep it in `FREEZING`: it is told again until all stand still,
/// as kernel, admin-guide/cgroup-v1/freezer-subsystem asks for. There is no event for it, so the state is read again, at first without a pause:
/// those that have to stand still get the processor. After ten seconds the cgroup is thawed again.
func setFrozenV1(_ frozen: Bool, folder: String) throws(CgroupError) {
    let file = folder + "/freezer.state"
    let wanted = frozen ? "FROZEN" : "THAWED"
    let start = Kernel.monotonicNanoseconds()
    let readingsAWrite = 16
    var pause = Pause(since: start)
    var readings = 0
    var state = ""
    var isHeldFromAbove = false
    do {
        while Kernel.monotonicNanoseconds() < start &+ patienceNanoseconds {
            if readings % readingsAWrite == 0 { try Kernel.writeFile(file, wanted) }
            state = try value(of: file)
            if state == wanted { return }
            // Waiting is in vain where it is another cgroup that has to be thawed.
            if !frozen {
                isHeldFromAbove = try value(of: folder + "/freezer.parent_freezing") == "1"
                if isHeldFromAbove { break }
            }
            readings += 1
            try pause.next()
        }
        if frozen { try Kernel.writeFile(file, "THAWED") }
    } catch {
        throw .system(error)
    }
    throw isHeldFromAbove ? .frozenAbove(folder: folder) : .freezerStuck(folder: folder, state: state)
}

/// What is done between two looks at something that the kernel tells nobody of: the processor is left to others; after a second, which nearly
/// everything needs less than, with sleeps that grow up to 20 ms.
struct Pause {
    private let firstSleepNanoseconds: UInt64
    private var milliseconds = 0

    init(since start: UInt64) {
        firstSleepNanoseconds = start &+ 1_000_000_000
    }

    mutating func next() throws(SyscallError) {
        guard Kernel.monotonicNanoseconds() >= firstSleepNanoseconds else { return Kernel.yieldProcessor() }
        milliseconds = min(milliseconds + 1, 20)
        _ = try Kernel.poll([], timeoutMilliseconds: milliseconds)
    }
}

/// Freezes or thaws a folder of cgroup v2 (Linux 5.2), and waits for it: cgroup.events tells when the last process stands still.
func setFrozenV2(_ frozen: Bool, folder: String) throws(CgroupError) {
    do {
        try Kernel.writeFile(folder + "/cgroup.freeze", frozen ? "1" : "0")
    } catch {
        throw .system(error)
    }
    if !frozen, isFrozenAboveV2(folder) { throw .frozenAbove(folder: folder) }
    let deadline = Kernel.monotonicNanoseconds() &+ patienceNanoseconds
    do {
        if try waitForEvent(frozen ? "frozen 1" : "frozen 0", of: folder, until: deadline) { return }
        if frozen { try Kernel.writeFile(folder + "/cgroup.freeze", "0") }
    } catch {
        throw .system(error)
    }
    throw .freezerStuck(folder: folder, state: frozen ? "freezing" : "thawing")
}

/// Whether a cgroup above `folder` is frozen. The root of the hierarchy has no such file.
private func isFrozenAboveV2(_ folder: String) -> Bool {
    var above = parent(of: folder)
    while let state = try? value(of: above + "/cgroup.freeze") {
        if state == "1" { return true }
        above = parent(of: above)
    }
    return false
}

/// Waits until cgroup.events of cgroup v2 has the line. Returns `false` when the time is up.
func waitForEvent(_ line: String, of folder: String, until deadline: UInt64) throws(SyscallError) -> Bool {
    let path = folder + "/cgroup.events"
    while true {
        // A change after the reading is told to this descriptor, as an error; the next look needs a new one.
        let events = try Kernel.open(path, [.readOnly, .noFollow])
        if hasLine(line, in: try Kernel.readAll(events, limit: valueLimit, subject: path)) { return true }
        let now = Kernel.monotonicNanoseconds()
        guard now < deadline else { return false }
        let milliseconds = Int((deadline - now) / 1_000_000) + 1
        _ = try Kernel.poll([PollRequest(number: events.number, events: .error)], timeoutMilliseconds: milliseconds)
    }
}

func hasLine(_ line: String, in text: [UInt8]) -> Bool {
    text.split(separator: UInt8(ascii: "\n")).contains { $0.elementsEqual(line.utf8) }
}
