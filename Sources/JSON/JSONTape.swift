/// One key or value of a parsed text.
struct Node: Sendable {
    enum Kind: UInt8 {
        case null, `false`, `true`
        /// A number of digits and perhaps a minus sign; `decimal` has a fraction or an exponent.
        case integer, decimal
        /// `escapedString` holds a backslash, so its bytes are not yet those of the value.
        case string, escapedString
        case array, object
    }

    /// The offset of the first byte; of a string that is the opening quote.
    var start: UInt32
    /// The offset behind the last byte; of an array or object the number of its elements or members.
    var end: UInt32
    /// The index behind this value and all it contains, so that of the next sibling. While the parser is inside a container: its parent.
    var next: UInt32
    var kind: Kind
}

/// A parsed JSON text: its bytes and a flat list of nodes in the order of the text.
///
/// An object's members follow it as key, value, key, value; an array's elements follow it one by one. Strings and numbers stay in the bytes
/// until somebody asks for them. Made for reading once: there is no editing.
public final class JSONTape: Sendable {
    /// The text that was parsed.
    public let bytes: [UInt8]
    let nodes: [Node]
    /// Only where many places are asked for.
    private let index: TapeIndex?

    /// Parses `bytes`, which must hold exactly one JSON value after RFC 8259.
    ///
    /// - Throws: `JSONError` at the first byte that breaks a rule. Refused beyond the grammar: invalid UTF-8, a byte order mark, a key that
    ///   occurs twice in an object, NUL in a string (also as `\u0000`), lone surrogates, and whatever exceeds `limits`.
    public init(parsing bytes: [UInt8], limits: JSONLimits = .configuration) throws(JSONError) {
        var parser = JSONParser(bytes, limits: limits)
        try parser.parse()
        self.bytes = bytes
        self.nodes = parser.nodes
        index = nil
    }

    /// Takes over what a parser has found so far; with an index, finding many places takes time in proportion to their number.
    init(_ bytes: [UInt8], nodes: [Node], isIndexed: Bool = false) {
        self.bytes = bytes
        self.nodes = nodes
        index = isIndexed ? TapeIndex(bytes, nodes) : nil
    }

    /// Finds the line and column (both from 1, columns in bytes) of the value that `pointer` names, in the form of `JSONError.pointer`.
    ///
    /// If the value is absent, the place of its nearest existing ancestor is returned; `nil` only if `pointer` is malformed. Takes time in
    /// proportion to the text: meant for the way to an error message.
    public func position(of pointer: String) -> (line: Int, column: Int)? {
        guard let steps = PointerStep.parse(pointer) else { return nil }
        return position(atOffset: Int(nodes[deepestNode(along: steps).node].start))
    }

    /// The text of the value that `pointer` names, as it was written, cut in its middle if it is long and escaped for a message; `nil` for an
    /// array, an object, and for what is not there.
    public func excerpt(of pointer: String) -> String? {
        guard let steps = PointerStep.parse(pointer) else { return nil }
        let found = deepestNode(along: steps)
        guard found.isComplete else { return nil }
        let node = nodes[found.node]
        switch node.kind {
        case .array, .object: return nil
        default:
            let text = String(decoding: bytes[Int(node.start)..<Int(node.end)], as: UTF8.self)
            return shortened(escapedForMessage(text, isQuoted: false), to: longestExcerpt)
        }
    }

    /// Calls `body` with the pointer, line and column of every key of every object, in the order of the text.
    public func forEachKey(_ body: (_ pointer: String, _ line: Int, _ column: Int) -> Void) {
        var lines = LineCounter()
        visitKeys(of: 0, at: "", &lines, body)
    }

    private func visitKeys(of container: Int, at pointer: String, _ lines: inout LineCounter, _ body: (String, Int, Int) -> Void) {
        let isObject = nodes[container].kind == .object
        guard isObject || nodes[container].kind == .array else { return }
        var child = container + 1
        var index = 0
        while child < Int(nodes[container].next) {
            let value = isObject ? child + 1 : child
            let path = pointer + (isObject ? PointerStep.key(string(child)) : .index(index)).text(first: pointer.isEmpty)
            if isObject {
                let place = lines.position(of: Int(nodes[child].start), in: bytes)
                body(path, place.line, place.column)
            }
            visitKeys(of: value, at: path, &lines, body)
            child = Int(nodes[value].next)
            index += 1
        }
    }
}

/// How much of a value `excerpt` shows.
private let longestExcerpt = 64

/// Walking the nodes.
extension JSONTape {
    /// The member of `object` with this key, compared byte by byte; `nil` if there is none.
    ///
    /// The search begins at the key node `first`, a member of the object, and goes around.
    func member(_ name: Span<UInt8>, of object: Int, from first: Int? = nil) -> Int? {
        let end = Int(nodes[object].next)
        let start = first ?? object + 1
        return member(name, from: start, to: end) ?? (start > object + 1 ? member(name, from: object + 1, to: start) : nil)
    }

    private func member(_ name: Span<UInt8>, from start: Int, to end: Int) -> Int? {
        var key = start
        while key < end {
            if isKey(key, name) { return key + 1 }
            key = Int(nodes[key + 1].next)
        }
        return nil
    }

    private func isKey(_ key: Int, _ name: Span<UInt8>) -> Bool {
        let node = nodes[key]
        guard node.kind == .string else { return isEscapedKey(key, name) }
        let start = Int(node.start) + 1
        guard Int(node.end) - 1 - start == name.count else { return false }
        for i in name.indices where bytes[start + i] != name[i] { return false }
        return true
    }

    @inline(never)
    private func isEscapedKey(_ key: Int, _ name: Span<UInt8>) -> Bool {
        guard Int(nodes[key].end - nodes[key].start) - 2 <= name.count * mostBytesPerEscapedByte else { return false }
        let decoded = unescaped(bytes, nodes[key])
        guard decoded.count == name.count else { return false }
        for i in name.indices where decoded[i] != name[i] { return false }
        return true
    }

    /// The same as `member`, by the index where there is one.
    func indexedMember(_ name: Span<UInt8>, of object: Int) -> Int? {
        guard let container = index?.wideContainer(object) else { return member(name, of: object) }
        let hash = keyHash(name)
        var slot = container.slot(hash)
        while let key = container.key(at: slot) {
            if isKey(key, name) { return key + 1 }
            slot += 1
        }
        return nil
    }

    func element(_ index: Int, of array: Int) -> Int? {
        guard index >= 0, index < Int(nodes[array].end) else { return nil }
        var (node, place) = self.index?.wideContainer(array)?.milestone(before: index) ?? (array + 1, 0)
        while place < index {
            node = Int(nodes[node].next)
            place += 1
        }
        return node
    }

    func child(_ step: PointerStep, of node: Int) -> Int? {
        switch (step, nodes[node].kind) {
        case (.key(let name), .object): return indexedMember(name.utf8Span.span, of: node)
        case (.index(let index), .array): return element(index, of: node)
        default: return nil
        }
    }

    /// The last node that exists on the way along `steps`, and whether it is the whole way.
    func deepestNode(along steps: [PointerStep]) -> (node: Int, isComplete: Bool) {
        var node = 0
        for step in steps {
            guard let child = child(step, of: node) else { return (node, false) }
            node = child
        }
        return (node, true)
    }

    /// The way from the whole text to the value at `target`.
    func steps(to target: Int) -> [PointerStep] {
        var steps: [PointerStep] = []
        var container = 0
        while container < target {
            let isObject = nodes[container].kind == .object
            var (child, index) = self.index?.wideContainer(container)?.milestone(beforeNode: target) ?? (container + 1, 0)
            while true {
                let value = isObject ? child + 1 : child
                let next = Int(nodes[value].next)
                if target < next {
                    steps.append(isObject ? .key(string(child)) : .index(index))
                    container = value
                    break
                }
                child = next
                index += 1
            }
        }
        return steps
    }

    func position(atOffset offset: Int) -> (line: Int, column: Int) {
        if let index { return index.position(atOffset: offset, in: bytes) }
        var lines = LineCounter()
        return lines.position(of: offset, in: bytes)
    }

    /// Makes the error for the value at `node`; its place is the value's first byte unless `offset` says otherwise.
    func error(_ rule: String, at node: Int, offset: Int? = nil, missing key: String? = nil) -> JSONError {
        var steps = steps(to: node)
        if let key { steps.append(.key(key)) }
        let offset = offset ?? Int(nodes[node].start)
        let place = position(atOffset: offset)
        return JSONError(rule: rule, pointer: PointerStep.text(steps), offset: offset, line: place.line, column: place.column)
    }
}

/// Counts lines while going forward through a text.
struct LineCounter: Sendable {
    private var offset = 0
    private var line = 1
    private var lineStart = 0

    mutating func position(of target: Int, in bytes: [UInt8]) -> (line: Int, column: Int) {
        while offset < target, offset < bytes.count {
            if bytes[offset] == UInt8(ascii: "\n") {
                line += 1
                lineStart = offset + 1
            }
            offset += 1
        }
        return (line, target - lineStart + 1)
    }
}
