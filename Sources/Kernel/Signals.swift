import CKernel
public import KernelABI

// Dispositions and the mask of the calling process, and signals as something to read.

/// Sets all signals to their default disposition and empties the mask, so that nothing of it comes from the caller.
///
/// Also of use after `.clearSignalHandlers`, which leaves ignored signals ignored. Some sixty calls, a few microseconds.
public func resetSignals() throws(SyscallError) {
    resetSignalHandlers()
    try setSignalMask([])
}

/// Sets all signals to their default disposition. The kernel refuses that for two of them, where it is the only one.
func resetSignalHandlers() {
    for number in Int32(1)...Signal.lastRealTime.rawValue where number != Signal.SIGKILL.rawValue && number != Signal.SIGSTOP.rawValue {
        _ = sw_signal_default(number)
    }
}

/// Ignores `signals`, so that what they tell of arrives as the error of a call: EPIPE for SIGPIPE, EFBIG for SIGXFSZ.
///
/// execve(2) keeps it: `resetSignals` undoes it in a child.
public func ignoreSignals(_ signals: [Signal]) throws(SyscallError) {
    for signal in signals {
        try enter("rt_sigaction", signal.name) { sw_signal_ignore(signal.rawValue) }
    }
}

/// Sets `signals` to their default disposition.
///
/// For SIGCHLD, which a caller may ignore: then the kernel reaps children by itself, and waiting for one is `ECHILD`.
public func restoreSignals(_ signals: [Signal]) throws(SyscallError) {
    for signal in signals {
        try enter("rt_sigaction", signal.name) { sw_signal_default(signal.rawValue) }
    }
}

/// Holds back `signals`, all by default, in addition to those held back already.
public func blockSignals(_ signals: SignalSet = .all) throws(SyscallError) {
    try enter("rt_sigprocmask", "block") { sw_sigprocmask(0, signals.rawValue) }
}

/// Holds back `signals` in addition to those held back already, and gives the latter: what `setSignalMask` undoes it with.
public func blockSignalsForAWhile(_ signals: SignalSet) throws(SyscallError) -> SignalSet {
    var previous: UInt64 = 0
    // SAFETY: the kernel writes the number during the call only.
    try enter("rt_sigprocmask", "block") { unsafe sw_block_signals(signals.rawValue, &previous) }
    return SignalSet(rawValue: previous)
}

/// Whether the process ignores a signal.
public func isIgnored(_ signal: Signal) throws(SyscallError) -> Bool {
    try enter("rt_sigaction", signal.name) { sw_signal_is_ignored(signal.rawValue) } == 1
}

/// Lets `signals` through again.
public func unblockSignals(_ signals: SignalSet = .all) throws(SyscallError) {
    try enter("rt_sigprocmask", "unblock") { sw_sigprocmask(1, signals.rawValue) }
}

/// Holds back `signals` and no others.
public func setSignalMask(_ signals: SignalSet) throws(SyscallError) {
    try enter("rt_sigprocmask", "set") { sw_sigprocmask(2, signals.rawValue) }
}

/// Lets SIGTERM, SIGINT and SIGHUP end the process with 128 plus the signal's number, and lets them through.
///
/// For an init that waits for its start: the kernel drops signals to a PID 1 that has no handler for them. execve(2) undoes it.
public func exitOnTermination() throws(SyscallError) {
    let signals: [Signal] = [.SIGTERM, .SIGINT, .SIGHUP]
    for signal in signals {
        try enter("rt_sigaction", signal.name) { sw_signal_exits(signal.rawValue) }
    }
    try unblockSignals(SignalSet(signals))
}

/// Opens a descriptor to read `signals` from, non-blocking; they must be blocked first. See signalfd(2).
public func signalDescriptor(_ signals: SignalSet) throws(SyscallError) -> FileDescriptor {
    let flags = OpenFlags([.closeOnExec, .nonBlocking]).rawValue
    let number = try enter("signalfd4", "") { sw_signalfd(signals.rawValue, flags) }
    return FileDescriptor(adopting: Int32(truncatingIfNeeded: number))
}

/// A signal that was read from a descriptor.
public struct ReceivedSignal: Sendable, Hashable {
    /// Which one.
    public let signal: Signal
    /// Who sent it, or for SIGCHLD the child; 0 if the sender lies outside of the pid namespace.
    public let pid: Int32
}

/// Takes one waiting signal out of a descriptor made by `signalDescriptor`; `nil` if none is waiting.
public func readSignal(_ descriptor: borrowing FileDescriptor) throws(SyscallError) -> ReceivedSignal? {
    try readSignal(number: descriptor.number)
}

/// Takes one waiting signal out of the descriptor with this number; `nil` if none is waiting.
public func readSignal(number: Int32) throws(SyscallError) -> ReceivedSignal? {
    var information = sw_signalfd_siginfo()
    let result = uninterrupted {
        // SAFETY: the kernel fills the structure during the call only.
        unsafe sw_read_signal(number, &information)
    }
    if result == minus(.EAGAIN) { return nil }
    guard result >= 0 else { throw failure("read", naming(number), result) }
    return ReceivedSignal(signal: Signal(rawValue: Int32(bitPattern: information.signal)), pid: Int32(bitPattern: information.pid))
}
