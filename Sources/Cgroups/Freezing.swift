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
/// as kernel, admin-guide/cgroup-v1/freezer-subsystem asks for. After ten seconds the cgroup is thawed again.
func setFrozenV1(_ frozen: Bool, folder: String) throws(CgroupError) {
    let file = folder + "/freezer.state"
    let wanted = frozen ? "FROZEN" : "THAWED"
    let deadline = Kernel.monotonicNanoseconds() &+ patienceNanoseconds
    var pauseMilliseconds = 0
    var state = ""
    do {
        while Kernel.monotonicNanoseconds() < deadline {
            try Kernel.writeFile(file, wanted)
            state = try value(of: file)
            if state == wanted { return }
            _ = try Kernel.poll([], timeoutMilliseconds: pauseMilliseconds)
            pauseMilliseconds = min(pauseMilliseconds + 1, 20)
        }
        if frozen { try Kernel.writeFile(file, "THAWED") }
    } catch {
        throw .system(error)
    }
    throw .freezerStuck(folder: folder, state: state)
}

/// Freezes or thaws a folder of cgroup v2 (Linux 5.2), and waits for it: cgroup.events tells when the last process stands still.
func setFrozenV2(_ frozen: Bool, folder: String) throws(CgroupError) {
    let deadline = Kernel.monotonicNanoseconds() &+ patienceNanoseconds
    do {
        try Kernel.writeFile(folder + "/cgroup.freeze", frozen ? "1" : "0")
        let path = folder + "/cgroup.events"
        while Kernel.monotonicNanoseconds() < deadline {
            // A change after the reading is told to this descriptor, as an error; the next look needs a new one.
            let events = try Kernel.open(path, [.readOnly, .noFollow])
            let text = try Kernel.readAll(events, limit: valueLimit, subject: path)
            if hasLine(frozen ? "frozen 1" : "frozen 0", in: text) { return }
            _ = try Kernel.poll([PollRequest(number: events.number, events: .error)], timeoutMilliseconds: 1000)
        }
        if frozen { try Kernel.writeFile(folder + "/cgroup.freeze", "0") }
    } catch {
        throw .system(error)
    }
    throw .freezerStuck(folder: folder, state: frozen ? "freezing" : "thawing")
}

func hasLine(_ line: String, in text: [UInt8]) -> Bool {
    text.split(separator: UInt8(ascii: "\n")).contains { $0.elementsEqual(line.utf8) }
}
