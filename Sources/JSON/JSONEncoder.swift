/// Encodes a model as a JSON text: `let bytes = try JSON.encode(spec, indentation: .tab)`.
///
/// Keys stand in the order of the model's declaration, those of a `[String: …]` sorted byte by byte; a `nil` property is left out. Formatted
/// as `JSONWriter` does it.
///
/// - Throws: `JSONError` without a place if a number is not finite or the model itself refuses.
public func encode(_ value: some Encodable, indentation: JSONIndentation = .compact) throws(JSONError) -> [UInt8] {
    let target = EncodedValue()
    do { try target.encode(value, codingPath: []) } catch { throw jsonError(error) }
    var writer = JSONWriter(indentation: indentation)
    target.write(to: &writer)
    return writer.bytes
}

/// A value of the text being built. A reference, since a container is handed out first and filled later.
private final class EncodedValue {
    private enum Kind { case object, array, string, literal }
    private var kind = Kind.object  // a model that encodes nothing is an empty object
    private var text = ""
    private var keys: [String] = []
    private var children: [EncodedValue] = []
    private var isSorted = false

    enum Scalar { case string(String), literal(String) }

    init() {}

    func set(_ scalar: Scalar) {
        switch scalar {
        case .string(let value): (kind, text) = (.string, value)
        case .literal(let value): (kind, text) = (.literal, value)
        }
    }

    func becomeObject() -> EncodedValue {
        kind = .object
        return self
    }

    func becomeArray() -> EncodedValue {
        kind = .array
        return self
    }

    var count: Int { children.count }

    /// Adds an element or, with a key, a member.
    func add(_ key: String? = nil) -> EncodedValue {
        let child = EncodedValue()
        if let key { keys.append(key) }
        children.append(child)
        return child
    }

    func append(_ scalar: Scalar, _ key: String? = nil) { add(key).set(scalar) }

    func encode<T: Encodable>(_ value: T, codingPath: [any CodingKey]) throws {
        isSorted = T.self is any StringKeyed.Type
        try value.encode(to: TreeEncoder(target: self, codingPath: codingPath))
    }

    func write(to writer: inout JSONWriter) {
        switch kind {
        case .string: writer.element(text)
        case .literal: writer.element(literal: text)
        case .array:
            writer.array { json in
                for child in children { child.write(to: &json) }
            }
        case .object:
            var order = Array(keys.indices)
            if isSorted { order.sort { keys[$0].utf8.lexicographicallyPrecedes(keys[$1].utf8) } }
            writer.object { json in
                for index in order {
                    json.begin(keys[index])
                    children[index].write(to: &json)
                }
            }
        }
    }
}

/// Dictionaries have no order of their own.
private protocol StringKeyed {}
extension Dictionary: StringKeyed where Key: CodingKeyRepresentable {}

private func finite<T: BinaryFloatingPoint & CustomStringConvertible>(_ value: T, _ path: [any CodingKey]) throws(JSONError)
    -> EncodedValue.Scalar
{
    let text = value.description
    guard value.isFinite else { throw JSONError(rule: "must be a finite number, is \(text)", pointer: pointer(path)) }
    return .literal(text.hasSuffix(".0") ? String(text.dropLast(2)) : text)
}

private func pointer(_ path: [any CodingKey]) -> String {
    PointerStep.text(path.map { key in key.intValue.map { .index($0) } ?? .key(key.stringValue) })
}

private func jsonError(_ error: any Error) -> JSONError {
    if let error = error as? JSONError { return error }
    guard let error = error as? EncodingError, case .invalidValue(_, let context) = error else {
        return JSONError(rule: oneLine("\(error)"), pointer: "")
    }
    return JSONError(rule: oneLine(context.debugDescription), pointer: pointer(context.codingPath))
}

private struct TreeEncoder: Encoder {
    let target: EncodedValue
    let codingPath: [any CodingKey]
    var userInfo: [CodingUserInfoKey: Any] { [:] }

    func container<Key: CodingKey>(keyedBy type: Key.Type) -> KeyedEncodingContainer<Key> {
        KeyedEncodingContainer(KeyedTree(object: target.becomeObject(), codingPath: codingPath))
    }

    func unkeyedContainer() -> any UnkeyedEncodingContainer { UnkeyedTree(array: target.becomeArray(), codingPath: codingPath) }

    func singleValueContainer() -> any SingleValueEncodingContainer { self }
}

private struct KeyedTree<Key: CodingKey>: KeyedEncodingContainerProtocol {
    let object: EncodedValue
    let codingPath: [any CodingKey]

    func encodeNil(forKey key: Key) throws { object.append(.literal("null"), key.stringValue) }
    func encode(_ value: Bool, forKey key: Key) throws { object.append(.literal(value ? "true" : "false"), key.stringValue) }
    func encode(_ value: String, forKey key: Key) throws { object.append(.string(value), key.stringValue) }
    func encode(_ value: Double, forKey key: Key) throws { try object.append(finite(value, codingPath + [key]), key.stringValue) }
    func encode(_ value: Float, forKey key: Key) throws { try object.append(finite(value, codingPath + [key]), key.stringValue) }
    func encode(_ value: Int, forKey key: Key) throws { object.append(.literal(String(value)), key.stringValue) }
    func encode(_ value: Int8, forKey key: Key) throws { object.append(.literal(String(value)), key.stringValue) }
    func encode(_ value: Int16, forKey key: Key) throws { object.append(.literal(String(value)), key.stringValue) }
    func encode(_ value: Int32, forKey key: Key) throws { object.append(.literal(String(value)), key.stringValue) }
    func encode(_ value: Int64, forKey key: Key) throws { object.append(.literal(String(value)), key.stringValue) }
    func encode(_ value: UInt, forKey key: Key) throws { object.append(.literal(String(value)), key.stringValue) }
    func encode(_ value: UInt8, forKey key: Key) throws { object.append(.literal(String(value)), key.stringValue) }
    func encode(_ value: UInt16, forKey key: Key) throws { object.append(.literal(String(value)), key.stringValue) }
    func encode(_ value: UInt32, forKey key: Key) throws { object.append(.literal(String(value)), key.stringValue) }
    func encode(_ value: UInt64, forKey key: Key) throws { object.append(.literal(String(value)), key.stringValue) }
    func encode<T: Encodable>(_ value: T, forKey key: Key) throws {
        try object.add(key.stringValue).encode(value, codingPath: codingPath + [key])
    }

    func nestedContainer<Nested: CodingKey>(keyedBy type: Nested.Type, forKey key: Key) -> KeyedEncodingContainer<Nested> {
        KeyedEncodingContainer(KeyedTree<Nested>(object: object.add(key.stringValue).becomeObject(), codingPath: codingPath + [key]))
    }
    func nestedUnkeyedContainer(forKey key: Key) -> any UnkeyedEncodingContainer {
        UnkeyedTree(array: object.add(key.stringValue).becomeArray(), codingPath: codingPath + [key])
    }
    func superEncoder() -> any Encoder { TreeEncoder(target: object.add("super"), codingPath: codingPath + [PointerStep.key("super")]) }
    func superEncoder(forKey key: Key) -> any Encoder { TreeEncoder(target: object.add(key.stringValue), codingPath: codingPath + [key]) }
}

private struct UnkeyedTree: UnkeyedEncodingContainer {
    let array: EncodedValue
    private let path: [any CodingKey]

    init(array: EncodedValue, codingPath: [any CodingKey]) {
        self.array = array
        path = codingPath
    }

    /// That of the next element, so that an error names it.
    var codingPath: [any CodingKey] { path + [PointerStep.index(count)] }
    var count: Int { array.count }

    func encodeNil() throws { array.append(.literal("null")) }
    func encode(_ value: Bool) throws { array.append(.literal(value ? "true" : "false")) }
    func encode(_ value: String) throws { array.append(.string(value)) }
    func encode(_ value: Double) throws { try array.append(finite(value, codingPath)) }
    func encode(_ value: Float) throws { try array.append(finite(value, codingPath)) }
    func encode(_ value: Int) throws { array.append(.literal(String(value))) }
    func encode(_ value: Int8) throws { array.append(.literal(String(value))) }
    func encode(_ value: Int16) throws { array.append(.literal(String(value))) }
    func encode(_ value: Int32) throws { array.append(.literal(String(value))) }
    func encode(_ value: Int64) throws { array.append(.literal(String(value))) }
    func encode(_ value: UInt) throws { array.append(.literal(String(value))) }
    func encode(_ value: UInt8) throws { array.append(.literal(String(value))) }
    func encode(_ value: UInt16) throws { array.append(.literal(String(value))) }
    func encode(_ value: UInt32) throws { array.append(.literal(String(value))) }
    func encode(_ value: UInt64) throws { array.append(.literal(String(value))) }
    func encode<T: Encodable>(_ value: T) throws {
        let path = codingPath
        try array.add().encode(value, codingPath: path)
    }

    func nestedContainer<Nested: CodingKey>(keyedBy type: Nested.Type) -> KeyedEncodingContainer<Nested> {
        let path = codingPath
        return KeyedEncodingContainer(KeyedTree<Nested>(object: array.add().becomeObject(), codingPath: path))
    }
    func nestedUnkeyedContainer() -> any UnkeyedEncodingContainer {
        let path = codingPath
        return UnkeyedTree(array: array.add().becomeArray(), codingPath: path)
    }
    func superEncoder() -> any Encoder {
        let path = codingPath
        return TreeEncoder(target: array.add(), codingPath: path)
    }
}

extension TreeEncoder: SingleValueEncodingContainer {
    func encodeNil() throws { target.set(.literal("null")) }
    func encode(_ value: Bool) throws { target.set(.literal(value ? "true" : "false")) }
    func encode(_ value: String) throws { target.set(.string(value)) }
    func encode(_ value: Double) throws { try target.set(finite(value, codingPath)) }
    func encode(_ value: Float) throws { try target.set(finite(value, codingPath)) }
    func encode(_ value: Int) throws { target.set(.literal(String(value))) }
    func encode(_ value: Int8) throws { target.set(.literal(String(value))) }
    func encode(_ value: Int16) throws { target.set(.literal(String(value))) }
    func encode(_ value: Int32) throws { target.set(.literal(String(value))) }
    func encode(_ value: Int64) throws { target.set(.literal(String(value))) }
    func encode(_ value: UInt) throws { target.set(.literal(String(value))) }
    func encode(_ value: UInt8) throws { target.set(.literal(String(value))) }
    func encode(_ value: UInt16) throws { target.set(.literal(String(value))) }
    func encode(_ value: UInt32) throws { target.set(.literal(String(value))) }
    func encode(_ value: UInt64) throws { target.set(.literal(String(value))) }
    func encode<T: Encodable>(_ value: T) throws { try target.encode(value, codingPath: codingPath) }
}
