/// A signal by its number.
///
/// Numbers as on x86 and ARM. The first real-time signal is 34 as in the C library, which keeps 32 and 33 for itself. See signal(7).
public struct Signal: RawRepresentable, Sendable, Hashable, CustomStringConvertible {
    /// The number, such as 15 for `SIGTERM`.
    public let rawValue: Int32

    /// Wraps the number, valid or not.
    public init(rawValue: Int32) {
        self.rawValue = rawValue
    }

    /// The first real-time signal, `SIGRTMIN`.
    public static var firstRealTime: Signal { Signal(rawValue: 34) }
    /// The last real-time signal, `SIGRTMAX`.
    public static var lastRealTime: Signal { Signal(rawValue: 64) }

    /// Reads a name or a number: `TERM`, `SIGTERM`, `sigterm`, `15`, `RTMIN+3`, `SIGRTMAX-1`.
    ///
    /// A number is not checked against the kernel's range (kill(2) refuses it); it has digits only and fits into 32 bits.
    /// `nil` for anything else.
    public init?(_ text: String) {
        if let first = text.utf8.first, first >= UInt8(ascii: "0"), first <= UInt8(ascii: "9") {
            guard let number = Int32(text) else { return nil }
            self.init(rawValue: number)
            return
        }
        var name = text.uppercased()
        if name.hasPrefix("SIG") { name.removeFirst(3) }
        guard let number = Signal.number(ofShortName: name) ?? Signal.number(ofRealTimeName: name) else { return nil }
        self.init(rawValue: number)
    }

    /// The name with its prefix, such as `SIGTERM` or `SIGRTMIN+3`; the number in digits if it has no name.
    public var name: String {
        if let short = Signal.shortName(of: rawValue) { return "SIG" + short }
        switch rawValue {
        case Signal.firstRealTime.rawValue: return "SIGRTMIN"
        case Signal.lastRealTime.rawValue: return "SIGRTMAX"
        case 35...63: return "SIGRTMIN+\(rawValue - Signal.firstRealTime.rawValue)"
        default: return "\(rawValue)"
        }
    }

    /// The same as `name`.
    public var description: String { name }

    private static func shortName(of number: Int32) -> String? {
        switch number {
        case 1: "HUP"
        case 2: "INT"
        case 3: "QUIT"
        case 4: "ILL"
        case 5: "TRAP"
        case 6: "ABRT"
        case 7: "BUS"
        case 8: "FPE"
        case 9: "KILL"
        case 10: "USR1"
        case 11: "SEGV"
        case 12: "USR2"
        case 13: "PIPE"
        case 14: "ALRM"
        case 15: "TERM"
        case 16: "STKFLT"
        case 17: "CHLD"
        case 18: "CONT"
        case 19: "STOP"
        case 20: "TSTP"
        case 21: "TTIN"
        case 22: "TTOU"
        case 23: "URG"
        case 24: "XCPU"
        case 25: "XFSZ"
        case 26: "VTALRM"
        case 27: "PROF"
        case 28: "WINCH"
        case 29: "IO"
        case 30: "PWR"
        case 31: "SYS"
        default: nil
        }
    }

    private static func number(ofShortName name: String) -> Int32? {
        switch name {
        case "IOT": return Signal.SIGABRT.rawValue
        case "CLD": return Signal.SIGCHLD.rawValue
        case "POLL": return Signal.SIGIO.rawValue
        default: break
        }
        for number in Int32(1)...31 where shortName(of: number) == name { return number }
        return nil
    }

    private static func number(ofRealTimeName name: String) -> Int32? {
        guard name.hasPrefix("RTM") else { return nil }
        let end = name.dropFirst(5)
        var offset: Int32 = 0
        if let sign = end.first {
            let digits = end.dropFirst()
            guard sign == (name.hasPrefix("RTMIN") ? "+" : "-") else { return nil }
            guard digits.utf8.allSatisfy({ $0 >= UInt8(ascii: "0") && $0 <= UInt8(ascii: "9") }), let number = Int32(digits) else {
                return nil
            }
            offset = number
        }
        guard offset <= lastRealTime.rawValue - firstRealTime.rawValue else { return nil }
        if name.hasPrefix("RTMIN") { return firstRealTime.rawValue + offset }
        if name.hasPrefix("RTMAX") { return lastRealTime.rawValue - offset }
        return nil
    }
}

// swift-format-ignore: AlwaysUseLowerCamelCase
extension Signal {
    /// Hang-up of the terminal.
    public static var SIGHUP: Signal { Signal(rawValue: 1) }
    /// Interrupt from the keyboard.
    public static var SIGINT: Signal { Signal(rawValue: 2) }
    /// Quit from the keyboard.
    public static var SIGQUIT: Signal { Signal(rawValue: 3) }
    /// Illegal instruction.
    public static var SIGILL: Signal { Signal(rawValue: 4) }
    /// Trace trap.
    public static var SIGTRAP: Signal { Signal(rawValue: 5) }
    /// Abort.
    public static var SIGABRT: Signal { Signal(rawValue: 6) }
    /// Bad memory access.
    public static var SIGBUS: Signal { Signal(rawValue: 7) }
    /// Arithmetic error.
    public static var SIGFPE: Signal { Signal(rawValue: 8) }
    /// End at once; cannot be caught.
    public static var SIGKILL: Signal { Signal(rawValue: 9) }
    /// For the program's own use.
    public static var SIGUSR1: Signal { Signal(rawValue: 10) }
    /// Invalid memory reference.
    public static var SIGSEGV: Signal { Signal(rawValue: 11) }
    /// For the program's own use.
    public static var SIGUSR2: Signal { Signal(rawValue: 12) }
    /// Write to a pipe nobody reads.
    public static var SIGPIPE: Signal { Signal(rawValue: 13) }
    /// Alarm clock.
    public static var SIGALRM: Signal { Signal(rawValue: 14) }
    /// Polite request to end.
    public static var SIGTERM: Signal { Signal(rawValue: 15) }
    /// Coprocessor stack fault; unused.
    public static var SIGSTKFLT: Signal { Signal(rawValue: 16) }
    /// A child has ended or stopped.
    public static var SIGCHLD: Signal { Signal(rawValue: 17) }
    /// Continue if stopped.
    public static var SIGCONT: Signal { Signal(rawValue: 18) }
    /// Stop; cannot be caught.
    public static var SIGSTOP: Signal { Signal(rawValue: 19) }
    /// Stop from the keyboard.
    public static var SIGTSTP: Signal { Signal(rawValue: 20) }
    /// Read from the terminal in the background.
    public static var SIGTTIN: Signal { Signal(rawValue: 21) }
    /// Write to the terminal in the background.
    public static var SIGTTOU: Signal { Signal(rawValue: 22) }
    /// Urgent data on a socket.
    public static var SIGURG: Signal { Signal(rawValue: 23) }
    /// Processor time limit.
    public static var SIGXCPU: Signal { Signal(rawValue: 24) }
    /// File size limit.
    public static var SIGXFSZ: Signal { Signal(rawValue: 25) }
    /// Virtual alarm clock.
    public static var SIGVTALRM: Signal { Signal(rawValue: 26) }
    /// Profiling alarm clock.
    public static var SIGPROF: Signal { Signal(rawValue: 27) }
    /// The terminal's size has changed.
    public static var SIGWINCH: Signal { Signal(rawValue: 28) }
    /// Input or output possible.
    public static var SIGIO: Signal { Signal(rawValue: 29) }
    /// Power failure.
    public static var SIGPWR: Signal { Signal(rawValue: 30) }
    /// Bad system call.
    public static var SIGSYS: Signal { Signal(rawValue: 31) }
}
