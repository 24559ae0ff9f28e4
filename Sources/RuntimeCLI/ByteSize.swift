/// Reads a number of bytes as runc's options have it: digits, perhaps with a fraction, and perhaps a unit of base 1,024: `67108864`, `64m`, `1.5G`,
/// `2 KiB`. `-1` is "no limit".
///
/// - Returns: `nil` if it is no such number, or more than a file of the kernel can hold.
func byteSize(_ text: String) -> Int64? {
    if text == "-1" { return -1 }
    var rest = Substring(text).utf8
    let whole = digits(&rest)
    guard !whole.isEmpty else { return nil }
    var fraction: [UInt8] = []
    if rest.first == UInt8(ascii: ".") {
        rest.removeFirst()
        fraction = digits(&rest)
        guard !fraction.isEmpty else { return nil }
    }
    if rest.first == UInt8(ascii: " ") {
        rest.removeFirst()
        guard !rest.isEmpty else { return nil }
    }
    guard let unit = unit(rest) else { return nil }

    var total: UInt64 = 0
    for digit in whole {
        let (product, isTooLarge) = total.multipliedReportingOverflow(by: 10)
        let (sum, carry) = product.addingReportingOverflow(UInt64(digit))
        guard !isTooLarge, !carry else { return nil }
        total = sum
    }
    let (bytes, isTooLarge) = total.multipliedReportingOverflow(by: unit)
    guard !isTooLarge else { return nil }
    // What is left of the fraction beyond is less than a byte of the largest unit.
    var divisor: UInt64 = 1
    var part: UInt64 = 0
    for digit in fraction.prefix(15) {
        divisor *= 10
        part = part * 10 + UInt64(digit)
    }
    let (high, low) = part.multipliedFullWidth(by: unit)
    let (sum, carry) = bytes.addingReportingOverflow(divisor.dividingFullWidth((high, low)).quotient)
    guard !carry else { return nil }
    return Int64(exactly: sum)
}

/// Takes the digits at the front away and returns them as numbers.
private func digits(_ text: inout Substring.UTF8View) -> [UInt8] {
    var digits: [UInt8] = []
    while let byte = text.first, byte >= UInt8(ascii: "0"), byte <= UInt8(ascii: "9") {
        digits.append(byte - UInt8(ascii: "0"))
        text.removeFirst()
    }
    return digits
}

/// How many bytes `k`, `kb` or `KiB` stands for, and so on up to `p`; 1 for `b` and for nothing.
private func unit(_ text: Substring.UTF8View) -> UInt64? {
    let letters = text.map { $0 | 0x20 }
    guard text.allSatisfy({ $0 >= UInt8(ascii: "A") && $0 <= UInt8(ascii: "z") }) else { return nil }
    switch String(decoding: letters, as: UTF8.self) {
    case "", "b": return 1
    case "k", "kb", "kib": return 1 << 10
    case "m", "mb", "mib": return 1 << 20
    case "g", "gb", "gib": return 1 << 30
    case "t", "tb", "tib": return 1 << 40
    case "p", "pb", "pib": return 1 << 50
    default: return nil
    }
}
