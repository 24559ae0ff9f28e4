/// A value as D-Bus carries it.
///
/// See the D-Bus specification, "Type System".
public indirect enum BusValue: Sendable, Hashable {
    case byte(UInt8)
    case boolean(Bool)
    case int16(Int16)
    case uint16(UInt16)
    case int32(Int32)
    case uint32(UInt32)
    case int64(Int64)
    case uint64(UInt64)
    case double(Double)
    case string(String)
    case objectPath(String)
    case signature(String)
    /// All elements have the type `element`, which an empty array could not tell otherwise.
    case array(element: String, [BusValue])
    case structure([BusValue])
    /// Only as an element of an array.
    case entry(key: BusValue, value: BusValue)
    case variant(BusValue)

    /// The type in the letters of D-Bus: `s`, `a(ss)`, `v`.
    public var signature: String {
        switch self {
        case .byte: "y"
        case .boolean: "b"
        case .int16: "n"
        case .uint16: "q"
        case .int32: "i"
        case .uint32: "u"
        case .int64: "x"
        case .uint64: "t"
        case .double: "d"
        case .string: "s"
        case .objectPath: "o"
        case .signature: "g"
        case .array(let element, _): "a" + element
        case .structure(let members): "(" + members.map(\.signature).joined() + ")"
        case .entry(let key, let value): "{" + key.signature + value.signature + "}"
        case .variant: "v"
        }
    }
}

/// The limits of D-Bus that a hostile or careless side can meet.
enum BusLimit {
    /// The longest type, in letters.
    static var signature: Int { 255 }
    /// How deep arrays, and how deep structures, may lie in each other; here for both together.
    static var depth: Int { 32 }
    /// The longest array, in bytes.
    static var array: Int { 1 << 26 }
    /// The longest message that is read. D-Bus allows 128 MiB; what systemd tells has a few hundred bytes.
    static var message: Int { 1 << 24 }
}

/// What is wrong with a message of the other side.
public struct BusProblem: Error, Sendable, Hashable, CustomStringConvertible {
    /// In lower case, without a full stop.
    public let description: String

    init(_ description: String) {
        self.description = description
    }
}

/// Where a value of the type that begins with `letter` has to stand: at a multiple of this. `nil` for what is no type.
func busAlignment(_ letter: UInt8) -> Int? {
    switch letter {
    case UInt8(ascii: "y"), UInt8(ascii: "g"), UInt8(ascii: "v"): 1
    case UInt8(ascii: "n"), UInt8(ascii: "q"): 2
    case UInt8(ascii: "b"), UInt8(ascii: "i"), UInt8(ascii: "u"), UInt8(ascii: "s"), UInt8(ascii: "o"), UInt8(ascii: "a"): 4
    case UInt8(ascii: "x"), UInt8(ascii: "t"), UInt8(ascii: "d"), UInt8(ascii: "("), UInt8(ascii: "{"): 8
    default: nil
    }
}

/// How many letters of `signature` from `start` on are one whole type; `nil` where there is none, or it lies too deep.
func busTypeLength(_ signature: ArraySlice<UInt8>, depth: Int = 0) -> Int? {
    guard depth <= BusLimit.depth, let letter = signature.first, busAlignment(letter) != nil else { return nil }
    switch letter {
    case UInt8(ascii: "a"):
        return busTypeLength(signature.dropFirst(), depth: depth + 1).map { $0 + 1 }
    case UInt8(ascii: "("):
        return membersLength(signature.dropFirst(), until: UInt8(ascii: ")"), depth: depth + 1)
    case UInt8(ascii: "{"):
        return membersLength(signature.dropFirst(), until: UInt8(ascii: "}"), depth: depth + 1)
    default: return 1
    }
}

/// At least one member, and the closing letter; counted with the opening one.
private func membersLength(_ signature: ArraySlice<UInt8>, until end: UInt8, depth: Int) -> Int? {
    var rest = signature
    while rest.first != end {
        guard let length = busTypeLength(rest, depth: depth) else { return nil }
        rest = rest.dropFirst(length)
    }
    let inner = signature.count - rest.count
    return inner > 0 ? inner + 2 : nil
}
