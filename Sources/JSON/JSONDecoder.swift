/// Decodes a model from a JSON text: `let spec = try JSON.decode(Spec.self, from: bytes)`.
///
/// - Throws: `JSONError`, whether the text is no JSON, a value has another type than the model, a number does not fit, or the model itself
///   refuses.
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

    func numberText(_ node: Int) -> String { shortened(text(node), to: 40) }

    /// Any other type, by its own `init(from:)`.
    func value<T: Decodable>(_ type: T.Type, at node: Int) throws -> T {
        // Array and Dictionary would fetch each String through two existential containers; these two types are most of a config.json.
        if T.self == [String].self { return try cast(strings(node), to: type, node) }
        if T.self == [String: String].self { return try cast(stringsByKey(node), to: type, node) }
        return try T(from: TapeDecoder(tape: self, node: node))
    }

    /// Returns a value whose type is known to be `T`. A `switch`, because `as?` would have T? made at run time for each model.
    private func cast<S, T: Decodable>(_ value: S, to type: T.Type, _ node: Int) throws -> T {
        switch value {
        case let value as T: return value
        default: return try T(from: TapeDecoder(tape: self, node: node))
        }
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
