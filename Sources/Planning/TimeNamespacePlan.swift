import OCISpec

/// How far one clock of a new time namespace is set off.
public struct TimeOffset: Sendable, Hashable {
    /// `monotonic` or `boottime`.
    public var clock: String
    /// Whole seconds, to which the nanoseconds are added.
    public var seconds: Int64
    /// Below 1,000,000,000.
    public var nanoseconds: UInt32
    /// The JSON path, for example `linux.timeOffsets.monotonic`.
    public var origin: String

    /// Creates the value from its properties.
    public init(clock: String, seconds: Int64, nanoseconds: UInt32, origin: String) {
        self.clock = clock
        self.seconds = seconds
        self.nanoseconds = nanoseconds
        self.origin = origin
    }

    /// The line for /proc/pid/timens_offsets, without the line feed. See time_namespaces(7).
    public var line: String { "\(clock) \(seconds) \(nanoseconds)" }
}

/// Plans the clocks of a new time namespace; `nil` without one. A clock that is not set off gets no entry.
func planTimeOffsets(_ spec: Spec, _ namespaces: ListedNamespaces) -> [TimeOffset]? {
    guard namespaces.made.contains(.newTime) else { return nil }
    // A JSON object has no order: sorted, so that the same configuration gives the same plan.
    return (spec.linux?.timeOffsets ?? [:]).sorted { $0.key < $1.key }.map { clock, offset in
        TimeOffset(
            clock: clock, seconds: offset.secs ?? 0, nanoseconds: offset.nanosecs ?? 0, origin: path("linux.timeOffsets", clock))
    }
}
