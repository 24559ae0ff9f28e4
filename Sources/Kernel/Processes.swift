import CKernel
public import KernelABI

/// What a new process is to be like.
public struct CloneArguments: Sendable, Hashable {
    /// Namespaces and other flags. The descriptor of the child is asked for in any case.
    public var flags: CloneFlags
    /// Descriptor number of the cgroup v2 directory to be born in (Linux 5.7); adds `.intoCgroup`.
    public var cgroup: Int32?

    /// Joins both.
    public init(flags: CloneFlags, cgroup: Int32? = nil) {
        self.flags = flags
        self.cgroup = cgroup
    }
}

/// A child of this process.
@frozen
public struct Child: ~Copyable, Sendable {
    /// Its number in the caller's pid namespace.
    public let pid: Int32
    /// The descriptor that means this process and never another one with the same number.
    public let pidfd: FileDescriptor

    /// Joins both.
    public init(pid: Int32, pidfd: consuming FileDescriptor) {
        self.pid = pid
        self.pidfd = pidfd
    }
}

/// On which side of clone(2) the caller is.
@frozen
public enum CloneOutcome: ~Copyable, Sendable {
    /// In the caller: the child it has now.
    case parent(Child)
    /// In the child, which runs on a copy of the caller's memory.
    case child
}

/// Makes a new process that goes on from here with a copy of the caller's memory; its end is told with SIGCHLD.
///
/// With `.parent` it is a child of the caller's parent, which is told of its end as it is of the caller's.
/// Only for a process with one thread. The child must not use concurrency or standard streams, and ends with `exitNow` or `execute`.
/// - Throws: `SyscallError`: `EPERM` if the namespaces are not allowed, `EINVAL` for a combination the kernel does not know,
///   `ENOSPC` and `EUSERS` at a limit on nested namespaces, `EBUSY` for a cgroup v2 that cannot hold processes.
///
/// KERNEL: clone3(2) since 5.3. Before, or where a seccomp filter refuses it, clone(2) takes over if neither a cgroup nor a time namespace
/// is asked for; `.clearSignalHandlers` is then done by the child.
public func clone(_ arguments: CloneArguments) throws(SyscallError) -> CloneOutcome {
    var flags = arguments.flags.union(.pidfd)
    if arguments.cgroup != nil { flags.insert(.intoCgroup) }
    var pidfd: Int32 = -1
    // SAFETY: the kernel writes the descriptor's number during the call; the child gets memory of its own, and so its own copy of everything.
    let pid = unsafe sw_clone3(
        flags.rawValue, flags.contains(.parent) ? 0 : Signal.SIGCHLD.rawValue, arguments.cgroup ?? 0, &pidfd)
    let needsClone3 = flags.contains(.intoCgroup) || flags.contains(.newTime)
    if !needsClone3, pid == minus(.ENOSYS) || pid == minus(.EPERM) {
        return try cloneWithoutClone3(flags)
    }
    guard pid >= 0 else { throw failure("clone3", "", pid) }
    if pid == 0 { return .child }
    return .parent(Child(pid: Int32(truncatingIfNeeded: pid), pidfd: FileDescriptor(adopting: pidfd)))
}

/// clone(2), whose flags end at 32 bits and hold the signal in their lowest byte.
package func cloneWithoutClone3(_ flags: CloneFlags) throws(SyscallError) -> CloneOutcome {
    let bits = UInt(UInt32(truncatingIfNeeded: flags.rawValue)) | UInt(Signal.SIGCHLD.rawValue)
    var pidfd: Int32 = -1
    // SAFETY: as in `clone`.
    let pid = unsafe sw_clone(bits, &pidfd)
    guard pid >= 0 else { throw failure("clone", "", pid) }
    if pid == 0 {
        if flags.contains(.clearSignalHandlers) { resetSignalHandlers() }
        return .child
    }
    return .parent(Child(pid: Int32(truncatingIfNeeded: pid), pidfd: FileDescriptor(adopting: pidfd)))
}

/// Opens the descriptor of a running process; `ESRCH` if there is none with this number.
///
/// Compare the start time afterwards where the number came from elsewhere: it may mean another process by now. See pidfd_open(2), Linux 5.3.
public func openProcess(_ pid: Int32) throws(SyscallError) -> FileDescriptor {
    let number = try enter("pidfd_open", "\(pid)") { sw_pidfd_open(pid, 0) }
    return FileDescriptor(adopting: Int32(truncatingIfNeeded: number))
}

/// The number of the process behind a pidfd, in the pid namespace that /proc shows; `ESRCH` if it has none there or was waited for.
public func processNumber(of process: borrowing FileDescriptor) throws(SyscallError) -> Int32 {
    let path = "/proc/self/fdinfo/\(process.number)"
    for line in try readFile(path, limit: 4096).split(separator: UInt8(ascii: "\n")) where line.starts(with: "Pid:".utf8) {
        let digits = line.dropFirst("Pid:".utf8.count).drop { $0 == UInt8(ascii: "\t") || $0 == UInt8(ascii: " ") }
        if let pid = Int32(String(decoding: digits, as: UTF8.self)), pid > 0 { return pid }
    }
    throw SyscallError("read", path, .ESRCH)
}

/// Takes a copy of descriptor `number` out of another process (Linux 5.6); wants the right to trace it.
public func takeDescriptor(_ number: Int32, from process: borrowing FileDescriptor) throws(SyscallError) -> FileDescriptor {
    let pidfd = process.number
    let copy = try enter("pidfd_getfd", naming(number)) { sw_pidfd_getfd(pidfd, number) }
    return FileDescriptor(adopting: Int32(truncatingIfNeeded: copy))
}

/// Sends a signal to the process behind a pidfd; `ESRCH` if it has been waited for.
public func signal(_ process: borrowing FileDescriptor, _ signal: Signal) throws(SyscallError) {
    let number = process.number
    try enter("pidfd_send_signal", signal.name) { sw_pidfd_send_signal(number, signal.rawValue) }
}

/// Sends a signal to the process with number `pid`, which must be positive: only for processes that cannot end unnoticed.
public func signal(pid: Int32, _ signal: Signal) throws(SyscallError) {
    // 0 and -1 would mean our own group and everybody.
    guard pid > 0 else { throw SyscallError("kill", "\(pid)", .EINVAL) }
    try enter("kill", "\(pid)") { sw_kill(pid, signal.rawValue) }
}

/// Sends a signal to all processes of a process group, whose number must be greater than 1.
public func signal(group: Int32, _ signal: Signal) throws(SyscallError) {
    guard group > 1 else { throw SyscallError("kill", "group \(group)", .EINVAL) }
    try enter("kill", "group \(group)") { sw_kill(-group, signal.rawValue) }
}

/// How a process ended.
public enum WaitStatus: Sendable, Hashable {
    /// By itself, with this exit status (0…255).
    case exited(code: Int32)
    /// By a signal.
    case signaled(signal: Signal)

    /// What a shell would report: the exit status, or 128 plus the signal's number.
    public var exitCode: Int32 {
        switch self {
        case .exited(let code): code
        case .signaled(let signal): 128 + signal.rawValue
        }
    }
}

/// Waits for the end of the child behind a pidfd and releases its number.
///
/// KERNEL: waitid(P_PIDFD) since 5.4; `ECHILD` if it is no child of the caller.
public func wait(_ process: borrowing FileDescriptor) throws(SyscallError) -> WaitStatus {
    let number = process.number
    guard let (_, status) = try wait(kind: 3, id: number, noHang: false, subject: naming(number)) else {
        throw SyscallError("waitid", naming(number), .ECHILD)
    }
    return status
}

/// Waits for the end of the child with number `pid`; with `noHang`, `nil` if it is still running.
public func wait(pid: Int32, noHang: Bool) throws(SyscallError) -> WaitStatus? {
    try wait(kind: 1, id: pid, noHang: noHang, subject: "\(pid)")?.status
}

/// Waits for the end of any child, adopted ones included; with `noHang`, `nil` if all are still running. `ECHILD` if there is none.
public func waitAny(noHang: Bool) throws(SyscallError) -> (pid: Int32, status: WaitStatus)? {
    try wait(kind: 0, id: 0, noHang: noHang, subject: "any child")
}

/// The number of a child that has ended and waits to be reaped; `nil` if there is none. It is left waiting.
public func waitingChild() throws(SyscallError) -> Int32? {
    let exitedOnly: Int32 = 0x4
    let doNotWait: Int32 = 0x1
    let leaveWaiting: Int32 = 0x100_0000
    var report = sw_wait_report()
    let result = uninterrupted {
        // SAFETY: the shim fills the structure during the call only.
        unsafe sw_waitid(0, 0, exitedOnly | doNotWait | leaveWaiting, &report)
    }
    if result == minus(.ECHILD) { return nil }
    guard result >= 0 else { throw failure("waitid", "any child", result) }
    return report.pid == 0 ? nil : report.pid
}

private func wait(kind: Int32, id: Int32, noHang: Bool, subject: String) throws(SyscallError) -> (pid: Int32, status: WaitStatus)? {
    let exitedOnly: Int32 = 0x4
    let doNotWait: Int32 = 0x1
    let codeExited: Int32 = 1
    var report = sw_wait_report()
    try enter("waitid", subject) {
        // SAFETY: the shim fills the structure during the call only.
        unsafe sw_waitid(kind, id, noHang ? exitedOnly | doNotWait : exitedOnly, &report)
    }
    guard report.pid != 0 else { return nil }
    let status: WaitStatus =
        report.code == codeExited ? .exited(code: report.status) : .signaled(signal: Signal(rawValue: report.status))
    return (report.pid, status)
}

/// Ends the calling process at once: no handlers, no buffers.
public func exitNow(_ status: Int32) -> Never {
    sw_exit(status)
}

/// The number of the calling process in its own pid namespace.
public func ownPID() -> Int32 {
    Int32(truncatingIfNeeded: sw_getpid())
}

/// The number of the parent process; 0 if it lies outside of the pid namespace.
public func parentPID() -> Int32 {
    Int32(truncatingIfNeeded: sw_getppid())
}

/// Starts a new session, whose leader the calling process becomes, and returns its number. `EPERM` if it leads a process group.
@discardableResult
public func newSession() throws(SyscallError) -> Int32 {
    Int32(truncatingIfNeeded: try enter("setsid", "") { sw_setsid() })
}

/// Moves a process into a process group; 0 means the calling process, or the group with the process's own number.
public func setProcessGroup(pid: Int32 = 0, group: Int32 = 0) throws(SyscallError) {
    try enter("setpgid", "\(pid) to \(group)") { sw_setpgid(pid, group) }
}
