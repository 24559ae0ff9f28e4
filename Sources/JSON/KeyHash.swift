/// Comparing the keys of large objects, for the parser and for the index of a tape.

/// How many slots a table for this many keys has: a power of two, at most half of it taken.
func keyTableCapacity(_ keys: Int) -> Int {
    var capacity = 64
    while capacity < 2 * keys { capacity *= 2 }
    return capacity
}

func isSameKey(_ bytes: [UInt8], _ a: Node, _ b: Node) -> Bool {
    guard a.kind == .string, b.kind == .string else { return isSameEscapedKey(bytes, a, b) }
    guard a.end - a.start == b.end - b.start else { return false }
    for i in 1..<Int(a.end - a.start) where bytes[Int(a.start) + i] != bytes[Int(b.start) + i] { return false }
    return true
}

@inline(never)
private func isSameEscapedKey(_ bytes: [UInt8], _ a: Node, _ b: Node) -> Bool {
    let (longer, shorter) = (max(a.end - a.start, b.end - b.start) - 2, min(a.end - a.start, b.end - b.start) - 2)
    // Or a long key would be copied for each short one that it is compared with.
    guard Int(longer) <= Int(shorter) * mostBytesPerEscapedByte else { return false }
    return unescaped(bytes, a) == unescaped(bytes, b)
}

/// `\u0041` for a letter; no escape takes more for each byte that it stands for.
let mostBytesPerEscapedByte = 6

/// The hash of a key; its seed is secret.
func keyHash(_ bytes: [UInt8], _ key: Node) -> Int {
    guard key.kind == .string else { return keyHash(unescaped(bytes, key).span) }
    return keyHash(bytes.span.extracting(Int(key.start) + 1..<Int(key.end) - 1))
}

func keyHash(_ name: Span<UInt8>) -> Int {
    var hasher = Hasher()
    var word: UInt64 = 0
    for i in name.indices {
        word = word << 8 | UInt64(name[i])
        if i & 7 == 7 { hasher.combine(word) }
    }
    hasher.combine(word)
    hasher.combine(name.count)
    return hasher.finalize()
}
