import Kernel
import KernelABI
public import Planning

extension CgroupDriver {
    /// Writes the values of a change: all of them, or, if one is refused, none.
    ///
    /// Each file is read before it is written; what has been written is put back, the last first, when a later value is refused. Which order the
    /// kernel takes depends on what the files hold (memory below memory and swap, burst below quota): a value that is refused for its
    /// relation to others is tried again when those are written. What the kernel carries out by ending processes comes last.
    ///
    /// - Throws: `CgroupError.write` for the value that was not taken.
    public func changeByFiles(_ change: CgroupChange, in handle: CgroupHandle) throws(CgroupError) {
        var done: [Undo] = []
        do {
            let isLast = { (write: CgroupWrite) in write.file == "memory.max" }
            try settle(change.writes.filter { !isLast($0) && $0.controller != "devices" }, in: handle, &done)
            for write in change.writes where write.controller == "devices" {
                if done.last?.isDevices != true { done.append(Undo(writes: change.undoingDevices, isDevices: true)) }
                try apply([write], in: handle)
            }
            if let devices = change.devices {
                done.append(Undo(writes: [], devices: change.replacedDevices))
                try attach(devices, to: handle)
            }
            try settle(change.writes.filter(isLast), in: handle, &done)
        } catch {
            throw putBack(done, after: error, in: handle)
        }
    }

    /// Writes values in the order given, and those that are refused once more behind the others, as long as that helps.
    private func settle(_ writes: [CgroupWrite], in handle: CgroupHandle, _ done: inout [Undo]) throws(CgroupError) {
        var pending = writes
        while !pending.isEmpty {
            var refused: [CgroupWrite] = []
            var first: CgroupError?
            for write in pending {
                let undo = undoing(write, in: handle)
                do {
                    try apply([write], in: handle)
                    done.append(undo)
                } catch {
                    guard let errno = error.cause?.errno, errno == .EINVAL || errno == .EBUSY || errno == .ENOSPC else { throw error }
                    refused.append(write)
                    first = first ?? error
                }
            }
            if refused.count == pending.count, let first { throw first }
            pending = refused
        }
    }

    /// Puts values back. Returns the error that led to it, which names the files where that failed.
    private func putBack(_ done: [Undo], after error: CgroupError, in handle: CgroupHandle) -> CgroupError {
        for undo in done {
            // It was in force before, so that the kernel takes it.
            if let devices = undo.devices { try? attach(devices, to: handle) }
        }
        var pending = done.reversed().flatMap(\.writes)
        while !pending.isEmpty {
            let refused = pending.filter { write in (try? apply([write], in: handle)) == nil }
            if refused.count == pending.count { break }
            pending = refused
        }
        guard !pending.isEmpty, case .write(let origin, let cause, let explanation) = error else { return error }
        let names = "not put back: " + pending.map(\.file).joined(separator: ", ")
        return .write(origin: origin, cause, explanation: explanation.map { "\($0); \(names)" } ?? names)
    }

    /// What takes a value back that is about to be written; nothing where the file does not tell what it has.
    private func undoing(_ write: CgroupWrite, in handle: CgroupHandle) -> Undo {
        guard let folder = folder(of: write, in: handle), let old = try? value(of: folder + "/" + write.file) else {
            return Undo(writes: [])
        }
        var undo = write
        undo.ifMissing = .ignore
        var writes = valuesRestoring(undo, from: old).map { value in
            undo.value = value
            return undo
        }
        // The kernel changes the share with idleness, and takes none while it lasts.
        if write.file == "cpu.idle", old == "0" {
            for file in ["cpu.shares", "cpu.weight"] {
                guard let share = try? value(of: folder + "/" + file) else { continue }
                undo.file = file
                undo.value = share
                writes.append(undo)
            }
        }
        return Undo(writes: writes)
    }

    /// The file to which the value will go, and what it holds.
    private func find(_ write: CgroupWrite, in folder: String, _ handle: CgroupHandle) -> (file: String, old: String)? {
        if let old = try? value(of: folder + "/" + write.file) { return (write.file, old) }
        // Files of cgroup v2 come with their controller, which the first limit of its kind switches on.
        if let unified = handle.unified, unified.absolutePath == folder, controllers(of: folder)?.contains(write.controller) != true {
            V2Driver().enableControllers(above: unified)
            if let old = try? value(of: folder + "/" + write.file) { return (write.file, old) }
        }
        guard case .instead(let file, _) = write.ifMissing, let old = try? value(of: folder + "/" + file) else { return nil }
        return (file, old)
    }

    private func folder(of write: CgroupWrite, in handle: CgroupHandle) -> String? {
        for directory in handle.hierarchies where directory.controllers.contains(write.controller) { return directory.absolutePath }
        return handle.unified?.absolutePath
    }
}

/// What takes one written value back.
private struct Undo {
    let writes: [CgroupWrite]
    var isDevices = false
    var devices: DeviceProgram?
}

/// The values that bring a file back to what it held, as its kind wants them written.
///
/// - Parameter old: what was read, without the last line feed.
func valuesRestoring(_ write: CgroupWrite, from old: String) -> [String] {
    // cgroup v2 takes an empty line for "as the parent"; nothing at all does not reach it.
    if old.isEmpty, !isKeyed(write) { return ["\n"] }
    let lines = old.split(separator: "\n")
    if write.file == "memory.oom_control" {
        return lines.compactMap { words($0).first == "oom_kill_disable" ? words($0).last : nil }.map { String($0) }
    }
    guard isKeyed(write), let key = words(Substring(write.value)).first else {
        // The default of weights stands above those of devices.
        return lines.first.map { [String($0)] } ?? []
    }
    if let line = lines.first(where: { words($0).first == key }) { return [String(line)] }
    switch write.file {
    case "io.max": return ["\(key) rbps=max wbps=max riops=max wiops=max"]
    case "io.latency": return ["\(key) target=0"]
    case "rdma.max": return ["\(key) hca_handle=max hca_object=max"]
    case _ where write.file.hasPrefix("blkio.throttle."), "net_prio.ifpriomap": return ["\(key) 0"]
    default: return ["\(key) default"]
    }
}

/// Whether the file has a line a device or interface, of which the value is one.
private func isKeyed(_ write: CgroupWrite) -> Bool {
    if write.file == "net_prio.ifpriomap" || write.file == "rdma.max" { return true }
    let found = words(Substring(write.value))
    return found.count > 1 && found[0].contains(":")
}

private func words(_ text: Substring) -> [Substring] {
    text.split(separator: " ")
}

/// Reads what an update of the cgroup depends on. What cannot be read is left out.
///
/// - Parameter usage: whether it has to be known how much memory is in use.
public func readForUpdate(_ handle: CgroupHandle, usage: Bool) -> CgroupReadings {
    func hierarchy(of controller: String) -> String? {
        handle.hierarchies.first { $0.controllers.contains(controller) }?.absolutePath
    }
    func number(_ file: String) -> UInt64? { (try? value(of: file)).flatMap { UInt64($0) } }

    var readings = CgroupReadings()
    if hierarchy(of: "cpu") == nil, let unified = handle.unified {
        readings.cpuMaximum = try? value(of: unified.absolutePath + "/cpu.max")
    }
    guard usage else { return readings }
    if let memory = hierarchy(of: "memory") {
        readings.memoryUsage = number(memory + "/memory.usage_in_bytes")
        // Without swap accounting the file is not there, and no swap is counted.
        readings.memoryAndSwapUsage = number(memory + "/memory.memsw.usage_in_bytes") ?? readings.memoryUsage
    } else if let unified = handle.unified {
        readings.memoryUsage = number(unified.absolutePath + "/memory.current")
        readings.memoryAndSwapUsage = readings.memoryUsage.map { $0 &+ (number(unified.absolutePath + "/memory.swap.current") ?? 0) }
    }
    return readings
}
