/// Where the last search in an object ended. Not nested in the container, whose type is made anew at run time for each model.
private final class Cursor {
    var key: Int
    init(key: Int) { self.key = key }
}

/// An object seen as a keyed container.
struct KeyedTape<Key: CodingKey>: KeyedDecodingContainerProtocol {
    private let tape: JSONTape
    private let object: Int
    /// Remembers in a large object where the last search ended: a dictionary asks for its keys in order, in quadratic time else.
    private let cursor: Cursor?

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
        guard let node = present(key) else { return nil }
        return try tape.value(type, at: node)
    }

    func nestedContainer<Nested: CodingKey>(keyedBy type: Nested.Type, forKey key: Key) throws -> KeyedDecodingContainer<Nested> {
        KeyedDecodingContainer(try KeyedTape<Nested>(tape, object: required(key)))
    }
    func nestedUnkeyedContainer(forKey key: Key) throws -> any UnkeyedDecodingContainer { try UnkeyedTape(tape, array: required(key)) }
    func superDecoder() throws -> any Decoder { TapeDecoder(tape: tape, node: tape.member("super".utf8Span.span, of: object) ?? object) }
    func superDecoder(forKey key: Key) throws -> any Decoder { TapeDecoder(tape: tape, node: try required(key)) }
}

/// An array seen as an unkeyed container.
struct UnkeyedTape: UnkeyedDecodingContainer {
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
