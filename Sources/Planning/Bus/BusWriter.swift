/// Puts values one behind the other as D-Bus wants them: little-endian, each at a multiple of its size.
///
/// See the D-Bus specification, "Marshaling (Wire Format)".
struct BusWriter: Sendable {
    private(set) var bytes: [UInt8] = []

    mutating func write(_ value: BusValue) {
        switch value {
        case .byte(let byte): bytes.append(byte)
        case .boolean(let truth): write(integer: UInt32(truth ? 1 : 0))
        case .int16(let number): write(integer: number)
        case .uint16(let number): write(integer: number)
        case .int32(let number): write(integer: number)
        case .uint32(let number): write(integer: number)
        case .int64(let number): write(integer: number)
        case .uint64(let number): write(integer: number)
        case .double(let number): write(integer: number.bitPattern)
        case .string(let text), .objectPath(let text): write(text: text)
        case .signature(let signature): write(signature: signature)
        case .array(let element, let values): write(element: element, values)
        case .structure(let members):
            align(8)
            for member in members { write(member) }
        case .entry(let key, let value):
            align(8)
            write(key)
            write(value)
        case .variant(let value):
            write(signature: value.signature)
            write(value)
        }
    }

    mutating func write(integer: some FixedWidthInteger) {
        let size = integer.bitWidth / 8
        align(size)
        for shift in 0..<size { bytes.append(UInt8(truncatingIfNeeded: integer >> (shift * 8))) }
    }

    /// Fills up with zeros to a multiple of `size`.
    mutating func align(_ size: Int) {
        while bytes.count % size != 0 { bytes.append(0) }
    }

    mutating func append(_ more: [UInt8]) {
        bytes += more
    }

    private mutating func write(text: String) {
        write(integer: UInt32(truncatingIfNeeded: text.utf8.count))
        bytes += text.utf8
        bytes.append(0)
    }

    private mutating func write(signature: String) {
        bytes.append(UInt8(truncatingIfNeeded: signature.utf8.count))
        bytes += signature.utf8
        bytes.append(0)
    }

    /// The length in front counts the elements alone, not the zeros before the first one.
    private mutating func write(element: String, _ values: [BusValue]) {
        write(integer: UInt32(0))
        let place = bytes.count - 4
        align(element.utf8.first.flatMap(busAlignment) ?? 1)
        let start = bytes.count
        for value in values { write(value) }
        let length = UInt32(truncatingIfNeeded: bytes.count - start)
        for shift in 0..<4 { bytes[place + shift] = UInt8(truncatingIfNeeded: length >> (shift * 8)) }
    }
}
