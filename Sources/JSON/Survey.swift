/// What is wrong with one value of a text, as a model sees it.
public struct JSONFinding: Sendable, Hashable {
    /// What is wrong.
    public enum Kind: Sendable, Hashable {
        /// The value has the wrong type, is out of range, or is not in its list of words.
        case wrongValue
        /// A key that the model needs is not there.
        case missingKey
        /// The model does not know the key.
        case unknownKey
        /// The key stands in its object a second time.
        case duplicateKey
    }

    /// What is wrong.
    public let kind: Kind
    /// Rule and place; of an unknown key the rule is empty.
    public let error: JSONError
    /// A key of the same object that the model knows, that is not there, and that the unknown one resembles.
    public let suggestion: String?
}

/// Decodes a model and finds all that is wrong with the text, not just the first.
///
/// The model's own `init(from:)` is what asks for the keys, so this knows them as the decoder does. Where a value is refused, an optional
/// property is taken for absent, and a required one gets a placeholder (zero, an empty text, the first word of a closed list): what
/// other rules say about such a value, or about what lies beside it, means nothing.
///
/// Bounded whatever the text: at most 1,000 wrong, missing and duplicate ones are kept and as many unknown keys, fewer where their pointers are
/// long. At the first wrong value beyond that the decoding ends.
///
/// - Returns: the model, `nil` if it refuses even with placeholders or the decoding ended; the findings in the order of the text; and whether
///   there are more of them.
/// - Throws: `JSONError` if the text is no JSON at all.
public func survey<T: Decodable>(
    _ type: T.Type, in bytes: [UInt8], limits: JSONLimits = .configuration
) throws(JSONError) -> (value: T?, findings: [JSONFinding], isCut: Bool, tape: JSONTape) {
    var parser = JSONParser(bytes, limits: limits, mostDuplicates: Survey.most)
    try parser.parse()
    let tape = JSONTape(bytes, nodes: parser.nodes, isIndexed: true)
    let survey = Survey(tape)
    survey.add(parser.duplicates, hasMore: parser.hasMoreDuplicates)
    let value = try? survey.value(type, at: 0)
    let findings = (survey.errors.found + survey.unknownKeys.found).sorted {
        ($0.error.offset, $0.error.pointer) < ($1.error.offset, $1.error.pointer)
    }
    return (value, findings, survey.errors.isCut || survey.unknownKeys.isCut, tape)
}

/// The keys that a model asks for, in its own order; only those of the top.
public func knownKeys<T: Decodable>(of type: T.Type) -> [String] {
    guard let tape = try? JSONTape(parsing: Array("{}".utf8)) else { return [] }
    let survey = Survey(tape)
    _ = try? T(from: SurveyDecoder(survey: survey, node: 0))
    return survey.askedKeys(of: 0)
}

/// What is found while a model decodes.
private final class Survey {
    /// More than anybody reads.
    static let most = 1000

    let tape: JSONTape
    private(set) var errors = BoundedFindings()
    private(set) var unknownKeys = BoundedFindings()
    /// The keys that the model asked for, by the node of the object, while that is decoded.
    private var asked: [Int: [String]] = [:]

    init(_ tape: JSONTape) {
        self.tape = tape
    }

    func askedKeys(of object: Int) -> [String] { asked[object] ?? [] }

    func ask(_ key: String, of object: Int) { asked[object, default: []].append(key) }

    /// Adds what keeps the model from having all that the text says.
    ///
    /// - Throws: `Enough` if there is no room left.
    func add(_ kind: JSONFinding.Kind, _ error: JSONError) throws(Enough) {
        guard errors.hasRoom() else { throw Enough() }
        errors.append(JSONFinding(kind: kind, error: error, suggestion: nil))
    }

    func add(_ duplicates: [DuplicateKey], hasMore: Bool) {
        for duplicate in duplicates where errors.hasRoom() {
            let first = tape.position(atOffset: Int(tape.nodes[duplicate.first].start))
            let rule = "duplicate key \(quoted(tape.string(duplicate.key))) (first at \(first.line):\(first.column))"
            let error = tape.error(rule, at: duplicate.object, offset: Int(tape.nodes[duplicate.key].start))
            errors.append(JSONFinding(kind: .duplicateKey, error: error, suggestion: nil))
        }
        if hasMore { errors.isCut = true }
    }

    /// The value at `node`, or a placeholder.
    func value<T: Decodable>(_ type: T.Type, at node: Int) throws -> T {
        if let value = try valueIfRight(type, at: node) { return value }
        return try placeholder(type)
    }

    /// The value at `node`; `nil` where it is refused, which is then among the findings.
    func valueIfRight<T: Decodable>(_ type: T.Type, at node: Int) throws -> T? {
        defer { asked[node] = nil }
        do {
            let value = try T(from: SurveyDecoder(survey: self, node: node))
            findUnknownKeys(of: node)
            return value
        } catch {
            if error is Enough { throw error }
            try add(.wrongValue, tape.jsonError(error))
            return nil
        }
    }

    private func findUnknownKeys(of object: Int) {
        guard tape.nodes[object].kind == .object, let asked = asked[object] else { return }
        let known = Set(asked)
        var absent: [String]?
        var key = object + 1
        while key < Int(tape.nodes[object].next) {
            let name = tape.string(key)
            if !known.contains(name) {
                guard unknownKeys.hasRoom() else { return }
                absent = absent ?? self.absent(asked, of: object)
                addUnknown(name, key, of: object, among: absent ?? [])
            }
            key = Int(tape.nodes[key + 1].next)
        }
    }

    private func absent(_ asked: [String], of object: Int) -> [String] {
        asked.filter { tape.indexedMember($0.utf8Span.span, of: object) == nil }
    }

    private func addUnknown(_ name: String, _ key: Int, of object: Int, among absent: [String]) {
        let offset = Int(tape.nodes[key].start)
        let place = tape.position(atOffset: offset)
        let pointer = PointerStep.text(tape.steps(to: object) + [.key(name)])
        let error = JSONError(rule: "", pointer: pointer, offset: offset, line: place.line, column: place.column)
        let suggestion = neighbour(of: name, among: absent) ?? sameLetters(name, among: absent)
        unknownKeys.append(JSONFinding(kind: .unknownKey, error: error, suggestion: suggestion))
    }

    /// A value that the model accepts: the first word of a closed list, else the first of zero, nothing, false, no elements, no members that does.
    func placeholder<T: Decodable>(_ type: T.Type) throws -> T {
        if let names = type as? any JSONName.Type, let name = firstName(names) as? T { return name }
        let tape = try JSONTape(parsing: Array(#"[0,"",false,[],{}]"#.utf8))
        for node in 1..<tape.nodes.count {
            // A survey of its own, whose findings nobody asks for.
            if let value = try? T(from: SurveyDecoder(survey: Survey(tape), node: node)) { return value }
        }
        throw self.tape.error("has no placeholder", at: 0)
    }

    private func firstName<Name: JSONName>(_ type: Name.Type) -> Name? { Name.allCases.first }
}

/// Ends the decoding: there are more errors than are kept.
private struct Enough: Error {}

/// Findings up to a number and a length of their pointers: a key of megabytes stands in the pointers of all that it holds.
private struct BoundedFindings {
    private(set) var found: [JSONFinding] = []
    /// Whether there are more.
    var isCut = false
    private var pointerBytes = 0

    private static let mostPointerBytes = 1 << 20

    /// Whether one more may be added; if not, it is noted that there is one.
    mutating func hasRoom() -> Bool {
        if found.count < Survey.most, pointerBytes < Self.mostPointerBytes { return true }
        isCut = true
        return false
    }

    mutating func append(_ finding: JSONFinding) {
        found.append(finding)
        pointerBytes += finding.error.pointer.utf8.count
    }
}

/// A key in the wrong case is no neighbour by its edit distance, but is meant all the same.
private func sameLetters(_ word: String, among candidates: [String]) -> String? {
    guard word.utf8.count <= longestWordCompared else { return nil }
    let letters = word.lowercased()
    return candidates.first { $0.lowercased() == letters }
}

private struct SurveyDecoder: Decoder {
    let survey: Survey
    let node: Int

    var codingPath: [any CodingKey] { survey.tape.steps(to: node) }
    var userInfo: [CodingUserInfoKey: Any] { [:] }

    func container<Key: CodingKey>(keyedBy type: Key.Type) throws -> KeyedDecodingContainer<Key> {
        KeyedDecodingContainer(try SurveyedObject(survey, object: node))
    }

    func unkeyedContainer() throws -> any UnkeyedDecodingContainer { try SurveyedArray(survey, array: node) }

    /// A single value holds nothing to find.
    func singleValueContainer() throws -> any SingleValueDecodingContainer { TapeDecoder(tape: survey.tape, node: node) }
}

/// The generic `decode` and `decodeIfPresent` stand for those of each type.
private struct SurveyedObject<Key: CodingKey>: KeyedDecodingContainerProtocol {
    private let survey: Survey
    private let object: Int
    private let plain: KeyedTape<Key>

    init(_ survey: Survey, object: Int) throws(JSONError) {
        plain = try KeyedTape(survey.tape, object: object)
        self.survey = survey
        self.object = object
    }

    var codingPath: [any CodingKey] { plain.codingPath }
    var allKeys: [Key] { plain.allKeys }

    func contains(_ key: Key) -> Bool { find(key) != nil }

    func decodeNil(forKey key: Key) throws -> Bool { find(key).map { survey.tape.isNull($0) } ?? true }

    func decode<T: Decodable>(_ type: T.Type, forKey key: Key) throws -> T {
        if let node = find(key) { return try survey.value(type, at: node) }
        try survey.add(.missingKey, survey.tape.error("is missing", at: object, missing: key.stringValue))
        return try survey.placeholder(type)
    }

    func decodeIfPresent<T: Decodable>(_ type: T.Type, forKey key: Key) throws -> T? {
        guard let node = find(key), !survey.tape.isNull(node) else { return nil }
        return try survey.valueIfRight(type, at: node)
    }

    private func find(_ key: Key) -> Int? {
        survey.ask(key.stringValue, of: object)
        return survey.tape.indexedMember(key.stringValue.utf8Span.span, of: object)
    }

    func nestedContainer<Nested: CodingKey>(keyedBy type: Nested.Type, forKey key: Key) throws -> KeyedDecodingContainer<Nested> {
        try plain.nestedContainer(keyedBy: type, forKey: key)
    }
    func nestedUnkeyedContainer(forKey key: Key) throws -> any UnkeyedDecodingContainer { try plain.nestedUnkeyedContainer(forKey: key) }
    func superDecoder() throws -> any Decoder { try plain.superDecoder() }
    func superDecoder(forKey key: Key) throws -> any Decoder { try plain.superDecoder(forKey: key) }
}

private struct SurveyedArray: UnkeyedDecodingContainer {
    private let survey: Survey
    private let array: Int
    private var node: Int
    private(set) var currentIndex = 0

    init(_ survey: Survey, array: Int) throws(JSONError) {
        guard survey.tape.nodes[array].kind == .array else { throw survey.tape.mismatch("an array", array) }
        self.survey = survey
        self.array = array
        node = array + 1
    }

    var codingPath: [any CodingKey] { survey.tape.steps(to: array) }
    var count: Int? { Int(survey.tape.nodes[array].end) }
    var isAtEnd: Bool { node >= Int(survey.tape.nodes[array].next) }

    private mutating func next() throws(JSONError) -> Int {
        guard !isAtEnd else { throw survey.tape.error("must have more than \(currentIndex) elements", at: array) }
        let current = node
        node = Int(survey.tape.nodes[current].next)
        currentIndex += 1
        return current
    }

    mutating func decodeNil() throws -> Bool {
        guard !isAtEnd, survey.tape.isNull(node) else { return false }
        _ = try next()
        return true
    }

    mutating func decode<T: Decodable>(_ type: T.Type) throws -> T { try survey.value(type, at: next()) }

    mutating func nestedContainer<Nested: CodingKey>(keyedBy type: Nested.Type) throws -> KeyedDecodingContainer<Nested> {
        KeyedDecodingContainer(try SurveyedObject<Nested>(survey, object: next()))
    }
    mutating func nestedUnkeyedContainer() throws -> any UnkeyedDecodingContainer { try SurveyedArray(survey, array: next()) }
    mutating func superDecoder() throws -> any Decoder { SurveyDecoder(survey: survey, node: try next()) }
}
