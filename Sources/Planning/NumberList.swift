/// A list of numbers and ranges, as the kernel writes sets of CPUs and memory nodes: `0-3,7`.
struct NumberList {
    /// The largest number of the list.
    private(set) var maximum: UInt32 = 0
    private let text: String

    /// Reads a list; `nil` if it is not one. Ranges have to rise; spaces before a number are passed over, as runc does.
    init?(_ text: String) {
        self.text = text
        var largest: UInt32 = 0
        guard forEachRange(in: text, { largest = max(largest, $0.upperBound) }) else { return nil }
        maximum = largest
    }

    /// The numbers as bits: bit n of word n / 64 stands for n. Meant for a `maximum` that has been checked.
    var bits: [UInt64] {
        var words = [UInt64](repeating: 0, count: Int(maximum / 64) + 1)
        _ = forEachRange(in: text) { range in
            let (first, last) = (Int(range.lowerBound / 64), Int(range.upperBound / 64))
            for word in first...last {
                // All of a word but what lies before the range in its first and behind it in its last.
                var bits = UInt64.max
                if word == first { bits &= UInt64.max << UInt64(range.lowerBound % 64) }
                if word == last { bits &= UInt64.max >> UInt64(63 - range.upperBound % 64) }
                words[word] |= bits
            }
        }
        return words
    }
}

/// Whether `list` is numbers and rising ranges with commas between them.
func isNumberList(_ list: String) -> Bool {
    forEachRange(in: list) { _ in }
}

/// Calls `body` with the ranges of a list one by one, so that a list of millions takes no memory.
///
/// - Returns: `false` at the first part that is none.
private func forEachRange(in list: String, _ body: (ClosedRange<UInt32>) -> Void) -> Bool {
    let bytes = list.utf8Span.span
    var index = 0
    while true {
        guard let first = number(bytes, &index) else { return false }
        var last = first
        if index < bytes.count, bytes[index] == UInt8(ascii: "-") {
            index += 1
            guard let number = number(bytes, &index), number >= first else { return false }
            last = number
        }
        body(first...last)
        if index == bytes.count { return true }
        guard bytes[index] == UInt8(ascii: ",") else { return false }
        index += 1
    }
}

/// Reads a number in digits alone, at most nine of them, and goes behind it.
private func number(_ bytes: Span<UInt8>, _ index: inout Int) -> UInt32? {
    while index < bytes.count, bytes[index] == UInt8(ascii: " ") { index += 1 }
    let start = index
    var value: UInt32 = 0
    while index < bytes.count, bytes[index] >= UInt8(ascii: "0"), bytes[index] <= UInt8(ascii: "9") {
        guard index - start < 9 else { return nil }
        value = value * 10 + UInt32(bytes[index] - UInt8(ascii: "0"))
        index += 1
    }
    return index > start ? value : nil
}
