/// Why a JSON text, or a value in it, is refused, and where.
///
/// Printed as `41:5: mounts[3].destination: must be a string, is a number`; the caller puts the file's name in front.
public struct JSONError: Error, Sendable, Hashable, CustomStringConvertible {
    /// What must hold and what is there instead: lower case, no full stop, one line.
    public let rule: String

    /// The value concerned: `linux.resources.memory.limit`, `mounts[3].destination`, `annotations["a.b/c"]`. Empty for the whole text.
    ///
    /// A key that is missing is named although it has no place; line and column are then those of the object that should have it.
    public let pointer: String

    /// Where the error was found, in bytes from the start of the text.
    public let offset: Int

    /// The line of `offset`, counted from 1; 0 if there is no text (an error while encoding).
    public let line: Int

    /// The place in that line, in bytes (not characters) and counted from 1; 0 if there is no text.
    public let column: Int

    /// Makes an error from its parts; without a place, `description` begins with the pointer.
    public init(rule: String, pointer: String, offset: Int = 0, line: Int = 0, column: Int = 0) {
        self.rule = rule
        self.pointer = pointer
        self.offset = offset
        self.line = line
        self.column = column
    }

    /// Line, column, pointer and rule in one line; a very long pointer is cut in its middle.
    public var description: String {
        var text = line > 0 ? "\(line):\(column): " : ""
        if !pointer.isEmpty { text += shortened(pointer, to: longestPointerShown) + ": " }
        return text + rule
    }
}

/// How much of a pointer and of a value a message shows; together with the rule they stay below the 400 characters of a log line.
private let longestPointerShown = 160
private let longestValueShown = 64

/// Cuts a text in its middle, so that both its beginning and its end can be recognised.
public func shortened(_ text: String, to limit: Int) -> String {
    let scalars = text.unicodeScalars
    guard scalars.count > limit else { return text }
    return String(String.UnicodeScalarView(scalars.prefix(limit / 2))) + "…" + String(String.UnicodeScalarView(scalars.suffix(limit / 2)))
}

/// Quotes user input for a message: escaped so that it stays on one line and cannot steer a terminal, and cut if it is long.
public func quoted(_ text: String) -> String {
    "\"" + shortened(escapedForMessage(text), to: longestValueShown) + "\""
}

/// Escapes what breaks a line or steers a terminal and, in a quoted text, what ends it.
public func escapedForMessage(_ text: String, isQuoted: Bool = true) -> String {
    var result = ""
    for scalar in text.unicodeScalars {
        switch scalar.value {
        case 0x22 where isQuoted: result += "\\\""
        case 0x5C where isQuoted: result += "\\\\"
        case 0x00..<0x20, 0x7F..<0xA0, 0x2028, 0x2029:
            let digits = String(scalar.value, radix: 16)
            result += "\\u" + String(repeating: "0", count: max(0, 4 - digits.utf8.count)) + digits
        default: result.unicodeScalars.append(scalar)
        }
    }
    return result
}

/// Makes text from elsewhere fit a message: no line breaks, no full stop, not too long.
func oneLine(_ text: String) -> String {
    let line = escapedForMessage(text, isQuoted: false)
    return shortened(line.hasSuffix(".") ? String(line.dropLast()) : line, to: 200)
}
