/// Takes values out of the bytes of a message, in either byte order, and believes nothing of what they say about lengths.
struct BusReader {
    private let bytes: [UInt8]
    private let isBigEndian: Bool
    /// The place of the next byte, counted from the start of the header or of the body, both of which stand at a multiple of eight.
    private(set) var position: Int
    private let end: Int

    init(_ bytes: [UInt8], from position: Int = 0, isBigEndian: Bool) {
        self.bytes = bytes
        self.isBigEndian = isBigEndian
        self.position = position
        end = bytes.count
    }

    /// Reads values of the types in `signature`, one after the other.
    mutating func values(_ signature: String) throws(BusProblem) -> [BusValue] {
        let letters = Array(signature.utf8)
        guard letters.count <= BusLimit.signature else { throw BusProblem("a signature of \(letters.count) letters") }
        return try values(letters[...], depth: 0)
    }

    private mutating func values(_ letters: ArraySlice<UInt8>, depth: Int) throws(BusProblem) -> [BusValue] {
        var rest = letters
        var values: [BusValue] = []
        while !rest.isEmpty {
            guard let length = busTypeLength(rest, depth: depth) else { throw BusProblem("a signature that names no type") }
            values.append(try value(rest.prefix(length), depth: depth))
            rest = rest.dropFirst(length)
        }
        return values
    }

    /// - Parameter type: the letters of one whole type.
    private mutating func value(_ type: ArraySlice<UInt8>, depth: Int) throws(BusProblem) -> BusValue {
        guard depth <= BusLimit.depth else { throw BusProblem("values too deep in each other") }
        switch type.first {
        case UInt8(ascii: "y"): return .byte(try integer())
        case UInt8(ascii: "b"): return .boolean(try integer() as UInt32 != 0)
        case UInt8(ascii: "n"): return .int16(try integer())
        case UInt8(ascii: "q"): return .uint16(try integer())
        case UInt8(ascii: "i"): return .int32(try integer())
        case UInt8(ascii: "u"): return .uint32(try integer())
        case UInt8(ascii: "x"): return .int64(try integer())
        case UInt8(ascii: "t"): return .uint64(try integer())
        case UInt8(ascii: "d"): return .double(Double(bitPattern: try integer()))
        case UInt8(ascii: "s"): return .string(try text(length: Int(integer() as UInt32)))
        case UInt8(ascii: "o"): return .objectPath(try text(length: Int(integer() as UInt32)))
        case UInt8(ascii: "g"): return .signature(try text(length: Int(integer() as UInt8)))
        case UInt8(ascii: "a"): return try array(of: type.dropFirst(), depth: depth + 1)
        case UInt8(ascii: "("):
            try align(8)
            return .structure(try values(type.dropFirst().dropLast(), depth: depth + 1))
        case UInt8(ascii: "{"):
            try align(8)
            let members = try values(type.dropFirst().dropLast(), depth: depth + 1)
            guard members.count == 2, let key = members.first, let value = members.last else {
                throw BusProblem("an entry of \(members.count) members")
            }
            return .entry(key: key, value: value)
        case UInt8(ascii: "v"):
            let inner = Array(try text(length: Int(integer() as UInt8)).utf8)
            guard busTypeLength(inner[...], depth: depth + 1) == inner.count else { throw BusProblem("a variant without one type") }
            return .variant(try value(inner[...], depth: depth + 1))
        default: throw BusProblem("a signature that names no type")
        }
    }

    private mutating func array(of element: ArraySlice<UInt8>, depth: Int) throws(BusProblem) -> BusValue {
        let length = Int(try integer() as UInt32)
        guard length <= BusLimit.array, let alignment = element.first.flatMap(busAlignment) else {
            throw BusProblem("an array of \(length) bytes")
        }
        try align(alignment)
        guard length <= end - position else { throw BusProblem("an array that is longer than its message") }
        let last = position + length
        var values: [BusValue] = []
        while position < last { values.append(try value(element, depth: depth)) }
        guard position == last else { throw BusProblem("an array that ends within an element") }
        return .array(element: String(decoding: element, as: UTF8.self), values)
    }

    private mutating func text(length: Int) throws(BusProblem) -> String {
        guard length < end - position, bytes[position + length] == 0 else { throw BusProblem("a text that does not end") }
        let text = String(decoding: bytes[position..<(position + length)], as: UTF8.self)
        position += length + 1
        return text
    }

    mutating func integer<Number: FixedWidthInteger>() throws(BusProblem) -> Number {
        let size = Number.bitWidth / 8
        try align(size)
        guard size <= end - position else { throw BusProblem("a message that breaks off") }
        var number: Number = 0
        for offset in 0..<size {
            let byte = bytes[position + offset]
            number |= Number(truncatingIfNeeded: byte) << ((isBigEndian ? size - 1 - offset : offset) * 8)
        }
        position += size
        return number
    }

    /// Goes to the next multiple of `size`.
    mutating func align(_ size: Int) throws(BusProblem) {
        let next = (position + size - 1) / size * size
        guard next <= end else { throw BusProblem("a message that breaks off") }
        position = next
    }
}
