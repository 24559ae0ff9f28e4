/// Reads one value in the text format of GVariant, as it stands in the annotations `org.systemd.property.*`.
///
/// Numbers are `i` (or `d` with a point or an exponent) unless a type stands before them: `uint64 5`, `@t 5`. Texts are in `'` or `"`, lists in
/// brackets, structures in parentheses, dictionaries in braces, variants in `<` and `>`; `true`, `false` and `b'bytes'` are what they say.
/// What D-Bus cannot carry (`nothing`, `just`, `handle`) is refused. See GLib, "GVariant Text Format".
///
/// - Throws: `BusProblem` with what is wrong and where, counted in bytes from 1.
public func parseGVariant(_ text: String) throws(BusProblem) -> BusValue {
    var parser = GVariantParser(Array(text.utf8))
    let value = try parser.value(as: nil, depth: 0)
    try parser.finish()
    guard value.signature.utf8.count <= BusLimit.signature else { throw BusProblem("has a type of more than 255 letters") }
    return value
}

private struct GVariantParser {
    private let bytes: [UInt8]
    private var position = 0

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
    }

    mutating func finish() throws(BusProblem) {
        skipSpace()
        guard position == bytes.count else { throw problem("ends here for GVariant, but there is more") }
    }

    /// - Parameter type: the letters that the value has to have; `nil` where its own text decides.
    mutating func value(as type: String?, depth: Int) throws(BusProblem) -> BusValue {
        guard depth < BusLimit.depth else { throw problem("lies too deep") }
        skipSpace()
        guard let byte = peek else { throw problem("a value is missing") }
        switch byte {
        case UInt8(ascii: "["): return try list(as: type, depth: depth)
        case UInt8(ascii: "("): return try structure(as: type, depth: depth)
        case UInt8(ascii: "{"): return try dictionary(as: type, depth: depth)
        case UInt8(ascii: "<"):
            try check("v", type)
            position += 1
            let value = try value(as: nil, depth: depth + 1)
            try expect(UInt8(ascii: ">"))
            return .variant(value)
        case UInt8(ascii: "@"):
            position += 1
            let letters = try signature()
            try check(letters, type)
            return try value(as: letters, depth: depth + 1)
        case UInt8(ascii: "'"), UInt8(ascii: "\""): return try text(as: type)
        case UInt8(ascii: "b") where next == UInt8(ascii: "'") || next == UInt8(ascii: "\""):
            try check("ay", type)
            position += 1
            let content = try quoted()
            // A byte string ends with a zero in GVariant.
            return .array(element: "y", (content + [0]).map { .byte($0) })
        case UInt8(ascii: "a")...UInt8(ascii: "z") where !startsNumber: return try word(as: type, depth: depth)
        default: return try number(as: type)
        }
    }

    // MARK: Single values

    private mutating func word(as type: String?, depth: Int) throws(BusProblem) -> BusValue {
        let start = position
        while let byte = peek, isWordByte(byte) { position += 1 }
        let word = String(decoding: bytes[start..<position], as: UTF8.self)
        if word == "true" || word == "false" {
            try check("b", type)
            return .boolean(word == "true")
        }
        guard let letter = typeWords.first(where: { $0.word == word })?.letter else {
            position = start
            throw problem("no value begins with \(word.prefix(20))")
        }
        try check(letter, type)
        return try value(as: letter, depth: depth + 1)
    }

    private mutating func text(as type: String?) throws(BusProblem) -> BusValue {
        let start = position
        let content = try quoted()
        guard !content.contains(0) else { throw problem("a text with a zero byte") }
        let text = String(decoding: content, as: UTF8.self)
        switch type {
        case nil, "s": return .string(text)
        case "o":
            guard isObjectPath(content) else { throw problem("no object path") }
            return .objectPath(text)
        case "g":
            guard isSignature(content) else { throw problem("no signature") }
            return .signature(text)
        case let other?:
            position = start
            throw problem("a text where the type \(other) is wanted")
        }
    }

    private mutating func number(as type: String?) throws(BusProblem) -> BusValue {
        let start = position
        while let byte = peek, isNumberByte(byte) { position += 1 }
        let word = String(decoding: bytes[start..<position], as: UTF8.self)
        guard let value = numberValue(word, type) else {
            position = start
            throw problem(word.isEmpty ? "no value begins here" : "\(word.prefix(24)) is no number of the type \(type ?? "i")")
        }
        return value
    }

    /// The bytes between two quotation marks; the mark itself, control characters and Unicode behind a backslash.
    private mutating func quoted() throws(BusProblem) -> [UInt8] {
        let mark = peek
        position += 1
        var content: [UInt8] = []
        while let byte = peek {
            position += 1
            if byte == mark { return content }
            guard byte == UInt8(ascii: "\\") else {
                content.append(byte)
                continue
            }
            guard let escaped = peek else { break }
            position += 1
            switch escaped {
            case UInt8(ascii: "n"): content.append(UInt8(ascii: "\n"))
            case UInt8(ascii: "t"): content.append(UInt8(ascii: "\t"))
            case UInt8(ascii: "r"): content.append(UInt8(ascii: "\r"))
            case UInt8(ascii: "u"): content += try unicode(digits: 4)
            case UInt8(ascii: "U"): content += try unicode(digits: 8)
            default: content.append(escaped)
            }
        }
        throw problem("a text that does not end")
    }

    private mutating func unicode(digits: Int) throws(BusProblem) -> [UInt8] {
        let word = bytes[position...].prefix(digits)
        guard word.count == digits, let number = UInt32(String(decoding: word, as: UTF8.self), radix: 16),
            let scalar = Unicode.Scalar(number)
        else { throw problem("no Unicode character") }
        position += digits
        return Array(String(Character(scalar)).utf8)
    }

    // MARK: Values of values

    private mutating func list(as type: String?, depth: Int) throws(BusProblem) -> BusValue {
        guard type?.utf8.first ?? UInt8(ascii: "a") == UInt8(ascii: "a"), type?.utf8.dropFirst().first != UInt8(ascii: "{") else {
            throw problem("a list where the type \(type ?? "") is wanted")
        }
        var element = type.map { String($0.dropFirst()) }
        var values: [BusValue] = []
        position += 1
        while try !closes(UInt8(ascii: "]"), isFirst: values.isEmpty) {
            let value = try value(as: element, depth: depth + 1)
            element = value.signature
            values.append(value)
        }
        guard let element else { throw problem("an empty list needs its type before it, as in @as []") }
        return .array(element: element, values)
    }

    private mutating func structure(as type: String?, depth: Int) throws(BusProblem) -> BusValue {
        guard type?.utf8.first ?? UInt8(ascii: "(") == UInt8(ascii: "(") else {
            throw problem("a structure where the type \(type ?? "") is wanted")
        }
        var types = type.map { Array($0.utf8.dropFirst().dropLast())[...] }
        var members: [BusValue] = []
        position += 1
        while try !closes(UInt8(ascii: ")"), isFirst: members.isEmpty) {
            var wanted: String?
            if let rest = types {
                guard let length = busTypeLength(rest) else { throw problem("more members than the type \(type ?? "") has") }
                wanted = String(decoding: rest.prefix(length), as: UTF8.self)
                types = rest.dropFirst(length)
            }
            members.append(try value(as: wanted, depth: depth + 1))
        }
        guard !members.isEmpty, types?.isEmpty ?? true else { throw problem("a structure with too few members") }
        return .structure(members)
    }

    private mutating func dictionary(as type: String?, depth: Int) throws(BusProblem) -> BusValue {
        var wanted: (key: String, value: String)?
        if let type {
            let inner = Array(type.utf8.dropFirst(2).dropLast())[...]
            guard type.utf8.starts(with: "a{".utf8), let length = busTypeLength(inner) else {
                throw problem("a dictionary where the type \(type) is wanted")
            }
            wanted = (String(decoding: inner.prefix(length), as: UTF8.self), String(decoding: inner.dropFirst(length), as: UTF8.self))
        }
        var entries: [BusValue] = []
        position += 1
        while try !closes(UInt8(ascii: "}"), isFirst: entries.isEmpty) {
            let key = try value(as: wanted?.key, depth: depth + 1)
            guard key.signature.utf8.count == 1, key.signature != "v" else { throw problem("a key that is no single value") }
            try expect(UInt8(ascii: ":"))
            let value = try value(as: wanted?.value, depth: depth + 1)
            wanted = (key.signature, value.signature)
            entries.append(.entry(key: key, value: value))
        }
        guard let wanted else { throw problem("an empty dictionary needs its type before it, as in @a{sv} {}") }
        return .array(element: "{" + wanted.key + wanted.value + "}", entries)
    }

    /// Whether the closing letter comes next, which is taken then; else goes behind the comma that has to part two values.
    private mutating func closes(_ end: UInt8, isFirst: Bool) throws(BusProblem) -> Bool {
        skipSpace()
        if peek == end {
            position += 1
            return true
        }
        if isFirst { return false }
        try expect(UInt8(ascii: ","))
        skipSpace()
        // The comma behind the last member of a structure with one.
        guard peek == end else { return false }
        position += 1
        return true
    }

    // MARK: Bytes

    private var peek: UInt8? { position < bytes.count ? bytes[position] : nil }
    private var next: UInt8? { position + 1 < bytes.count ? bytes[position + 1] : nil }

    /// `inf` and `nan` are numbers that begin with a letter.
    private var startsNumber: Bool {
        bytes[position...].starts(with: "inf".utf8) || bytes[position...].starts(with: "nan".utf8)
    }

    private mutating func skipSpace() {
        while let byte = peek, byte == UInt8(ascii: " ") || (9...13).contains(byte) { position += 1 }
    }

    private mutating func expect(_ byte: UInt8) throws(BusProblem) {
        skipSpace()
        guard peek == byte else { throw problem("\(String(decoding: [byte], as: UTF8.self)) is missing") }
        position += 1
    }

    private mutating func signature() throws(BusProblem) -> String {
        guard let length = busTypeLength(bytes[position...].prefix(BusLimit.signature)) else { throw problem("no type behind the @") }
        defer { position += length }
        return String(decoding: bytes[position..<(position + length)], as: UTF8.self)
    }

    private func check(_ letters: String, _ wanted: String?) throws(BusProblem) {
        guard let wanted, wanted != letters else { return }
        throw problem("a value of the type \(letters) where \(wanted) is wanted")
    }

    private func problem(_ text: String) -> BusProblem {
        BusProblem("\(text) (byte \(position + 1))")
    }
}

private let typeWords: [(word: String, letter: String)] = [
    ("boolean", "b"), ("byte", "y"), ("int16", "n"), ("uint16", "q"), ("int32", "i"), ("uint32", "u"), ("int64", "x"), ("uint64", "t"),
    ("double", "d"), ("string", "s"), ("objectpath", "o"), ("signature", "g"),
]

private func isWordByte(_ byte: UInt8) -> Bool {
    (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte) || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
}

private func isNumberByte(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"): true
    case UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "."): true
    default: false
    }
}

private func numberValue(_ word: String, _ type: String?) -> BusValue? {
    switch type {
    case nil:
        if let number: Int32 = wholeNumber(word) { return .int32(number) }
        // A whole number that is too large is no fraction either.
        return word.utf8.contains(where: { $0 == UInt8(ascii: ".") || $0 == UInt8(ascii: "e") }) ? Double(word).map { .double($0) } : nil
    case "y": return (wholeNumber(word) as UInt8?).map { .byte($0) }
    case "n": return (wholeNumber(word) as Int16?).map { .int16($0) }
    case "q": return (wholeNumber(word) as UInt16?).map { .uint16($0) }
    case "i": return (wholeNumber(word) as Int32?).map { .int32($0) }
    case "u": return (wholeNumber(word) as UInt32?).map { .uint32($0) }
    case "x": return (wholeNumber(word) as Int64?).map { .int64($0) }
    case "t": return (wholeNumber(word) as UInt64?).map { .uint64($0) }
    case "d": return Double(word).map { .double($0) }
    default: return nil
    }
}

/// Decimal, hexadecimal behind `0x`, octal behind `0`.
private func wholeNumber<Number: FixedWidthInteger>(_ word: String) -> Number? {
    var digits = word[...]
    var sign = ""
    if digits.utf8.first == UInt8(ascii: "-") || digits.utf8.first == UInt8(ascii: "+") { sign = String(digits.removeFirst()) }
    if digits.utf8.starts(with: "0x".utf8) { return Number(sign + digits.dropFirst(2), radix: 16) }
    if digits.utf8.first == UInt8(ascii: "0"), digits.utf8.count > 1 { return Number(sign + digits.dropFirst(), radix: 8) }
    return Number(sign + digits, radix: 10)
}

private func isSignature(_ letters: [UInt8]) -> Bool {
    var rest = letters[...]
    while !rest.isEmpty {
        guard let length = busTypeLength(rest) else { return false }
        rest = rest.dropFirst(length)
    }
    return letters.count <= BusLimit.signature
}

/// `/`, or names of letters, digits and `_` behind a slash each.
private func isObjectPath(_ path: [UInt8]) -> Bool {
    guard path.first == UInt8(ascii: "/") else { return false }
    if path.count == 1 { return true }
    return path.dropFirst().split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false).allSatisfy { name in
        !name.isEmpty
            && name.allSatisfy { byte in
                byte == UInt8(ascii: "_") || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
                    || (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte) || (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte)
            }
    }
}
