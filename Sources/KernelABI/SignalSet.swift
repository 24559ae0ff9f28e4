/// A set of signals as the kernel keeps it: bit n - 1 is signal n.
public struct SignalSet: Sendable, Hashable, ExpressibleByArrayLiteral {
    /// The bits.
    public let rawValue: UInt64

    /// Wraps the bits.
    public init(rawValue: UInt64) {
        self.rawValue = rawValue
    }

    /// The set of the given signals; numbers outside 1…64 are left out.
    public init(_ signals: [Signal]) {
        var bits: UInt64 = 0
        for signal in signals where signal.rawValue >= 1 && signal.rawValue <= 64 { bits |= 1 << UInt64(signal.rawValue - 1) }
        rawValue = bits
    }

    /// The set of the given signals: `[.SIGTERM, .SIGINT]`.
    public init(arrayLiteral elements: Signal...) {
        self.init(elements)
    }

    /// All signals. The kernel itself leaves out SIGKILL and SIGSTOP where they cannot be blocked.
    public static var all: SignalSet { SignalSet(rawValue: UInt64.max) }

    /// Whether `signal` is a member.
    public func contains(_ signal: Signal) -> Bool {
        signal.rawValue >= 1 && signal.rawValue <= 64 && rawValue & (1 << UInt64(signal.rawValue - 1)) != 0
    }
}
