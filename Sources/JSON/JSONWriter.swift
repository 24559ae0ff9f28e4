/// How a written text is laid out.
public enum JSONIndentation: Sendable, Hashable {
    /// One line without spaces.
    case compact
    /// One member or element a line, indented by this many spaces a level.
    case spaces(Int)
    /// One member or element a line, indented by one tab a level.
    case tab
}

/// Writes a JSON text in the order of the calls, formatted as Go's encoding/json does it: what `runc` prints, byte for byte.
///
/// `<`, `>` and `&` are written as `\u003c`, `\u003e` and `\u0026`, U+2028 and U+2029 as escapes, all other text outside of ASCII as it is.
/// No line break at the end.
///
///     var json = JSONWriter(indentation: .spaces(2))
///     json.object { json in
///         json.member("ociVersion", "1.3.0")
///         json.member("pid", 42)
///         json.array("fds") { json in json.element("seccompFd") }
///     }
///
/// Members belong in objects and elements in arrays or at the top; the caller sees to that and to keys that differ.
public struct JSONWriter: Sendable {
    /// What has been written so far.
    public private(set) var bytes: [UInt8] = []

    private let indentation: JSONIndentation
    private var depth = 0
    private var isFirst = true
    private var isBehindKey = false

    /// Makes a writer that has written nothing yet.
    public init(indentation: JSONIndentation = .compact) {
        self.indentation = indentation
    }

    /// What has been written so far, as text.
    public var text: String { String(decoding: bytes, as: UTF8.self) }

    // MARK: elements, and the value at the top

    /// Writes a string.
    public mutating func element(_ value: String) {
        separate()
        append(quoting: value)
    }

    /// Writes `true` or `false`.
    public mutating func element(_ value: Bool) { element(literal: value ? "true" : "false") }

    /// Writes an integer.
    public mutating func element(_ value: some FixedWidthInteger) { element(literal: String(value)) }

    /// Writes `null`.
    public mutating func null() { element(literal: "null") }

    /// Writes an object with the members that `members` writes.
    public mutating func object(_ members: (inout JSONWriter) -> Void) { enclose("{", "}", members) }

    /// Writes an array with the elements that `elements` writes.
    public mutating func array(_ elements: (inout JSONWriter) -> Void) { enclose("[", "]", elements) }

    // MARK: members

    /// Writes a member that is a string.
    public mutating func member(_ key: String, _ value: String) {
        begin(key)
        element(value)
    }

    /// Writes a member that is `true` or `false`.
    public mutating func member(_ key: String, _ value: Bool) {
        begin(key)
        element(value)
    }

    /// Writes a member that is an integer.
    public mutating func member(_ key: String, _ value: some FixedWidthInteger) {
        begin(key)
        element(value)
    }

    /// Writes a member whose value is given as JSON text: a number in the form that its readers expect.
    public mutating func member(_ key: String, literal: String) {
        begin(key)
        element(literal: literal)
    }

    /// Writes a member that is an array of strings.
    public mutating func member(_ key: String, _ values: [String]) {
        array(key) { json in
            for value in values { json.element(value) }
        }
    }

    /// Writes a member that is an object of strings, sorted by key as Go sorts a map: byte by byte.
    public mutating func member(_ key: String, _ values: [String: String]) {
        object(key) { json in
            for (key, value) in values.sorted(by: { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }) { json.member(key, value) }
        }
    }

    /// Writes a member that is `null`.
    public mutating func null(_ key: String) {
        begin(key)
        null()
    }

    /// Writes a member that is an object.
    public mutating func object(_ key: String, _ members: (inout JSONWriter) -> Void) {
        begin(key)
        object(members)
    }

    /// Writes a member that is an array.
    public mutating func array(_ key: String, _ elements: (inout JSONWriter) -> Void) {
        begin(key)
        array(elements)
    }

    // MARK: parts

    /// Writes the key of a member; what is written next is its value.
    mutating func begin(_ key: String) {
        element(key)
        append(indentation == .compact ? ":" : ": ")
        isBehindKey = true
    }

    /// Writes a number or a name.
    mutating func element(literal: String) {
        separate()
        append(literal)
    }

    private mutating func enclose(_ opening: String, _ closing: String, _ content: (inout JSONWriter) -> Void) {
        separate()
        append(opening)
        depth += 1
        isFirst = true
        content(&self)
        depth -= 1
        if !isFirst { breakLine() }
        append(closing)
        isFirst = false
    }

    /// Writes what stands in front of a key or an element: nothing at the top, nothing between a key and its value.
    private mutating func separate() {
        defer { (isFirst, isBehindKey) = (false, false) }
        guard depth > 0, !isBehindKey else { return }
        if !isFirst { append(",") }
        breakLine()
    }

    private mutating func breakLine() {
        let (unit, count): (UInt8, Int)
        switch indentation {
        case .compact: return
        case .spaces(let width): (unit, count) = (UInt8(ascii: " "), max(0, width) * depth)
        case .tab: (unit, count) = (UInt8(ascii: "\t"), depth)
        }
        append("\n")
        bytes.append(contentsOf: repeatElement(unit, count: count))
    }

    private mutating func append(_ text: String) { bytes.append(contentsOf: text.utf8) }

    private mutating func append(quoting text: String) {
        bytes.append(UInt8(ascii: "\""))
        let units = text.utf8Span.span
        for i in units.indices {
            let byte = units[i]
            switch byte {
            case UInt8(ascii: "\""): append("\\\"")
            case UInt8(ascii: "\\"): append("\\\\")
            case 0x08: append("\\b")
            case 0x0C: append("\\f")
            case 0x0A: append("\\n")
            case 0x0D: append("\\r")
            case 0x09: append("\\t")
            case 0x00..<0x20, UInt8(ascii: "<"), UInt8(ascii: ">"), UInt8(ascii: "&"): appendEscape(UInt16(byte))
            // U+2028 and U+2029 are E2 80 A8 and E2 80 A9; their first two bytes were written already.
            case 0xA8...0xA9 where i >= 2 && units[i - 1] == 0x80 && units[i - 2] == 0xE2:
                bytes.removeLast(2)
                appendEscape(0x2028 + UInt16(byte & 1))
            default: bytes.append(byte)
            }
        }
        bytes.append(UInt8(ascii: "\""))
    }

    private mutating func appendEscape(_ unit: UInt16) {
        append("\\u")
        for shift in [12, 8, 4, 0] {
            let digit = UInt8(truncatingIfNeeded: unit >> UInt16(shift)) & 0xF
            bytes.append(digit + (digit < 10 ? UInt8(ascii: "0") : UInt8(ascii: "a") - 10))
        }
    }
}
