import JSON
import Kernel
public import KernelABI

/// How a log line looks: what callers of runc expect to parse.
public enum LogFormat: Sendable, Hashable {
    /// `time="2026-11-22T03:25:04Z" level=error msg="…"`
    case text
    /// `{"level":"error","msg":"…","time":"2026-11-22T03:25:04Z"}`
    case json
}

/// A key of a JSON log line beyond `level`, `msg` and `time`, for programs; the text format leaves it out.
public struct LogField: Sendable, Hashable {
    /// What a field may hold.
    public enum Value: Sendable, Hashable {
        case text(String)
        case number(Int)
    }

    public let key: String
    public let value: Value

    public init(_ key: String, _ value: Value) {
        self.key = key
        self.value = value
    }
}

/// Writes log lines, each with one write(2), to a file or to stderr.
///
/// A copy writes to the same descriptor, which stays open as long as the process lives. A line that cannot be written is lost without a word: there is
/// nowhere left to say so.
public struct Logger: Sendable {
    /// Where the lines go, so that a child can be told to keep it open.
    public let descriptorNumber: Int32
    /// How the lines look.
    public let format: LogFormat
    /// Whether debug lines are written.
    public let isDebug: Bool
    /// Where errors are repeated as a plain line when the log goes to a file; `nil` when the log itself is what the user sees.
    private let echo: Int32?

    /// Logs to an open descriptor, by default stderr.
    public init(descriptorNumber: Int32 = 2, format: LogFormat = .text, isDebug: Bool = false) {
        self.init(descriptorNumber, echo: nil, format, isDebug)
    }

    /// Logs to the end of `path`, which is created if it is missing, and repeats errors as plain lines on `echo`.
    ///
    /// - Throws: `SyscallError` if the file cannot be opened, at once: a caller that reads the log would else wait for what never comes.
    public init(appendingTo path: String, echo: Int32 = 2, format: LogFormat, isDebug: Bool) throws(SyscallError) {
        let file = try Kernel.open(path, [.writeOnly, .append, .create], mode: FileMode(rawValue: 0o644))
        self.init(file.release(), echo: echo, format, isDebug)
    }

    private init(_ descriptorNumber: Int32, echo: Int32?, _ format: LogFormat, _ isDebug: Bool) {
        self.descriptorNumber = descriptorNumber
        self.echo = echo
        self.format = format
        self.isDebug = isDebug
    }

    /// Logs why a command failed. Called once, in `main`.
    public func error(_ message: String, _ fields: [LogField] = []) {
        write("error", message, fields)
        if let echo { try? Kernel.writeAll(echo, Array((message + "\n").utf8), subject: "") }
    }

    /// Logs what was left out or is odd, where the command goes on.
    public func warning(_ message: String) {
        write("warning", message, [])
    }

    /// Logs what is done, with `--debug` only; the message is not even built without it.
    public func debug(_ message: @autoclosure () -> String) {
        if isDebug { write("debug", message(), []) }
    }

    private func write(_ level: String, _ message: String, _ fields: [LogField]) {
        let time = timestamp(seconds: Kernel.realTime().seconds, nanoseconds: 0)
        let line = logLine(format, level: level, message: message, time: time, fields: fields)
        try? Kernel.writeAll(descriptorNumber, line, subject: "")
    }
}

/// One log line with its newline. `time` is RFC 3339.
func logLine(_ format: LogFormat, level: String, message: String, time: String, fields: [LogField]) -> [UInt8] {
    switch format {
    case .text:
        return Array("time=\"\(time)\" level=\(level) msg=\(quotedForLog(message))\n".utf8)
    case .json:
        var line = JSONWriter()
        line.object { line in
            line.member("level", level)
            line.member("msg", message)
            line.member("time", time)
            for field in fields {
                switch field.value {
                case .text(let text): line.member(field.key, text)
                case .number(let number): line.member(field.key, number)
                }
            }
        }
        return line.bytes + [UInt8(ascii: "\n")]
    }
}

/// Quotes a text value if it holds more than letters, digits and `-._/@^+`; escapes as Go's `%q` does, because logrus, whose lines these are, uses it.
func quotedForLog(_ text: String) -> String {
    if text.utf8.allSatisfy(needsNoQuotes) { return text }
    var quoted = "\""
    for scalar in text.unicodeScalars {
        switch scalar.value {
        case 0x22: quoted += "\\\""
        case 0x5C: quoted += "\\\\"
        case 0x07: quoted += "\\a"
        case 0x08: quoted += "\\b"
        case 0x0C: quoted += "\\f"
        case 0x0A: quoted += "\\n"
        case 0x0D: quoted += "\\r"
        case 0x09: quoted += "\\t"
        case 0x0B: quoted += "\\v"
        case 0x00..<0x20, 0x7F: quoted += "\\x" + hexadecimal(scalar.value, 2)
        case 0x80...0xA0, 0xAD, 0x2028...0x202E: quoted += "\\u" + hexadecimal(scalar.value, 4)
        default: quoted.unicodeScalars.append(scalar)
        }
    }
    return quoted + "\""
}

private func needsNoQuotes(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "0")...UInt8(ascii: "9"): true
    case UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "/"), UInt8(ascii: "@"), UInt8(ascii: "^"),
        UInt8(ascii: "+"):
        true
    default: false
    }
}

private func hexadecimal(_ value: UInt32, _ width: Int) -> String {
    let digits = String(value, radix: 16)
    return String(repeating: "0", count: max(0, width - digits.utf8.count)) + digits
}
