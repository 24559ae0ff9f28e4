import ContainerRuntime
import KernelABI

/// Prints why a command failed.
func report(_ error: RuntimeError, of command: CommandName?, id: String, _ logger: Logger) {
    logger.error(sentence(command, id: id, error.message), fields(of: error, command))
}

/// What the JSON log tells programs beyond the sentence.
private func fields(of error: RuntimeError, _ command: CommandName?) -> [LogField] {
    var fields = [LogField("code", .text(error.kind.code))]
    if let pointer = error.pointer, !pointer.isEmpty { fields.append(LogField("pointer", .text(pointer))) }
    if let line = error.line { fields.append(LogField("line", .number(line))) }
    if let column = error.column { fields.append(LogField("column", .number(column))) }
    if let command { fields.append(LogField("op", .text(command.rawValue))) }
    if let call = error.call { fields.append(LogField("call", .text(call))) }
    if let errno = error.errno { fields.append(LogField("errno", .text(Errno(rawValue: errno).name))) }
    if let path = error.path { fields.append(LogField("path", .text(path))) }
    if let remark = error.remark { fields.append(LogField("hint", .text(remark))) }
    return fields
}

/// Prints why a command line could not be understood.
func report(_ problem: UsageProblem, _ logger: Logger) {
    logger.error(sentence(nil, id: "", problem.message), [LogField("code", .text(RuntimeError.Kind.invalidArgument.code))])
}

extension RuntimeError.Kind {
    /// The name of the kind in the JSON log.
    fileprivate var code: String {
        switch self {
        case .invalidSpec: "invalidSpec"
        case .invalidArgument: "invalidArgument"
        case .exists: "exists"
        case .notFound: "notFound"
        case .wrongState: "wrongState"
        case .unsupported: "unsupported"
        case .hookFailed: "hookFailed"
        case .system: "system"
        }
    }
}

/// The longest line an error makes, in Unicode scalars.
private let longestSentence = 400

/// The one line that says why a command failed: `create web1: config.json:41:5: …`.
///
/// What would break the line or steer a terminal is escaped. A line that is too long loses its middle: the beginning says what was being done, the end why
/// it failed.
func sentence(_ command: CommandName?, id: String, _ message: String) -> String {
    var text = ""
    if let command { text += command.rawValue }
    if !id.isEmpty { text += " " + id }
    if !text.isEmpty { text += ": " }
    return shortened(escaped(text + message))
}

func escaped(_ text: String) -> String {
    guard text.unicodeScalars.contains(where: isControl) else { return text }
    var result = ""
    for scalar in text.unicodeScalars {
        switch scalar {
        case "\n": result += "\\n"
        case "\r": result += "\\r"
        case "\t": result += "\\t"
        case _ where isControl(scalar):
            let digits = String(scalar.value, radix: 16)
            result += "\\u" + String(repeating: "0", count: max(0, 4 - digits.utf8.count)) + digits
        default: result.unicodeScalars.append(scalar)
        }
    }
    return result
}

/// Control characters, line and paragraph separators, and what turns the direction of writing.
private func isControl(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0x00..<0x20, 0x7F..<0xA0, 0x2028...0x202E, 0x2066...0x2069: true
    default: false
    }
}

private func shortened(_ text: String) -> String {
    let scalars = text.unicodeScalars
    guard scalars.count > longestSentence else { return text }
    let head = longestSentence / 2
    let tail = longestSentence - head - 1
    return String(String.UnicodeScalarView(scalars.prefix(head))) + "…" + String(String.UnicodeScalarView(scalars.suffix(tail)))
}
