/// A list of numbers and ranges, as the kernel writes sets of CPUs and memory nodes: `0-3,7`.
struct NumberList {
    private(set) var ranges: [ClosedRange<UInt32>] = []

    /// Reads a list; `nil` if it is not one. Ranges have to rise; spaces before a number are passed over, as runc does.
    init?(_ text: String) {
        for part in text.utf8.split(separator: UInt8(ascii: ","), omittingEmptySubsequences: false) {
            let ends = part.split(separator: UInt8(ascii: "-"), omittingEmptySubsequences: false)
            guard ends.count <= 2, let first = ends.first.flatMap(number), let last = ends.last.flatMap(number), first <= last else {
                return nil
            }
            ranges.append(first...last)
        }
    }

    /// The largest number of the list.
    var maximum: UInt32 { ranges.map(\.upperBound).max() ?? 0 }

    /// The numbers as bits: bit n of word n / 64 stands for n.
    var bits: [UInt64] {
        var words = [UInt64](repeating: 0, count: Int(maximum / 64) + 1)
        for range in ranges {
            for number in range { words[Int(number / 64)] |= 1 << UInt64(number % 64) }
        }
        return words
    }
}

/// Whether `list` is numbers and rising ranges with commas between them.
func isNumberList(_ list: String) -> Bool {
    NumberList(list) != nil
}

/// A number in digits alone, at most nine of them.
private func number(_ text: Substring.UTF8View) -> UInt32? {
    let trimmed = text.drop { $0 == UInt8(ascii: " ") }
    guard !trimmed.isEmpty, trimmed.count <= 9 else { return nil }
    var value: UInt32 = 0
    for byte in trimmed {
        guard byte >= UInt8(ascii: "0"), byte <= UInt8(ascii: "9") else { return nil }
        value = value * 10 + UInt32(byte - UInt8(ascii: "0"))
    }
    return value
}
