/// Decodes a model from a JSON text: `let spec = try JSON.decode(Spec.self, from: bytes)`.
///
/// - Throws: `JSONError`, whether the text is no JSON, a value has another type than the model, a number does not fit or the model itself refuses.
///
/// Keys the model does not know are ignored; `null` counts as absent for an optional property. Integers never pass through floating point:
/// `1.0` and `1e3` are refused for them. A `DecodingError` that a model throws becomes a `JSONError` at its coding path, with its
/// `debugDescription` as the rule.
public func decode<T: Decodable>(_ type: T.Type, from bytes: [UInt8], limits: JSONLimits = .configuration) throws(JSONError) -> T {
    try decode(type, from: JSONTape(parsing: bytes, limits: limits))
}

/// Decodes a model from a text that is parsed already, for callers who also ask the tape for positions.
public func decode<T: Decodable>(_ type: T.Type, from tape: JSONTape) throws(JSONError) -> T {
    do { return try tape.value(type, at: 0) } catch { throw tape.jsonError(error) }
}

/// A node seen as a `Decoder`, and as the container of a single value. It fits an existential without an allocation.
struct TapeDecoder: Decoder {
    let tape: JSONTape
    let node: Int

    /// Not kept while decoding: whoever asks has it derived from the node.
    var codingPath: [any CodingKey] { tape.steps(to: node) }
    var userInfo: [CodingUserInfoKey: Any] { [:] }

    func container<Key: CodingKey>(keyedBy type: Key.Type) throws -> KeyedDecodingContainer<Key> {
        KeyedDecodingContainer(try KeyedTape(tape, object: node))
    }

    func unkeyedContainer() throws -> any UnkeyedDecodingContainer { try UnkeyedTape(tape, array: node) }

    func singleValueContainer() throws -> any SingleValueDecodingContainer { self }
}

// MARK: values

extension JSONTape {
    func isNull(_ node: Int) -> Bool { nodes[node].kind == .null }

    /// The text of a node known to be a string.
    func string(_ node: Int) -> String { stringValue(bytes, nodes[node]) }

    func requiredString(_ node: Int) throws(JSONError) -> String {
        let value = nodes[node]
        guard value.kind == .string || value.kind == .escapedString else { throw mismatch("a string", node) }
        return stringValue(bytes, value)
    }

    func bool(_ node: Int) throws(JSONError) -> Bool {
        switch nodes[node].kind {
        case .true: return true
        case .false: return false
        default: throw mismatch("true or false", node)
        }
    }

    func integer<T: FixedWidthInteger>(_ node: Int) throws(JSONError) -> T {
        let (isNegative, magnitude) = try digits(node)
        if let magnitude {
            if !isNegative, let value = T(exactly: magnitude) { return value }
            if isNegative, magnitude <= Int64.min.magnitude, let value = T(exactly: Int64(truncatingIfNeeded: 0 &- magnitude)) {
                return value
            }
        }
        throw error("must be \(T.min) to \(T.max), is \(numberText(node))", at: node)
    }

    /// Sign and digits of an integer; no magnitude if it needs more than 64 bits.
    private func digits(_ node: Int) throws(JSONError) -> (isNegative: Bool, magnitude: UInt64?) {
        let value = nodes[node]
        guard value.kind == .integer else {
            guard value.kind == .decimal else { throw mismatch("an integer", node) }
            throw error("must be an integer without fraction or exponent, is \(numberText(node))", at: node)
        }
        var i = Int(value.start)
        let isNegative = bytes[i] == UInt8(ascii: "-")
        if isNegative { i += 1 }
        var magnitude: UInt64 = 0
        while i < Int(value.end) {
            let (product, overflow) = magnitude.multipliedReportingOverflow(by: 10)
            let (sum, carry) = product.addingReportingOverflow(UInt64(bytes[i] &- UInt8(ascii: "0")))
            guard !overflow, !carry else { return (isNegative, nil) }
            magnitude = sum
            i += 1
        }
        return (isNegative, magnitude)
    }

    func floatingPoint<T: BinaryFloatingPoint & LosslessStringConvertible>(_ node: Int) throws(JSONError) -> T {
        let value = nodes[node]
        guard value.kind == .integer || value.kind == .decimal else { throw mismatch("a number", node) }
        guard let number = T(text(node)), number.isFinite else {
            let largest = T.greatestFiniteMagnitude
            throw error("must be \(-largest) to \(largest), is \(numberText(node))", at: node)
        }
        return number
    }

    private func text(_ node: Int) -> String { String(decoding: bytes[Int(nodes[node].start)..<Int(nodes[node].end)], as: UTF8.self) }

    private func numberText(_ node: Int) -> String { shortened(text(node), to: 40) }

    /// Any other type, by its own `init(from:)`.
    func value<T: Decodable>(_ type: T.Type, at node: Int) throws -> T {
        // Array and Dictionary would fetch each String through two existential containers; these two types are most of a config.json.
        if T.self == [String].self, let strings = try strings(node) as? T { return strings }
        if T.self == [String: String].self, let strings = try stringsByKey(node) as? T { return strings }
        return try T(from: TapeDecoder(tape: self, node: node))
    }

    private func strings(_ array: Int) throws(JSONError) -> [String] {
        guard nodes[array].kind == .array else { throw mismatch("an array", array) }
        var strings: [String] = []
        strings.reserveCapacity(Int(nodes[array].end))
        var node = array + 1
        while node < Int(nodes[array].next) {
            strings.append(try requiredString(node))
            node = Int(nodes[node].next)
        }
        return strings
    }

    private func stringsByKey(_ object: Int) throws(JSONError) -> [String: String] {
        guard nodes[object].kind == .object else { throw mismatch("an object", object) }
        var strings: [String: String] = [:]
        var key = object + 1
        while key < Int(nodes[object].next) {
            strings[string(key)] = try requiredString(key + 1)
            key = Int(nodes[key + 1].next)
        }
        return strings
    }
}

// MARK: containers

/// An object seen as a keyed container.
private struct KeyedTape<Key: CodingKey>: KeyedDecodingContainerProtocol {
    private let tape: JSONTape
    private let object: Int
    /// Remembers in a large object where the last search ended. A dictionary asks for its keys in their order, which would else take quadratic time.
    private let cursor: Cursor?

    private final class Cursor {
        var key: Int
        init(key: Int) { self.key = key }
    }

    /// Objects with at most this many members are searched from their beginning.
    private static var fewMembers: Int { 16 }

    init(_ tape: JSONTape, object: Int) throws(JSONError) {
        guard tape.nodes[object].kind == .object else { throw tape.mismatch("an object", object) }
        self.tape = tape
        self.object = object
        cursor = Int(tape.nodes[object].end) > Self.fewMembers ? Cursor(key: object + 1) : nil
    }

    var codingPath: [any CodingKey] { tape.steps(to: object) }

    var allKeys: [Key] {
        var keys: [Key] = []
        var key = object + 1
        while key < Int(tape.nodes[object].next) {
            if let known = Key(stringValue: tape.string(key)) { keys.append(known) }
            key = Int(tape.nodes[key + 1].next)
        }
        return keys
    }

    func contains(_ key: Key) -> Bool { find(key) != nil }

    func decodeNil(forKey key: Key) throws -> Bool { tape.isNull(try required(key)) }

    private func find(_ key: Key) -> Int? {
        let name = key.stringValue
        guard let cursor else { return tape.member(name.utf8Span.span, of: object) }
        let value = tape.member(name.utf8Span.span, of: object, from: cursor.key)
        if let value { cursor.key = Int(tape.nodes[value].next) }
        return value
    }

    private func required(_ key: Key) throws(JSONError) -> Int {
        guard let node = find(key) else { throw missing(key) }
        return node
    }

    /// The value, unless it is absent or null.
    private func present(_ key: Key) -> Int? {
        guard let node = find(key), !tape.isNull(node) else { return nil }
        return node
    }

    /// A key that the model does not know and that resembles the missing one is named: it may be misspelt.
    private func missing(_ key: Key) -> JSONError {
        let unknown = tape.keys(of: object, atMost: 64).filter { Key(stringValue: $0) == nil }
        let hint = neighbour(of: key.stringValue, among: unknown).map { " (is \(quoted($0)) misspelt?)" } ?? ""
        return tape.error("is missing" + hint, at: object, missing: key.stringValue)
    }

    func decode(_ type: Bool.Type, forKey key: Key) throws -> Bool { try tape.bool(required(key)) }
    func decode(_ type: String.Type, forKey key: Key) throws -> String { try tape.requiredString(required(key)) }
    func decode(_ type: Double.Type, forKey key: Key) throws -> Double { try tape.floatingPoint(required(key)) }
    func decode(_ type: Float.Type, forKey key: Key) throws -> Float { try tape.floatingPoint(required(key)) }
    func decode(_ type: Int.Type, forKey key: Key) throws -> Int { try tape.integer(required(key)) }
    func decode(_ type: Int8.Type, forKey key: Key) throws -> Int8 { try tape.integer(required(key)) }
    func decode(_ type: Int16.Type, forKey key: Key) throws -> Int16 { try tape.integer(required(key)) }
    func decode(_ type: Int32.Type, forKey key: Key) throws -> Int32 { try tape.integer(required(key)) }
    func decode(_ type: Int64.Type, forKey key: Key) throws -> Int64 { try tape.integer(required(key)) }
    func decode(_ type: UInt.Type, forKey key: Key) throws -> UInt { try tape.integer(required(key)) }
    func decode(_ type: UInt8.Type, forKey key: Key) throws -> UInt8 { try tape.integer(required(key)) }
    func decode(_ type: UInt16.Type, forKey key: Key) throws -> UInt16 { try tape.integer(required(key)) }
    func decode(_ type: UInt32.Type, forKey key: Key) throws -> UInt32 { try tape.integer(required(key)) }
    func decode(_ type: UInt64.Type, forKey key: Key) throws -> UInt64 { try tape.integer(required(key)) }
    func decodeIfPresent(_ type: Bool.Type, forKey key: Key) throws -> Bool? { try present(key).map { try tape.bool($0) } }
    func decodeIfPresent(_ type: String.Type, forKey key: Key) throws -> String? { try present(key).map { try tape.requiredString($0) } }
    func decodeIfPresent(_ type: Double.Type, forKey key: Key) throws -> Double? { try present(key).map { try tape.floatingPoint($0) } }
    func decodeIfPresent(_ type: Float.Type, forKey key: Key) throws -> Float? { try present(key).map { try tape.floatingPoint($0) } }
    func decodeIfPresent(_ type: Int.Type, forKey key: Key) throws -> Int? { try present(key).map { try tape.integer($0) } }
    func decodeIfPresent(_ type: Int8.Type, forKey key: Key) throws -> Int8? { try present(key).map { try tape.integer($0) } }
    func decodeIfPresent(_ type: Int16.Type, forKey key: Key) throws -> Int16? { try present(key).map { try tape.integer($0) } }
    func decodeIfPresent(_ type: Int32.Type, forKey key: Key) throws -> Int32? { try present(key).map { try tape.integer($0) } }
    func decodeIfPresent(_ type: Int64.Type, forKey key: Key) throws -> Int64? { try present(key).map { try tape.integer($0) } }
    func decodeIfPresent(_ type: UInt.Type, forKey key: Key) throws -> UInt? { try present(key).map { try tape.integer($0) } }
    func decodeIfPresent(_ type: UInt8.Type, forKey key: Key) throws -> UInt8? { try present(key).map { try tape.integer($0) } }
    func decodeIfPresent(_ type: UInt16.Type, forKey key: Key) throws -> UInt16? { try present(key).map { try tape.integer($0) } }
    func decodeIfPresent(_ type: UInt32.Type, forKey key: Key) throws -> UInt32? { try present(key).map { try tape.integer($0) } }
    func decodeIfPresent(_ type: UInt64.Type, forKey key: Key) throws -> UInt64? { try present(key).map { try tape.integer($0) } }

    func decode<T: Decodable>(_ type: T.Type, forKey key: Key) throws -> T { try tape.value(type, at: required(key)) }
    func decodeIfPresent<T: Decodable>(_ type: T.Type, forKey key: Key) throws -> T? {
        try present(key).map { try tape.value(type, at: $0) }
    }

    func nestedContainer<Nested: CodingKey>(keyedBy type: Nested.Type, forKey key: Key) throws -> KeyedDecodingContainer<Nested> {
        KeyedDecodingContainer(try KeyedTape<Nested>(tape, object: required(key)))
    }
    func nestedUnkeyedContainer(forKey key: Key) throws -> any UnkeyedDecodingContainer { try UnkeyedTape(tape, array: required(key)) }
    func superDecoder() throws -> any Decoder { TapeDecoder(tape: tape, node: tape.member("super".utf8Span.span, of: object) ?? object) }
    func superDecoder(forKey key: Key) throws -> any Decoder { TapeDecoder(tape: tape, node: try required(key)) }
}

/// An array seen as an unkeyed container.
private struct UnkeyedTape: UnkeyedDecodingContainer {
    private let tape: JSONTape
    private let array: UInt32
    private var node: UInt32
    private var index: UInt32 = 0

    init(_ tape: JSONTape, array: Int) throws(JSONError) {
        guard tape.nodes[array].kind == .array else { throw tape.mismatch("an array", array) }
        self.tape = tape
        self.array = UInt32(truncatingIfNeeded: array)
        node = self.array + 1
    }

    var codingPath: [any CodingKey] { tape.steps(to: Int(array)) }
    var count: Int? { Int(tape.nodes[Int(array)].end) }
    var currentIndex: Int { Int(index) }
    var isAtEnd: Bool { node >= tape.nodes[Int(array)].next }

    /// The node to decode now; the container moves on to the one behind it.
    private mutating func next() throws(JSONError) -> Int {
        guard !isAtEnd else { throw tape.error("must have more than \(index) elements", at: Int(array)) }
        let current = Int(node)
        node = tape.nodes[current].next
        index += 1
        return current
    }

    mutating func decodeNil() throws -> Bool {
        guard !isAtEnd, tape.isNull(Int(node)) else { return false }
        _ = try next()
        return true
    }

    mutating func decode(_ type: Bool.Type) throws -> Bool { try tape.bool(next()) }
    mutating func decode(_ type: String.Type) throws -> String { try tape.requiredString(next()) }
    mutating func decode(_ type: Double.Type) throws -> Double { try tape.floatingPoint(next()) }
    mutating func decode(_ type: Float.Type) throws -> Float { try tape.floatingPoint(next()) }
    mutating func decode(_ type: Int.Type) throws -> Int { try tape.integer(next()) }
    mutating func decode(_ type: Int8.Type) throws -> Int8 { try tape.integer(next()) }
    mutating func decode(_ type: Int16.Type) throws -> Int16 { try tape.integer(next()) }
    mutating func decode(_ type: Int32.Type) throws -> Int32 { try tape.integer(next()) }
    mutating func decode(_ type: Int64.Type) throws -> Int64 { try tape.integer(next()) }
    mutating func decode(_ type: UInt.Type) throws -> UInt { try tape.integer(next()) }
    mutating func decode(_ type: UInt8.Type) throws -> UInt8 { try tape.integer(next()) }
    mutating func decode(_ type: UInt16.Type) throws -> UInt16 { try tape.integer(next()) }
    mutating func decode(_ type: UInt32.Type) throws -> UInt32 { try tape.integer(next()) }
    mutating func decode(_ type: UInt64.Type) throws -> UInt64 { try tape.integer(next()) }

    mutating func decode<T: Decodable>(_ type: T.Type) throws -> T { try tape.value(type, at: next()) }

    mutating func nestedContainer<Nested: CodingKey>(keyedBy type: Nested.Type) throws -> KeyedDecodingContainer<Nested> {
        KeyedDecodingContainer(try KeyedTape<Nested>(tape, object: next()))
    }
    mutating func nestedUnkeyedContainer() throws -> any UnkeyedDecodingContainer { try UnkeyedTape(tape, array: next()) }
    mutating func superDecoder() throws -> any Decoder { TapeDecoder(tape: tape, node: try next()) }
}

extension TapeDecoder: SingleValueDecodingContainer {
    func decodeNil() -> Bool { tape.isNull(node) }
    func decode(_ type: Bool.Type) throws -> Bool { try tape.bool(node) }
    func decode(_ type: String.Type) throws -> String { try tape.requiredString(node) }
    func decode(_ type: Double.Type) throws -> Double { try tape.floatingPoint(node) }
    func decode(_ type: Float.Type) throws -> Float { try tape.floatingPoint(node) }
    func decode(_ type: Int.Type) throws -> Int { try tape.integer(node) }
    func decode(_ type: Int8.Type) throws -> Int8 { try tape.integer(node) }
    func decode(_ type: Int16.Type) throws -> Int16 { try tape.integer(node) }
    func decode(_ type: Int32.Type) throws -> Int32 { try tape.integer(node) }
    func decode(_ type: Int64.Type) throws -> Int64 { try tape.integer(node) }
    func decode(_ type: UInt.Type) throws -> UInt { try tape.integer(node) }
    func decode(_ type: UInt8.Type) throws -> UInt8 { try tape.integer(node) }
    func decode(_ type: UInt16.Type) throws -> UInt16 { try tape.integer(node) }
    func decode(_ type: UInt32.Type) throws -> UInt32 { try tape.integer(node) }
    func decode(_ type: UInt64.Type) throws -> UInt64 { try tape.integer(node) }
    func decode<T: Decodable>(_ type: T.Type) throws -> T { try tape.value(type, at: node) }
}

// MARK: errors

extension PointerStep: CodingKey {
    init?(stringValue: String) { self = .key(stringValue) }
    init?(intValue: Int) { self = .index(intValue) }

    var stringValue: String {
        switch self {
        case .key(let name): name
        case .index(let index): String(index)
        }
    }

    var intValue: Int? {
        guard case .index(let index) = self else { return nil }
        return index
    }
}

extension JSONTape {
    func mismatch(_ wanted: String, _ node: Int) -> JSONError {
        let found =
            switch nodes[node].kind {
            case .null: "null"
            case .true: "true"
            case .false: "false"
            case .integer, .decimal: "a number"
            case .string, .escapedString: "a string"
            case .array: "an array"
            case .object: "an object"
            }
        return error("must be \(wanted), is \(found)", at: node)
    }

    func keys(of object: Int, atMost limit: Int) -> [String] {
        var keys: [String] = []
        var key = object + 1
        while key < Int(nodes[object].next), keys.count < limit {
            keys.append(string(key))
            key = Int(nodes[key + 1].next)
        }
        return keys
    }

    /// Gives whatever a model threw its place in the text.
    func jsonError(_ error: any Error) -> JSONError {
        if let error = error as? JSONError { return error }
        guard let error = error as? DecodingError else { return self.error(oneLine("\(error)"), at: 0) }
        switch error {
        case .dataCorrupted(let context):
            let (steps, node) = place(context.codingPath)
            // What the standard library says of an enum with a raw value; it names the Swift type.
            if context.debugDescription.hasPrefix("Cannot initialize ") { return unknownValue(node, steps) }
            return located(oneLine(context.debugDescription), node, steps)
        case .keyNotFound(let key, let context):
            let (steps, node) = place(context.codingPath + [key])
            return located("is missing", node, steps)
        case .valueNotFound(_, let context), .typeMismatch(_, let context):
            let (steps, node) = place(context.codingPath)
            return located(oneLine(context.debugDescription), node, steps)
        @unknown default:
            return self.error(oneLine("\(error)"), at: 0)
        }
    }

    private func unknownValue(_ node: Int, _ steps: [PointerStep]) -> JSONError {
        switch nodes[node].kind {
        case .string, .escapedString: located("unknown value \(quoted(string(node)))", node, steps)
        case .integer, .decimal: located("unknown value \(numberText(node))", node, steps)
        default: located("unknown value", node, steps)
        }
    }

    /// Follows a coding path from the top. A key may look like a number and yet be one of an object.
    private func place(_ path: [any CodingKey]) -> (steps: [PointerStep], node: Int) {
        var steps: [PointerStep] = []
        for key in path {
            let parent = deepestNode(along: steps)
            let isIndex = !parent.isComplete || nodes[parent.node].kind == .array
            steps.append(isIndex && key.intValue != nil ? .index(key.intValue ?? 0) : .key(key.stringValue))
        }
        return (steps, deepestNode(along: steps).node)
    }

    private func located(_ rule: String, _ node: Int, _ steps: [PointerStep]) -> JSONError {
        let offset = Int(nodes[node].start)
        let place = position(atOffset: offset)
        return JSONError(rule: rule, pointer: PointerStep.text(steps), offset: offset, line: place.line, column: place.column)
    }
}

/// Makes text from elsewhere fit a message: no line breaks, no full stop, not too long.
private func oneLine(_ text: String) -> String {
    let line = escapedForMessage(text, isQuoted: false)
    return shortened(line.hasSuffix(".") ? String(line.dropLast()) : line, to: 200)
}
