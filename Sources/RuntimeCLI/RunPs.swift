import ContainerRuntime
import Kernel
import KernelABI

/// Runs ps(1), which is looked up in PATH, and returns what it prints.
///
/// - Throws: `RuntimeError` if there is none, or with what it says of its failure.
func runPs(_ words: [String]) throws(RuntimeError) -> [UInt8] {
    guard let program = lookUpPs(path: Kernel.environmentVariable("PATH") ?? "/usr/bin:/bin") else {
        throw RuntimeError(.system, "run ps: executable file not found in $PATH", remark: "ps --format json needs no ps(1)")
    }
    let end: (status: WaitStatus, output: [UInt8], errors: [UInt8])
    do {
        end = try run(program, [program] + words)
    } catch {
        throw RuntimeError(doing: "run \(program)", cause: error)
    }
    let said = String(decoding: end.errors.prefix { $0 != UInt8(ascii: "\n") }, as: UTF8.self)
    switch end.status {
    case .exited(0): return end.output
    case .exited(let code): throw RuntimeError(.system, "run \(program): exit status \(code): \(said)")
    case .signaled(let signal): throw RuntimeError(.system, "run \(program): signal: \(signal.name)")
    }
}

private func lookUpPs(path: String) -> String? {
    for folder in path.utf8.split(separator: UInt8(ascii: ":")) {
        let program = String(decoding: folder, as: UTF8.self) + "/ps"
        if let found = try? Kernel.status(program, followSymlinks: true), found.type == .regular { return program }
    }
    return nil
}

/// Runs a program with this process's surroundings but its output, and waits for its end.
private func run(
    _ program: String, _ arguments: [String]
) throws(SyscallError) -> (status: WaitStatus, output: [UInt8], errors: [UInt8]) {
    let output = try Kernel.pipe()
    let errors = try Kernel.pipe()
    let environment = Kernel.environment()
    // Where the caller ignores it, nobody is told how a child ends.
    try Kernel.restoreSignals([.SIGCHLD])
    switch try Kernel.clone(CloneArguments(flags: [])) {
    case .child:
        do {
            try Kernel.duplicate(output.second.number, to: 1, closeOnExec: false)
            try Kernel.duplicate(errors.second.number, to: 2, closeOnExec: false)
            try Kernel.execute(program, arguments: arguments, environment: environment)
        } catch {
            try? Kernel.writeAll(2, Array(error.description.utf8), subject: "")
            Kernel.exitNow(127)
        }
    case .parent(let child):
        // ORDER: our copies of the writing ends are closed first, so that an end of file is one.
        let texts = try readBoth(output.keepFirst(), errors.keepFirst())
        return (try Kernel.wait(child.pidfd), texts.output, texts.errors)
    }
}

/// Reads two pipes to their ends, whichever has something.
private func readBoth(
    _ output: consuming FileDescriptor, _ errors: consuming FileDescriptor
) throws(SyscallError) -> (output: [UInt8], errors: [UInt8]) {
    var numbers = [output.number, errors.number]
    var texts: [[UInt8]] = [[], []]
    while numbers.contains(where: { $0 >= 0 }) {
        let ready = try Kernel.poll(numbers.map { PollRequest(number: $0, events: .readable) }, timeoutMilliseconds: nil)
        if !ready[0].isEmpty {
            let bytes = try Kernel.readSome(output, limit: 64 << 10)
            texts[0] += bytes
            if bytes.isEmpty { numbers[0] = -1 }
        }
        if !ready[1].isEmpty {
            let bytes = try Kernel.readSome(errors, limit: 64 << 10)
            texts[1] += bytes
            if bytes.isEmpty { numbers[1] = -1 }
        }
    }
    return (texts[0], texts[1])
}
