/// One instruction of a classic BPF program, laid out as the kernel's `struct sock_filter`.
///
/// See bpf(4) of the BSDs, where it comes from; kernel, networking/filter; include/uapi/linux/filter.h.
public struct BPFInstruction: Sendable, Hashable {
    /// What is done: class, size and mode or operation.
    public var code: UInt16
    /// A jump's distance, counted from the next instruction, where its condition holds.
    public var jumpTrue: UInt8
    /// A jump's distance where it does not.
    public var jumpFalse: UInt8
    /// The operand.
    public var constant: UInt32

    /// Creates the value from its properties.
    public init(code: UInt16, jumpTrue: UInt8 = 0, jumpFalse: UInt8 = 0, constant: UInt32) {
        self.code = code
        self.jumpTrue = jumpTrue
        self.jumpFalse = jumpFalse
        self.constant = constant
    }
}

/// The flags of seccomp(2), `SECCOMP_SET_MODE_FILTER`.
public struct SeccompFlags: OptionSet, Sendable, Hashable {
    /// The bits as the kernel takes them.
    public let rawValue: UInt32

    /// Wraps the bits, known or not.
    public init(rawValue: UInt32) {
        self.rawValue = rawValue
    }

    /// `SECCOMP_FILTER_FLAG_TSYNC`: all threads get the filter (Linux 3.17).
    public static var synchronizeThreads: SeccompFlags { SeccompFlags(rawValue: 1 << 0) }
    /// `SECCOMP_FILTER_FLAG_LOG`: what is not allowed is logged (Linux 4.14).
    public static var log: SeccompFlags { SeccompFlags(rawValue: 1 << 1) }
    /// `SECCOMP_FILTER_FLAG_SPEC_ALLOW`: no mitigation of speculative store bypass is switched on (Linux 4.17).
    public static var allowSpeculation: SeccompFlags { SeccompFlags(rawValue: 1 << 2) }
    /// `SECCOMP_FILTER_FLAG_NEW_LISTENER`: the call returns the descriptor on which notifications arrive (Linux 5.0).
    public static var newListener: SeccompFlags { SeccompFlags(rawValue: 1 << 3) }
    /// `SECCOMP_FILTER_FLAG_TSYNC_ESRCH`: lets the two above stand together (Linux 5.7).
    public static var synchronizeThreadsOrFail: SeccompFlags { SeccompFlags(rawValue: 1 << 4) }
    /// `SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV`: a received notification is interrupted by fatal signals only (Linux 5.19). With `newListener`.
    public static var waitKillable: SeccompFlags { SeccompFlags(rawValue: 1 << 5) }
}

/// What a filter returns: an action in the upper half, a number for it in the lower one. See seccomp(2).
public struct SeccompReturn: RawRepresentable, Sendable, Hashable {
    /// The value as the kernel takes it.
    public let rawValue: UInt32

    /// Wraps the value, known or not.
    public init(rawValue: UInt32) {
        self.rawValue = rawValue
    }

    /// `SECCOMP_RET_KILL_PROCESS` (Linux 4.14).
    public static var killProcess: SeccompReturn { SeccompReturn(rawValue: 0x8000_0000) }
    /// `SECCOMP_RET_KILL_THREAD`.
    public static var killThread: SeccompReturn { SeccompReturn(rawValue: 0x0000_0000) }
    /// `SECCOMP_RET_TRAP`: SIGSYS; the number goes to `si_errno`.
    public static var trap: SeccompReturn { SeccompReturn(rawValue: 0x0003_0000) }
    /// `SECCOMP_RET_ERRNO`: the call fails with the number.
    public static var errno: SeccompReturn { SeccompReturn(rawValue: 0x0005_0000) }
    /// `SECCOMP_RET_USER_NOTIF`: the listener decides (Linux 5.0).
    public static var notify: SeccompReturn { SeccompReturn(rawValue: 0x7fc0_0000) }
    /// `SECCOMP_RET_TRACE`: the tracer decides; it reads the number.
    public static var trace: SeccompReturn { SeccompReturn(rawValue: 0x7ff0_0000) }
    /// `SECCOMP_RET_LOG`: allowed and logged (Linux 4.14).
    public static var log: SeccompReturn { SeccompReturn(rawValue: 0x7ffc_0000) }
    /// `SECCOMP_RET_ALLOW`.
    public static var allow: SeccompReturn { SeccompReturn(rawValue: 0x7fff_0000) }

    /// The action with a number in its lower half.
    public func with(_ number: UInt16) -> SeccompReturn { SeccompReturn(rawValue: rawValue & 0xffff_0000 | UInt32(number)) }
}
