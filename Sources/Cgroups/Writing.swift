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
/// - Returns: `false`, with nothing written, where there is no such file.
func put(_ writes: ArraySlice<CgroupWrite>, in folder: String) throws(CgroupError) -> Bool {
    guard let first = writes.first else { return true }
    let path = folder + "/" + first.file
    let file: FileDescriptor
    do {
        file = try Kernel.open(path, [.writeOnly, .noFollow])
    } catch {
        guard error.errno == .ENOENT else { throw .write(origin: first.origin, error, explanation: nil) }
        return false
    }
    for write in writes { try put(write, to: file, in: folder) }
    return true
}

/// Does what each write says for the case that its file is missing.
func putOtherwise(_ writes: ArraySlice<CgroupWrite>, in folder: String) throws(CgroupError) {
    for write in writes {
        var last = write.file
        switch write.ifMissing {
        case .ignore: continue
        case .fail: break
        case .instead(let file, let value):
            last = file
            var instead = write
            instead.file = file
            instead.value = value
            if try put([instead], in: folder) { continue }
        }
        let missing = SyscallError("openat", folder + "/" + last, .ENOENT)
        throw .write(origin: write.origin, missing, explanation: explanation(ofMissing: write, in: folder))
    }
}

/// Makes one write(2): the kernel takes each as a command of its own.
private func put(_ write: CgroupWrite, to file: borrowing FileDescriptor, in folder: String) throws(CgroupError) {
    let path = folder + "/" + write.file
    do {
        try Kernel.write(file, write.value, subject: path)
    } catch {
        let failure = SyscallError(error.call, "\(path) \(shortened(write.value))", error.errno)
        throw .write(origin: write.origin, failure, explanation: explanation(of: error.errno, for: write, in: folder))
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
