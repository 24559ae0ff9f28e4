import CKernel
public import KernelABI

/// What to wait for on one descriptor.
public struct PollRequest: Sendable, Hashable {
    /// The descriptor; a negative number is passed over.
    public var number: Int32
    /// What to wait for; errors and hang-ups are told in any case.
    public var events: PollEvents

    /// Joins both.
    public init(number: Int32, events: PollEvents) {
        self.number = number
        self.events = events
    }
}

/// Waits until something asked for has happened, or the time is up.
///
/// - Parameter timeoutMilliseconds: `nil` waits for ever, 0 not at all. Signals do not prolong the wait.
/// - Returns: what happened, one entry a request in their order; all empty when the time is up.
///
/// See poll(2).
public func poll(_ requests: [PollRequest], timeoutMilliseconds: Int?) throws(SyscallError) -> [PollEvents] {
    var raw = requests.map { pollfd(fd: $0.number, events: $0.events.rawValue, revents: 0) }
    let deadline = timeoutMilliseconds.map { monotonicNanoseconds() &+ UInt64(max($0, 0)) &* nanosecondsPerMillisecond }
    while true {
        let remaining = deadline.map { millisecondsLeft(until: $0) } ?? -1
        // SAFETY: the kernel reads and writes the array's entries during the call only.
        let result = unsafe raw.withUnsafeMutableBufferPointer { unsafe sw_poll($0.baseAddress, $0.count, remaining) }
        if result == minus(.EINTR) { continue }
        guard result >= 0 else { throw failure("poll", "", result) }
        return raw.map { PollEvents(rawValue: $0.revents) }
    }
}

/// Rounded up, so that a wait never ends before its time.
private func millisecondsLeft(until deadline: UInt64) -> Int32 {
    let now = monotonicNanoseconds()
    guard deadline > now else { return 0 }
    return Int32(clamping: (deadline - now + nanosecondsPerMillisecond - 1) / nanosecondsPerMillisecond)
}

private let nanosecondsPerMillisecond: UInt64 = 1_000_000
