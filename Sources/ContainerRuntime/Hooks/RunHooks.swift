import JSON
import Kernel
import KernelABI
import OCISpec
import Planning

/// The six kinds of hooks, by their names in config.json.
enum HookKind: String {
    case prestart, createRuntime, createContainer, startContainer, poststart, poststop
}

/// Where hooks run, which decides what they find: working directory and environment.
enum HookPlace {
    /// In the runtime's namespaces, in the bundle. A hook that sets no environment inherits the runtime's, as callers of runc rely on.
    case runtime(bundle: String)
    /// In the container's namespaces before the root is entered, in the root's folder, with an empty environment.
    case container(directory: String)
    /// In the container, as its user, with the program's environment.
    case program(environment: [String])
}

/// The state document that goes to a hook's stdin: one line.
func hookState(id: String, status: ContainerStatus, pid: Int32?, bundle: String, annotations: [String: String]) -> [UInt8] {
    let state = State(id: id, status: status, pid: pid, bundle: bundle, annotations: annotations.isEmpty ? nil : annotations)
    return state.json
}

/// Runs hooks one after the other; the first that fails ends the list.
///
/// - Throws: `RuntimeError` with `.hookFailed` and the words `error running <kind> hook #<n>: …`.
///   `cancelled by …` if a signal ended the wait for one; its process group is killed.
func runHooks(
    _ hooks: [HookStep], _ kind: HookKind, state: [UInt8], place: HookPlace, cancellation: Cancellation = .none
) throws(RuntimeError) {
    for (number, hook) in hooks.enumerated() {
        try runHook(hook, kind, number: number, state: state, place: place, cancellation: cancellation)
    }
}

extension ContainerFactory {
    /// Runs the poststop hooks: all of them, whatever they say; a failing one is a warning.
    func runPoststop(_ hooks: [HookStep], id: String, bundle: String, annotations: [String: String]) {
        guard !hooks.isEmpty else { return }
        let state = hookState(id: id, status: .stopped, pid: nil, bundle: bundle, annotations: annotations)
        for (number, hook) in hooks.enumerated() {
            do {
                try runHook(hook, .poststop, number: number, state: state, place: .runtime(bundle: bundle), cancellation: .none)
            } catch {
                logger.warning(error.message)
            }
        }
    }
}

/// A hundred years, in seconds: nanoseconds since the machine's start reach not much farther.
private let longestTimeout: UInt64 = 3_155_760_000

/// How much of a hook's output is kept for the message: its end.
private let keptOutput = 4096

private func runHook(
    _ hook: HookStep, _ kind: HookKind, number: Int, state: [UInt8], place: HookPlace, cancellation: Cancellation
) throws(RuntimeError) {
    let end: HookEnd
    do {
        end = try spawnHook(hook, state: state, place: place, cancellation: cancellation)
    } catch {
        throw RuntimeError(
            .hookFailed, "error running \(kind.rawValue) hook #\(number): run \(hook.path)", pointer: hook.origin,
            call: error.call.description,
            path: error.subject.isEmpty ? nil : error.subject, errno: error.errno.rawValue,
            remark: error.call.description == "execve" ? obstacle(toExecuting: hook.path, error.errno) : nil)
    }
    if let cancelled = end.cancelled { throw cancelled }
    let reason: String
    switch end.status {
    case .none: reason = "hook ran past specified timeout of \(hook.timeoutSeconds ?? 0).0s"
    case .exited(0): return
    case .exited(let code): reason = "exit status \(code)"
    case .signaled(let signal): reason = "signal: \(signal.name)"
    }
    throw RuntimeError(
        .hookFailed,
        "error running \(kind.rawValue) hook #\(number): \(hook.path): \(reason)\(text(end.output, "stdout"))\(text(end.errors, "stderr"))",
        pointer: hook.origin)
}

/// What a hook printed, for the message; nothing if it printed nothing.
private func text(_ bytes: [UInt8], _ stream: String) -> String {
    var end = bytes.count
    while end > 0, bytes[end - 1] == UInt8(ascii: "\n") { end -= 1 }
    return end == 0 ? "" : ", \(stream): " + String(decoding: bytes[..<end], as: UTF8.self)
}

private struct HookEnd {
    /// `nil` if the hook was killed because its time was up.
    var status: WaitStatus?
    /// Set if the hook was killed because a signal cancels the creation.
    var cancelled: RuntimeError?
    var output: [UInt8]
    var errors: [UInt8]
}

/// Starts one hook in a process group of its own and waits for its end.
///
/// stdin is a memory file with the state, so that a hook which does not read cannot block the runtime. stdout and stderr are read only until
/// the hook itself ends: a child of it that keeps the pipes open does not hang the container.
private func spawnHook(
    _ hook: HookStep, state: [UInt8], place: HookPlace, cancellation: Cancellation
) throws(SyscallError) -> HookEnd {
    let input = try Kernel.memoryFile(named: "state", contents: state)
    let output = try Kernel.pipe()
    let errors = try Kernel.pipe()
    let report = try Kernel.pipe()
    let arguments = hook.arguments.isEmpty ? [hook.path] : hook.arguments
    let (environment, directory) = surroundings(of: hook, at: place)

    switch try Kernel.clone(CloneArguments(flags: .clearSignalHandlers)) {
    case .child:
        let failure = becomeHook(
            hook.path, arguments: arguments, environment: environment, directory: directory, input: input.number,
            output: output.second.number,
            errors: errors.second.number)
        // Four bytes: the error number; its mere presence says that execve was not reached.
        let number = UInt32(bitPattern: failure.rawValue)
        try? Kernel.writeAll(report.second, [UInt8(truncatingIfNeeded: number), UInt8(truncatingIfNeeded: number >> 8)], subject: "report")
        Kernel.exitNow(127)
    case .parent(let child):
        return try watchHook(child, hook: hook, output: output, errors: errors, report: report, cancellation: cancellation)
    }
}

private func surroundings(of hook: HookStep, at place: HookPlace) -> (environment: [String], directory: String?) {
    switch place {
    case .runtime(let bundle): (hook.environment ?? Kernel.environment(), bundle)
    case .container(let directory): (hook.environment ?? [], directory)
    case .program(let environment): (hook.environment ?? environment, nil)
    }
}

/// The hook's side of the clone; returns only if it cannot be executed.
private func becomeHook(
    _ path: String, arguments: [String], environment: [String], directory: String?, input: Int32, output: Int32, errors: Int32
) -> Errno {
    do {
        try Kernel.resetSignals()
        try Kernel.setProcessGroup()
        try Kernel.duplicate(input, to: 0, closeOnExec: false)
        try Kernel.duplicate(output, to: 1, closeOnExec: false)
        try Kernel.duplicate(errors, to: 2, closeOnExec: false)
        // Whatever the caller leaked stays out; the report pipe goes with execve.
        try Kernel.closeRange(from: 3, markOnly: true)
        if let directory { try enter(directory) }
        try Kernel.execute(path, arguments: arguments, environment: environment)
    } catch {
        return error.errno
    }
}

/// The bundle may be gone by the time of the poststop hooks, which clean up all the same.
private func enter(_ directory: String) throws(SyscallError) {
    do {
        try Kernel.changeDirectory(directory)
    } catch {
        guard error.errno == .ENOENT else { throw error }
        try Kernel.changeDirectory("/")
    }
}

private func watchHook(
    _ child: consuming Child, hook: HookStep, output: consuming DescriptorPair, errors: consuming DescriptorPair,
    report: consuming DescriptorPair, cancellation: Cancellation
) throws(SyscallError) -> HookEnd {
    let outputReader = Tail(output.first)
    let errorReader = Tail(errors.first)
    let reportReader = report.first
    // The parent's copies of the writing ends, so that an end of file is one.
    _ = output.second
    _ = errors.second
    _ = report.second
    return try watch(child, hook: hook, output: outputReader, errors: errorReader, report: reportReader, cancellation: cancellation)
}

/// How the wait for a hook went.
private enum HookWait {
    case ended, timeUp
    case cancelled(RuntimeError)
}

private func watch(
    _ child: consuming Child, hook: HookStep, output: consuming Tail, errors: consuming Tail, report: consuming FileDescriptor,
    cancellation: Cancellation
) throws(SyscallError) -> HookEnd {
    let waited: HookWait
    do {
        waited = try wait(for: child, hook: hook, output: &output, errors: &errors, cancellation: cancellation)
    } catch {
        kill(child)
        _ = try? Kernel.wait(child.pidfd)
        throw error
    }
    if case .ended = waited {} else { kill(child) }
    let status = try Kernel.wait(child.pidfd)
    try output.readRest()
    try errors.readRest()
    let failure = try Kernel.readAll(report, limit: 4, subject: "report")
    if failure.count == 2 {
        throw SyscallError("execve", "", Errno(rawValue: Int32(failure[0]) | Int32(failure[1]) << 8))
    }
    switch waited {
    case .ended: return HookEnd(status: status, output: output.kept, errors: errors.kept)
    case .timeUp: return HookEnd(status: nil, output: output.kept, errors: errors.kept)
    case .cancelled(let error): return HookEnd(status: status, cancelled: error, output: output.kept, errors: errors.kept)
    }
}

/// Ends a hook that has not been waited for, with its whole group.
private func kill(_ child: borrowing Child) {
    // What is gone already is what is wanted. The process alone too: it may not have made its group yet, and has no children then.
    try? Kernel.signal(group: child.pid, .SIGKILL)
    try? Kernel.signal(child.pidfd, .SIGKILL)
}

/// Reads what the hook says until it ends, its time is up, or a signal cancels the creation.
private func wait(
    for child: borrowing Child, hook: HookStep, output: inout Tail, errors: inout Tail, cancellation: Cancellation
) throws(SyscallError) -> HookWait {
    let deadline = hook.timeoutSeconds.map { Kernel.monotonicNanoseconds() &+ min(UInt64(clamping: $0), longestTimeout) &* 1_000_000_000 }
    while true {
        var remaining: Int?
        if let deadline {
            let now = Kernel.monotonicNanoseconds()
            guard now < deadline else { return .timeUp }
            // Rounded up, so that the last wait does not end a moment early.
            remaining = Int(clamping: (deadline - now) / 1_000_000 + 1)
        }
        let requests = [
            PollRequest(number: child.pidfd.number, events: .readable),
            PollRequest(number: output.isOpen ? output.descriptor.number : -1, events: .readable),
            PollRequest(number: errors.isOpen ? errors.descriptor.number : -1, events: .readable),
            cancellation.request,
        ]
        let ready = try Kernel.poll(requests, timeoutMilliseconds: remaining)
        if !ready[1].isEmpty { try output.read() }
        if !ready[2].isEmpty { try errors.read() }
        if !ready[0].isEmpty { return .ended }
        if !ready[3].isEmpty {
            do { try cancellation.check() } catch { return .cancelled(error) }
        }
    }
}

/// The end of what comes out of a pipe.
private struct Tail: ~Copyable {
    let descriptor: FileDescriptor
    private(set) var kept: [UInt8] = []
    private(set) var isOpen = true

    init(_ descriptor: consuming FileDescriptor) {
        self.descriptor = descriptor
    }

    /// Reads once; at the end of file the pipe is closed.
    mutating func read() throws(SyscallError) {
        let bytes = try Kernel.readSome(descriptor, limit: 64 << 10)
        guard !bytes.isEmpty else {
            isOpen = false
            return
        }
        kept.append(contentsOf: bytes)
        if kept.count > keptOutput { kept.removeFirst(kept.count - keptOutput) }
    }

    /// Takes what is in the pipe now, without waiting for more: at most what a pipe holds.
    mutating func readRest() throws(SyscallError) {
        let most = 16
        for _ in 0..<most where isOpen {
            let ready = try Kernel.poll([PollRequest(number: descriptor.number, events: .readable)], timeoutMilliseconds: 0)
            guard !ready[0].isEmpty else { return }
            try read()
        }
    }
}
