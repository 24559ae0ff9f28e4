/// The text of a string node that the parser has accepted.
func stringValue(_ bytes: [UInt8], _ node: Node) -> String {
    guard node.kind == .string else { return String(decoding: unescaped(bytes, node), as: UTF8.self) }
    return String(decoding: bytes[Int(node.start) + 1..<Int(node.end) - 1], as: UTF8.self)
}

/// The bytes of a string node that the parser has accepted, with its escapes replaced.
func unescaped(_ bytes: [UInt8], _ node: Node) -> [UInt8] {
    var result: [UInt8] = []
    var i = Int(node.start) + 1
    let end = Int(node.end) - 1
    result.reserveCapacity(end - i)
    while i < end {
        guard bytes[i] == UInt8(ascii: "\\") else {
            result.append(bytes[i])
            i += 1
            continue
        }
        switch bytes[i + 1] {
        case UInt8(ascii: "b"): result.append(0x08)
        case UInt8(ascii: "f"): result.append(0x0C)
        case UInt8(ascii: "n"): result.append(0x0A)
        case UInt8(ascii: "r"): result.append(0x0D)
        case UInt8(ascii: "t"): result.append(0x09)
        case UInt8(ascii: "u"):
            var scalar = hexadecimalUnit(bytes, i) ?? 0xFFFD
            if (0xD800..<0xDC00).contains(scalar) {
                scalar = 0x10000 + (scalar - 0xD800) << 10 + ((hexadecimalUnit(bytes, i + 6) ?? 0xDC00) & 0x3FF)
                i += 6
            }
            result.append(contentsOf: String(UnicodeScalar(scalar) ?? "\u{FFFD}").utf8)
            i += 4
        case let other: result.append(other)  // quote, backslash, slash stand for themselves
        }
        i += 2
    }
    return result
}

/// The code unit that `\uXXXX` at `i` stands for; `nil` if the bytes there are something else.
func hexadecimalUnit(_ bytes: [UInt8], _ i: Int) -> UInt32? {
    guard i + 6 <= bytes.count, bytes[i] == UInt8(ascii: "\\"), bytes[i + 1] == UInt8(ascii: "u") else { return nil }
    var unit: UInt32 = 0
    for byte in bytes[i + 2..<i + 6] {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): unit = unit << 4 | UInt32(byte - UInt8(ascii: "0"))
        case UInt8(ascii: "a")...UInt8(ascii: "f"): unit = unit << 4 | UInt32(byte - UInt8(ascii: "a") + 10)
        case UInt8(ascii: "A")...UInt8(ascii: "F"): unit = unit << 4 | UInt32(byte - UInt8(ascii: "A") + 10)
        default: return nil
        }
    }
    return unit
}
