import Kernel
import KernelABI
import OCISpec
import Planning

/// How long the one who listens may take to accept the connection and to read from it, and init to send a descriptor.
private let patienceSeconds = 10

/// How long init may take from there to `ready`. It is two calls of its own away, which the one who listens may have to answer: by a program at once, by a
/// person who is asked within a minute.
private let decisionSeconds = 60

/// Takes the listener of init's filter and gives it to the one whom the configuration names; lets init go on then.
///
/// One connection, one container process state, the descriptor with its first part. See runtime-spec, config-linux, "Seccomp"
/// (`listenerPath`) and "The Container Process State".
func handOver(_ listener: SeccompListener, of plan: ContainerPlan, link: inout InitLink) throws(RuntimeError) {
    let number = try link.expect(.listener).listener ?? -1
    let descriptor = try takeListener(number, link: link)
    let state = State(
        id: plan.id, status: .creating, pid: link.pid, bundle: plan.bundle, annotations: plan.annotations.isEmpty ? nil : plan.annotations)
    let message = ContainerProcessState(pid: link.pid, metadata: listener.metadata, state: state).json
    do throws(SyscallError) {
        let socket = try Kernel.connectStream(listener.path, timeoutSeconds: patienceSeconds)
        try Kernel.sendAll(message, passing: descriptor.number, over: socket)
    } catch {
        throw RuntimeError(doing: "send the seccomp listener to \(listener.path)", pointer: "linux.seccomp.listenerPath", cause: error)
    }
    // ORDER: closed before init goes on, so that the listener ends with those who are to have it.
    _ = consume descriptor
    try link.announce(.listenerTaken)
}

/// Waits until init is ready, which it may not be before the one who listens has answered calls of its.
///
/// - Parameter path: where the listener went.
func awaitReady(of link: inout InitLink, listenerAt path: String, seconds: Int = decisionSeconds) throws(RuntimeError) {
    guard try link.hears(withinMilliseconds: seconds * 1000) else {
        throw RuntimeError(
            .system, "init is not ready \(seconds) s after the listener went to \(path)", pointer: "linux.seccomp.listenerPath",
            remark: "whoever listens there has to answer the calls of init too")
    }
    try link.expect(.ready)
}

/// KERNEL: pidfd_getfd(2) since 5.6, and only for those who may trace init, which is not dumpable: its own user alone may not. Then init sends
/// the descriptor, by a call that its filter judges; one that is notified would never end, hence the time limit.
private func takeListener(_ number: Int32, link: borrowing InitLink) throws(RuntimeError) -> FileDescriptor {
    do {
        return try Kernel.takeDescriptor(number, from: link.pidfd)
    } catch {
        guard error.errno == .EPERM || error.errno == .ENOSYS else {
            throw RuntimeError(doing: "take the seccomp listener", pointer: "linux.seccomp", cause: error)
        }
    }
    try link.announce(.listenerOutOfReach)
    var message: ReceivedMessage
    do {
        message = try link.receiveDescriptor(timeoutMilliseconds: patienceSeconds * 1000)
    } catch {
        throw RuntimeError(doing: "receive the seccomp listener", pointer: "linux.seccomp", cause: error)
    }
    if let failure = SyncMessage(bytes: message.bytes)?.failure { throw failure }
    guard let descriptor = message.descriptors.removeFirst() else {
        throw RuntimeError(doing: "receive the seccomp listener", pointer: "linux.seccomp", cause: SyscallError("recvmsg", "", .EPROTO))
    }
    return descriptor
}
