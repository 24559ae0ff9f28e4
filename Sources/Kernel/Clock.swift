import CKernel

/// The time since 1970 in UTC, as seconds and nanoseconds within the second.
public func realTime() -> (seconds: Int64, nanoseconds: Int64) {
    time(of: 0)
}

/// Nanoseconds since some point in the past, never set back; for measuring and time limits.
public func monotonicNanoseconds() -> UInt64 {
    let now = time(of: 1)
    return UInt64(truncatingIfNeeded: now.seconds) &* 1_000_000_000 &+ UInt64(truncatingIfNeeded: now.nanoseconds)
}

/// clock_gettime(2): 0 is CLOCK_REALTIME, 1 CLOCK_MONOTONIC. It cannot fail for these.
private func time(of clock: Int32) -> (seconds: Int64, nanoseconds: Int64) {
    var time = timespec()
    // SAFETY: the call fills the structure and keeps nothing.
    _ = unsafe sw_clock_gettime(clock, &time)
    return (Int64(time.tv_sec), Int64(time.tv_nsec))
}
