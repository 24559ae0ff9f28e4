/// Reads a time span as Go writes it, `1h30m`, `1.5s`, `500ms`, `-2us`, into nanoseconds; `nil` for anything else, or what does not fit.
func nanoseconds(ofDuration text: String) -> Int64? {
    var rest = Array(text.utf8)[...]
    var isNegative = false
    if let sign = rest.first, sign == UInt8(ascii: "-") || sign == UInt8(ascii: "+") {
        isNegative = sign == UInt8(ascii: "-")
        rest = rest.dropFirst()
    }
    if rest.elementsEqual("0".utf8) { return 0 }
    guard !rest.isEmpty else { return nil }
    var total: Int64 = 0
    while !rest.isEmpty {
        guard let part = part(&rest) else { return nil }
        let (sum, isTooLong) = total.addingReportingOverflow(part)
        guard !isTooLong else { return nil }
        total = sum
    }
    return isNegative ? -total : total
}

/// Takes one number with its unit off.
private func part(_ rest: inout ArraySlice<UInt8>) -> Int64? {
    let whole = digits(&rest)
    var fraction: ArraySlice<UInt8> = []
    if rest.first == UInt8(ascii: ".") {
        rest = rest.dropFirst()
        fraction = digits(&rest)
    }
    guard !whole.isEmpty || !fraction.isEmpty, let unit = unit(&rest) else { return nil }
    var value: Int64 = 0
    for digit in whole {
        let (tenfold, isTooLong) = value.multipliedReportingOverflow(by: 10)
        let (sum, isTooLongNow) = tenfold.addingReportingOverflow(Int64(digit - UInt8(ascii: "0")))
        guard !isTooLong, !isTooLongNow else { return nil }
        value = sum
    }
    let (product, isTooLong) = value.multipliedReportingOverflow(by: unit)
    guard !isTooLong else { return nil }
    var total = product
    var scale = unit
    // What is less than a nanosecond is cut off.
    for digit in fraction {
        scale /= 10
        guard scale > 0 else { break }
        let (sum, isTooLong) = total.addingReportingOverflow(scale * Int64(digit - UInt8(ascii: "0")))
        guard !isTooLong else { return nil }
        total = sum
    }
    return total
}

private func digits(_ rest: inout ArraySlice<UInt8>) -> ArraySlice<UInt8> {
    let digits = rest.prefix { $0 >= UInt8(ascii: "0") && $0 <= UInt8(ascii: "9") }
    rest = rest.dropFirst(digits.count)
    return digits
}

/// Takes a unit off; its length in nanoseconds.
private func unit(_ rest: inout ArraySlice<UInt8>) -> Int64? {
    let name = rest.prefix { !($0 >= UInt8(ascii: "0") && $0 <= UInt8(ascii: "9")) && $0 != UInt8(ascii: ".") }
    rest = rest.dropFirst(name.count)
    switch String(decoding: name, as: UTF8.self) {
    case "ns": return 1
    // Both signs for a millionth: micro and the Greek letter.
    case "us", "\u{B5}s", "\u{3BC}s": return 1000
    case "ms": return 1_000_000
    case "s": return 1_000_000_000
    case "m": return 60_000_000_000
    case "h": return 3_600_000_000_000
    default: return nil
    }
}
