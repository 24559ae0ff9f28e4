/// How large a text may be.
public struct JSONLimits: Sendable, Hashable {
    /// How many arrays and objects may be nested in each other. Parsing needs no stack for them, but a model that contains itself does.
    public var depth: Int

    /// How many bytes the text may have.
    public var size: Int

    /// Makes limits; what is left out is that of a configuration.
    public init(depth: Int = 128, size: Int = 16 << 20) {
        self.depth = depth
        self.size = size
    }

    /// The limits of a config.json: 128 levels, 16 MiB.
    public static var configuration: JSONLimits { JSONLimits() }
}

/// A key that stands in its object already. All are nodes.
struct DuplicateKey {
    let key: Int
    /// The first that is equal to it.
    let first: Int
    let object: Int
}

/// Turns bytes into the nodes of a `JSONTape`, in one pass, without recursion and without making a String.
///
/// Offsets, indices and counts fit 32 bits because the size is held below that; a node takes at least one byte of text.
struct JSONParser {
    private let bytes: [UInt8]
    private let limits: JSONLimits
    private(set) var nodes: [Node] = []
    /// The keys that occur for a second time, where they do not end the parsing; no more of them than was asked for.
    private(set) var duplicates: [DuplicateKey] = []
    /// Whether there are more of them.
    private(set) var hasMoreDuplicates = false
    private let mostDuplicates: Int
    private var offset = 0
    /// The innermost container not yet closed; `none` outside of all. Its `next` is its parent until it is closed.
    private var open = none
    private var depth = 0
    /// Whether a value is being read: an error then belongs to it and not to the container.
    private var isInValue = true

    private static let none = UInt32.max
    /// Up to this many keys of an object are compared with each other; more go through a hash table.
    private static let fewKeys = 16
    /// About one node for eight bytes in an indented text, one for three in a dense list of strings.
    private static let bytesPerNode = 8

    /// - Parameter mostDuplicates: how many keys that occur for a second time are noted; at none, the first ends the parsing.
    init(_ bytes: [UInt8], limits: JSONLimits, mostDuplicates: Int = 0) {
        self.bytes = bytes
        self.limits = limits
        self.mostDuplicates = mostDuplicates
    }

    mutating func parse() throws(JSONError) {
        let largest = min(limits.size, Int(UInt32.max) - 1)
        guard bytes.count <= largest else { throw failure("must have at most \(largest) bytes, has \(bytes.count)", at: 0) }
        nodes.reserveCapacity(bytes.count / Self.bytesPerNode + 1)
        try value()
        while open != Self.none {
            if nodes[Int(open)].kind == .object { try member() } else { try element() }
        }
        isInValue = false
        guard skipSpace() == 0, offset == bytes.count else { throw failure("must end here, found \(found(offset))", at: offset) }
    }

    // MARK: structure

    /// Reads a scalar, or opens a container, whose members `parse` then reads one by one.
    private mutating func value() throws(JSONError) {
        switch skipSpace() {
        case UInt8(ascii: "\""): try string()
        case UInt8(ascii: "{"): try enter(.object)
        case UInt8(ascii: "["): try enter(.array)
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): try number()
        case UInt8(ascii: "t"): try literal("true", .true)
        case UInt8(ascii: "f"): try literal("false", .false)
        case UInt8(ascii: "n"): try literal("null", .null)
        default: throw unexpected("a value")
        }
    }

    private mutating func enter(_ kind: Node.Kind) throws(JSONError) {
        guard depth < limits.depth else { throw failure("must be nested at most \(limits.depth) levels deep", at: offset) }
        depth += 1
        let index = UInt32(truncatingIfNeeded: nodes.count)
        nodes.append(Node(start: UInt32(truncatingIfNeeded: offset), end: 0, next: open, kind: kind))
        open = index
        isInValue = false
        offset += 1
    }

    private mutating func leave() {
        let index = Int(open)
        open = nodes[index].next
        nodes[index].next = UInt32(truncatingIfNeeded: nodes.count)
        depth -= 1
        offset += 1
    }

    /// Reads one member of the open object, or its end.
    private mutating func member() throws(JSONError) {
        let object = Int(open)
        isInValue = false
        var byte = skipSpace()
        if byte == UInt8(ascii: "}") {
            if Int(nodes[object].end) > Self.fewKeys { try findDuplicate(in: object) }
            return leave()
        }
        if nodes[object].end > 0 {
            guard byte == UInt8(ascii: ",") else { throw unexpected("\",\" or \"}\"") }
            let comma = offset
            offset += 1
            byte = skipSpace()
            guard byte != UInt8(ascii: "}") else { throw failure("must not have a comma before \"}\"", at: comma) }
        }
        guard byte == UInt8(ascii: "\"") else { throw unexpected("a key in double quotes") }
        let key = nodes.count
        try string()
        isInValue = true
        guard skipSpace() == UInt8(ascii: ":") else { throw unexpected("\":\"") }
        offset += 1
        if Int(nodes[object].end) < Self.fewKeys { try compareKey(key, in: object) }
        nodes[object].end += 1
        try value()
    }

    /// Reads one element of the open array, or its end.
    private mutating func element() throws(JSONError) {
        let array = Int(open)
        isInValue = false
        let byte = skipSpace()
        if byte == UInt8(ascii: "]") { return leave() }
        if nodes[array].end > 0 {
            guard byte == UInt8(ascii: ",") else { throw unexpected("\",\" or \"]\"") }
            let comma = offset
            offset += 1
            guard skipSpace() != UInt8(ascii: "]") else { throw failure("must not have a comma before \"]\"", at: comma) }
        }
        nodes[array].end += 1
        isInValue = true
        try value()
    }

    /// Goes to the next byte that is not white space and returns it; 0 at the end of the text, as NUL is allowed nowhere.
    private mutating func skipSpace() -> UInt8 {
        if peek() <= 0x20 { offset = spaceEnd(offset) }
        return peek()
    }

    private func spaceEnd(_ start: Int) -> Int {
        let rest = bytes.span.extracting(droppingFirst: start)
        var count = 0
        while count < rest.count {
            let byte = rest[count]
            guard byte == 0x20 || byte == 0x0A || byte == 0x09 || byte == 0x0D else { break }
            count += 1
        }
        return start + count
    }

    private mutating func append(_ kind: Node.Kind, from start: Int) {
        let next = UInt32(truncatingIfNeeded: nodes.count + 1)
        nodes.append(Node(start: UInt32(truncatingIfNeeded: start), end: UInt32(truncatingIfNeeded: offset), next: next, kind: kind))
    }

    // MARK: scalars

    private mutating func literal(_ word: StaticString, _ kind: Node.Kind) throws(JSONError) {
        let start = offset
        for byte in word.description.utf8 {
            guard offset < bytes.count, bytes[offset] == byte else { throw unexpected("\(word)") }
            offset += 1
        }
        append(kind, from: start)
    }

    private mutating func number() throws(JSONError) {
        let start = offset
        var kind = Node.Kind.integer
        if bytes[offset] == UInt8(ascii: "-") { offset += 1 }
        if peek() == UInt8(ascii: "0") {
            offset += 1
            guard !isDigit(peek()) else { throw failure("must not have a leading zero", at: start) }
        } else {
            try digits()
        }
        if peek() == UInt8(ascii: ".") {
            kind = .decimal
            offset += 1
            try digits()
        }
        if peek() | 0x20 == UInt8(ascii: "e") {
            kind = .decimal
            offset += 1
            if peek() == UInt8(ascii: "+") || peek() == UInt8(ascii: "-") { offset += 1 }
            try digits()
        }
        append(kind, from: start)
    }

    private mutating func digits() throws(JSONError) {
        guard isDigit(peek()) else { throw unexpected("a digit") }
        while isDigit(peek()) { offset += 1 }
    }

    private func peek() -> UInt8 { offset < bytes.count ? bytes[offset] : 0 }

    private func isDigit(_ byte: UInt8) -> Bool { byte &- UInt8(ascii: "0") < 10 }

    /// Reads a string, key or value; `offset` stands on its opening quote.
    private mutating func string() throws(JSONError) {
        let start = offset
        var kind = Node.Kind.string
        var i = plainEnd(start + 1)
        while i < bytes.count {
            let byte = bytes[i]
            if byte == UInt8(ascii: "\"") {
                offset = i + 1
                return append(kind, from: start)
            }
            if byte == UInt8(ascii: "\\") {
                kind = .escapedString
                i += try escapeLength(at: i)
            } else {
                guard byte >= 0x80 else { throw failure(controlCharacterRule(byte), at: i) }
                i += try sequenceLength(at: i)
            }
            i = plainEnd(i)
        }
        throw failure("unexpected end of input", at: bytes.count)
    }

    /// Where the bytes that stand for themselves end: ASCII, neither control character nor quote nor backslash.
    private func plainEnd(_ start: Int) -> Int {
        let rest = bytes.span.extracting(droppingFirst: start)
        var count = 0
        while count < rest.count {
            let byte = Int8(bitPattern: rest[count])  // signed, so that one comparison tells small letters
            guard byte > 0x5C || byte >= 0x20 && byte != 0x22 && byte != 0x5C else { break }
            count += 1
        }
        return start + count
    }

    @inline(never)
    private func controlCharacterRule(_ byte: UInt8) -> String {
        switch byte {
        case 0: "must not contain the NUL character"
        case 0x0A, 0x0D: "must not contain a line break (is a closing quote missing?)"
        default: "must not contain the control character \(hexadecimal(byte)) unescaped"
        }
    }

    /// The length of the escape at `i`, two escapes if they are a surrogate pair.
    @inline(never)
    private func escapeLength(at i: Int) throws(JSONError) -> Int {
        guard i + 1 < bytes.count else { throw failure("unexpected end of input", at: bytes.count) }
        switch bytes[i + 1] {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"), UInt8(ascii: "b"), UInt8(ascii: "f"), UInt8(ascii: "n"),
            UInt8(ascii: "r"), UInt8(ascii: "t"):
            return 2
        case UInt8(ascii: "u"): break
        default: throw failure("must not contain the unknown escape \(excerpt(i, 2))", at: i)
        }
        guard let unit = hexadecimalUnit(bytes, i) else {
            guard i + 6 <= bytes.count else { throw failure("unexpected end of input", at: bytes.count) }
            throw failure("must have four hexadecimal digits after \\u, has \(excerpt(i, 6))", at: i)
        }
        guard unit != 0 else { throw failure("must not contain the NUL character", at: i) }
        guard (0xD800..<0xE000).contains(unit) else { return 6 }
        guard unit < 0xDC00, let low = hexadecimalUnit(bytes, i + 6), (0xDC00..<0xE000).contains(low) else {
            throw failure("must not contain the lone surrogate \(excerpt(i, 6))", at: i)
        }
        return 12
    }

    /// The length of the UTF-8 sequence at `i`, whose first byte is not ASCII. See RFC 3629, section 4.
    @inline(never)
    private func sequenceLength(at i: Int) throws(JSONError) -> Int {
        let first = bytes[i]
        let length: Int
        var second: ClosedRange<UInt8> = 0x80...0xBF
        switch first {
        case 0xC2...0xDF: length = 2
        case 0xE0: (length, second) = (3, 0xA0...0xBF)  // not overlong
        case 0xED: (length, second) = (3, 0x80...0x9F)  // not a surrogate
        case 0xE1...0xEF: length = 3
        case 0xF0: (length, second) = (4, 0x90...0xBF)  // not overlong
        case 0xF4: (length, second) = (4, 0x80...0x8F)  // not above U+10FFFF
        case 0xF1...0xF3: length = 4
        default: throw failure("must be UTF-8, has the byte \(hexadecimal(first))", at: i)
        }
        for k in 1..<length {
            guard i + k < bytes.count else { throw failure("unexpected end of input", at: bytes.count) }
            guard k == 1 ? second.contains(bytes[i + k]) : bytes[i + k] & 0xC0 == 0x80 else {
                throw failure("must be UTF-8, has the byte \(hexadecimal(first)) followed by \(hexadecimal(bytes[i + k]))", at: i)
            }
        }
        return length
    }

    // MARK: duplicates

    /// Compares a key with all before it in a small object.
    private mutating func compareKey(_ key: Int, in object: Int) throws(JSONError) {
        var other = object + 1
        while other < key {
            guard !isSameKey(bytes, nodes[other], nodes[key]) else { return try refuse(key, first: other, in: object) }
            other = Int(nodes[other + 1].next)
        }
    }

    /// Looks for two equal keys in an object of many, in time proportional to its size whatever the keys are: the hash's seed is secret.
    private mutating func findDuplicate(in object: Int) throws(JSONError) {
        let capacity = keyTableCapacity(Int(nodes[object].end))
        var table = [UInt32](repeating: 0, count: capacity)  // 0 is free: a key is never the first node
        var key = object + 1
        var index = 0
        while key < nodes.count {
            var slot = keyHash(bytes, nodes[key]) & (capacity - 1)
            while table[slot] != 0 {
                if isSameKey(bytes, nodes[Int(table[slot])], nodes[key]) { break }
                slot = (slot + 1) & (capacity - 1)
            }
            if table[slot] == 0 {
                table[slot] = UInt32(truncatingIfNeeded: key)
            } else if index >= Self.fewKeys {  // the first few were compared when they were read
                try refuse(key, first: Int(table[slot]), in: object)
            }
            key = Int(nodes[key + 1].next)
            index += 1
        }
    }

    @inline(never)
    private mutating func refuse(_ key: Int, first: Int, in object: Int) throws(JSONError) {
        guard mostDuplicates > 0 else {
            throw failure("duplicate key \(quoted(stringValue(bytes, nodes[key])))", at: Int(nodes[key].start), isInValue: false)
        }
        guard duplicates.count < mostDuplicates else { return hasMoreDuplicates = true }
        duplicates.append(DuplicateKey(key: key, first: first, object: object))
    }

    // MARK: errors

    @inline(never)
    private func unexpected(_ wanted: String) -> JSONError {
        guard offset < bytes.count else { return failure("unexpected end of input", at: offset) }
        if offset == 0, bytes.starts(with: [0xEF, 0xBB, 0xBF]) { return failure("must not begin with a byte order mark", at: 0) }
        if bytes[offset] == UInt8(ascii: "/") || bytes[offset] == UInt8(ascii: "#") {
            return failure("must have \(wanted) here, found \(found(offset)) (JSON has no comments)", at: offset)
        }
        return failure("must have \(wanted) here, found \(found(offset))", at: offset)
    }

    /// Makes the error; its pointer comes from a tape of what has been read, all containers closed and the value begun standing as null.
    @inline(never)
    private func failure(_ rule: String, at offset: Int, isInValue: Bool? = nil) -> JSONError {
        var nodes = nodes
        var place = Int(open)
        if (isInValue ?? self.isInValue) || open == Self.none {
            place = open == Self.none ? 0 : nodes.count
            let next = UInt32(truncatingIfNeeded: nodes.count + 1)
            nodes.append(Node(start: UInt32(truncatingIfNeeded: offset), end: 0, next: next, kind: .null))
        }
        var container = open
        while container != Self.none {
            let parent = nodes[Int(container)].next
            nodes[Int(container)].next = UInt32(truncatingIfNeeded: nodes.count)
            container = parent
        }
        return JSONTape(bytes, nodes: nodes).error(rule, at: place, offset: offset)
    }

    /// The byte at `i` for a message: as a character if it is one, else as a number.
    private func found(_ i: Int) -> String {
        (0x21...0x7E).contains(bytes[i]) ? quoted(String(UnicodeScalar(bytes[i]))) : "the byte \(hexadecimal(bytes[i]))"
    }

    /// An escape as it stands in the text.
    private func excerpt(_ i: Int, _ length: Int) -> String {
        "\"" + escapedForMessage(String(decoding: bytes[i..<min(i + length, bytes.count)], as: UTF8.self), isQuoted: false) + "\""
    }

    private func hexadecimal(_ byte: UInt8) -> String { "0x" + (byte < 16 ? "0" : "") + String(byte, radix: 16) }
}
