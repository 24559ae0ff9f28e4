/// One value of a tape, for readers written by hand: where a `Codable` model would cost more than the file is worth.
///
/// Asking for what is not there gives the same `JSONError` as the decoder does.
public struct JSONValue {
    private let tape: JSONTape
    private let node: Int

    /// The whole text.
    public init(_ tape: JSONTape) {
        self.init(tape, 0)
    }

    private init(_ tape: JSONTape, _ node: Int) {
        self.tape = tape
        self.node = node
    }

    /// The member with this key; `nil` if it is absent or null, or if this is no object.
    public func member(_ key: String) -> JSONValue? {
        guard tape.nodes[node].kind == .object, let member = tape.member(key.utf8Span.span, of: node), !tape.isNull(member) else {
            return nil
        }
        return JSONValue(tape, member)
    }

    /// The member with this key.
    public func required(_ key: String) throws(JSONError) -> JSONValue {
        guard tape.nodes[node].kind == .object else { throw tape.mismatch("an object", node) }
        guard let member = member(key) else { throw tape.error("is missing", at: node, missing: key) }
        return member
    }

    /// The elements of an array.
    public func elements() throws(JSONError) -> [JSONValue] {
        guard tape.nodes[node].kind == .array else { throw tape.mismatch("an array", node) }
        var values: [JSONValue] = []
        var child = node + 1
        while child < Int(tape.nodes[node].next) {
            values.append(JSONValue(tape, child))
            child = Int(tape.nodes[child].next)
        }
        return values
    }

    /// The keys and values of an object, in the order of the text.
    public func members() throws(JSONError) -> [(key: String, value: JSONValue)] {
        guard tape.nodes[node].kind == .object else { throw tape.mismatch("an object", node) }
        var members: [(key: String, value: JSONValue)] = []
        var key = node + 1
        while key < Int(tape.nodes[node].next) {
            members.append((tape.string(key), JSONValue(tape, key + 1)))
            key = Int(tape.nodes[key + 1].next)
        }
        return members
    }

    /// The text of a string.
    public func string() throws(JSONError) -> String { try tape.requiredString(node) }

    /// An integer, range-checked.
    public func integer<T: FixedWidthInteger>() throws(JSONError) -> T { try tape.integer(node) }

    /// `true` or `false`.
    public func boolean() throws(JSONError) -> Bool { try tape.bool(node) }
}
