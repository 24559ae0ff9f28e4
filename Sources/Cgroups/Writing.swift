import Kernel
import KernelABI
import Planning

/// The most that is read from a cgroup file that holds one value.
let valueLimit = 1 << 16

/// Writes values that go to one file one after the other, the file opened once.
///
/// - Parameters:
///   - writes: one or more, all with the same controller and file.
///   - folder: the folder of the file, absolute.
func put(_ writes: ArraySlice<CgroupWrite>, in folder: String) throws(CgroupError) {
    guard let first = writes.first else { return }
    let path = folder + "/" + first.file
    let file: FileDescriptor
    do {
        file = try Kernel.open(path, [.writeOnly, .noFollow])
    } catch {
        guard error.errno == .ENOENT else { throw .write(origin: first.origin, error, explanation: nil) }
        if first.ifMissing == .ignore { return }
        throw .write(origin: first.origin, error, explanation: "this kernel does not offer the setting")
    }
    for write in writes {
        do {
            // One write(2) a value: the kernel takes each as a command of its own.
            try Kernel.write(file, write.value, subject: path)
        } catch {
            let failure = SyscallError(error.call, "\(path) \(shortened(write.value))", error.errno)
            throw .write(origin: write.origin, failure, explanation: explanation(of: error.errno, for: write, in: folder))
        }
    }
}

/// The index behind the writes that go to the same file as the one at `start`.
func endOfRun(_ writes: [CgroupWrite], from start: Int) -> Int {
    var end = start + 1
    while end < writes.endIndex, writes[end].file == writes[start].file, writes[end].controller == writes[start].controller { end += 1 }
    return end
}

/// Reads a file with one value, without the line feed at its end.
func value(of path: String) throws(SyscallError) -> String {
    var bytes = try Kernel.readFile(path, limit: valueLimit)
    while bytes.last == UInt8(ascii: "\n") { bytes.removeLast() }
    return String(decoding: bytes, as: UTF8.self)
}

/// A long list of CPUs or devices would hide the cause.
private func shortened(_ value: String) -> String {
    value.utf8.count <= 64 ? value : String(value.prefix(60)) + "…"
}

/// What the cgroup itself tells about a refusal; `nil` where it tells nothing. Only ever called on the way to an error.
private func explanation(of errno: Errno, for write: CgroupWrite, in folder: String) -> String? {
    let parentFolder = parent(of: folder)
    switch write.file {
    case "memory.limit_in_bytes", "memory.memsw.limit_in_bytes", "memory.max":
        guard errno == .EBUSY else { return nil }
        let file = write.file == "memory.max" ? "memory.current" : "memory.usage_in_bytes"
        return (try? value(of: folder + "/" + file)).map { "\($0) bytes are in use" }
    case "cpuset.cpus", "cpuset.mems":
        let kind = write.file == "cpuset.cpus" ? "CPUs" : "memory nodes"
        return (try? value(of: parentFolder + "/" + write.file)).map { "the cgroup above has the \(kind) \($0.isEmpty ? "none" : $0)" }
    case "cpu.cfs_quota_us", "cpu.cfs_period_us":
        guard let quota = try? value(of: parentFolder + "/cpu.cfs_quota_us"), quota != "-1",
            let period = try? value(of: parentFolder + "/cpu.cfs_period_us")
        else { return nil }
        return "the cgroup above has \(quota) µs in \(period) µs"
    case "cpu.rt_runtime_us", "cpu.rt_period_us":
        guard let runtime = try? value(of: parentFolder + "/cpu.rt_runtime_us"),
            let period = try? value(of: parentFolder + "/cpu.rt_period_us")
        else { return nil }
        return "the cgroup above has \(runtime) µs in \(period) µs"
    default: return nil
    }
}
