import JSON
import Kernel
import KernelABI
import Planning

/// Finds the program of `process.args[0]` as execvp(3) does, in the container and as its user.
///
/// The words are those of Go's exec.LookPath, because engines derive the exit codes 126 and 127 from them (field of runc's callers).
func lookUpProgram(_ program: ProgramPlan) throws(RuntimeError) -> String {
    guard let name = program.arguments.first else { throw RuntimeError(.invalidSpec, "must not be empty", pointer: "process.args") }
    if name.utf8.contains(UInt8(ascii: "/")) {
        if let reason = obstacle(to: name) {
            throw notExecutable(
                "exec: \"\(name)\": \(reason)", remark: reason == permissionDenied ? refusalToExecute(name) : missingPart(of: name))
        }
        return name
    }
    var refused: String?
    for folder in program.searchPath {
        let path = folder.isEmpty ? "./\(name)" : "\(folder)/\(name)"
        guard let reason = obstacle(to: path) else { return path }
        // A file that is there but cannot be executed says more than "not found", if nothing better comes.
        if reason == permissionDenied, refused == nil { refused = path }
    }
    if let refused {
        throw notExecutable("exec: \"\(name)\": \(permissionDenied)", remark: refusalToExecute(refused).map { "\(refused): \($0)" })
    }
    let searched =
        program.searchPath.isEmpty ? "PATH is empty" : "searched \(shortened(program.searchPath.joined(separator: ":"), to: 160))"
    throw notExecutable("exec: \"\(name)\": executable file not found in $PATH", remark: searched)
}

private let permissionDenied = "permission denied"

private func notExecutable(_ message: String, remark: String?) -> RuntimeError {
    RuntimeError(.notFound, message, pointer: "process.args[0]", remark: remark)
}

/// Why a file cannot be executed; `nil` if it can.
private func obstacle(to path: String) -> String? {
    do {
        let status = try Kernel.status(path, followSymlinks: true)
        if status.type == .directory { return "is a directory" }
        return Kernel.isExecutable(path) ? nil : permissionDenied
    } catch {
        return "stat \(path): \(error.errno.message)"
    }
}

/// The home folder of a user in the container's passwd file; `/` if the file does not say.
///
/// Numbers only are compared, never names (CVE-2016-3697). The file is untrusted: a regular one, opened without waiting, read up to a bound.
func homeFolder(of uid: UInt32) -> String {
    let longestFile = 1 << 20
    guard let root = try? Kernel.open("/", [.path, .directory]),
        let file = try? Kernel.openBeneath(root, "etc/passwd", [.readOnly, .nonBlocking]),
        let status = try? Kernel.status(of: file), status.type == .regular,
        let bytes = try? Kernel.readAll(file, limit: longestFile, subject: "/etc/passwd")
    else { return "/" }
    for line in bytes.split(separator: UInt8(ascii: "\n")) {
        let fields = line.split(separator: UInt8(ascii: ":"), maxSplits: 6, omittingEmptySubsequences: false)
        guard fields.count >= 6, let number = UInt32(String(decoding: fields[2], as: UTF8.self)), number == uid else { continue }
        let home = String(decoding: fields[5], as: UTF8.self)
        return home.isEmpty ? "/" : home
    }
    return "/"
}
