import Kernel
import KernelABI
import Planning

/// The parent's hold on init: its pid, a descriptor of the process, and the sync socket.
struct InitLink: ~Copyable {
    let pid: Int32
    let pidfd: FileDescriptor
    private let sync: SyncSocket
    private let cancellation: Cancellation
    private var sequence: SyncSequence

    init(child: consuming Child, sync: consuming SyncSocket, expectsListener: Bool, cancellation: Cancellation) {
        self.cancellation = cancellation
        sequence = SyncSequence(expectsListener: expectsListener)
        pid = child.pid
        pidfd = child.pidfd
        self.sync = sync
    }

    /// Tells init what is now true.
    func announce(_ checkpoint: Checkpoint) throws(RuntimeError) {
        do {
            try sync.send(SyncMessage(checkpoint))
        } catch {
            // Init may have said why it is gone before it went.
            if error.errno == .EPIPE || error.errno == .ECONNRESET, let reason = lastWords() { throw reason }
            throw RuntimeError(doing: "tell init to go on", cause: error)
        }
    }

    /// Waits until init says `checkpoint`.
    ///
    /// - Throws: init's own error, rebuilt; or how init ended; or that it said a word that may not come now.
    @discardableResult
    mutating func expect(_ checkpoint: Checkpoint) throws(RuntimeError) -> SyncMessage {
        try cancellation.wait(for: sync.descriptor)
        let message: SyncMessage?
        do {
            message = try sync.receive()
        } catch {
            throw RuntimeError(doing: "wait for init", cause: error)
        }
        guard let message else { throw endOfInit() }
        guard sequence.accepts(message.checkpoint) else { throw RuntimeError(.system, "init is out of step: \(message.checkpoint)") }
        if let failure = message.failure { throw failure }
        guard message.checkpoint == checkpoint else { throw RuntimeError(.system, "init is out of step: \(message.checkpoint)") }
        return message
    }

    /// Waits until init says anything or is gone; false when it does neither for as long as `milliseconds`.
    func hears(withinMilliseconds milliseconds: Int) throws(RuntimeError) -> Bool {
        try cancellation.wait(for: sync.descriptor, timeoutMilliseconds: milliseconds)
    }

    /// Waits for a message of init with a descriptor, for as long as `milliseconds`; what comes without one is why there is none.
    func receiveDescriptor(timeoutMilliseconds milliseconds: Int) throws(SyscallError) -> ReceivedMessage {
        let ready = try Kernel.poll([PollRequest(number: sync.descriptor.number, events: .readable)], timeoutMilliseconds: milliseconds)
        guard !ready[0].isEmpty else { throw SyscallError("recvmsg", "", .ETIMEDOUT) }
        return try Kernel.receiveDescriptors(sync.descriptor, limit: SyncMessage.longestMessage)
    }

    /// Kills init and waits until it is gone.
    func end() {
        // A process that is gone already is what is wanted; the wait reaps it in either case.
        try? Kernel.signal(pidfd, .SIGKILL)
        _ = try? Kernel.wait(pidfd)
    }

    private func lastWords() -> RuntimeError? {
        guard let message = try? sync.receive() else { return nil }
        return message.failure
    }

    /// What became of an init that closed its socket before it was ready.
    private func endOfInit() -> RuntimeError {
        guard let status = try? Kernel.wait(pidfd) else { return RuntimeError(.system, "init ended before it was ready") }
        return RuntimeError(.system, "init \(status.words) before it was ready")
    }
}

extension WaitStatus {
    /// How a process ended, behind its name.
    var words: String {
        switch self {
        case .signaled(let signal): "was killed by \(signal.name)"
        case .exited(let code): "ended with status \(code)"
        }
    }
}
