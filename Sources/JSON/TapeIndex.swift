/// What makes places in a tape cheap to find, for those who ask for many of them: `survey`, not the decoder.
///
/// Without it each question counts lines from the first byte and walks siblings from the first. It takes about as much memory as the text.
struct TapeIndex: Sendable {
    /// One count of lines for every `bytesPerCount` bytes.
    private var counts: [LineCounter] = []
    /// The containers with more than `fewChildren`, by node.
    private var wide: [Int: WideContainer] = [:]

    private static let bytesPerCount = 4096
    private static let fewChildren = 64

    init(_ bytes: [UInt8], _ nodes: [Node]) {
        var lines = LineCounter()
        for offset in stride(from: 0, through: bytes.count, by: Self.bytesPerCount) {
            _ = lines.position(of: offset, in: bytes)
            counts.append(lines)
        }
        for (node, value) in nodes.enumerated() where value.kind == .array || value.kind == .object {
            if Int(value.end) > Self.fewChildren { wide[node] = WideContainer(node, bytes, nodes) }
        }
    }

    func position(atOffset offset: Int, in bytes: [UInt8]) -> (line: Int, column: Int) {
        guard let last = counts.indices.last else { return (1, offset + 1) }
        var lines = counts[min(offset / Self.bytesPerCount, last)]
        return lines.position(of: offset, in: bytes)
    }

    /// The container at `node` if it is worth a look here.
    func wideContainer(_ node: Int) -> WideContainer? { wide[node] }
}

/// The children of an array or object with many of them.
struct WideContainer: Sendable {
    /// Every `stepWidth`th child; of a member its key.
    private var milestones: [UInt32] = []
    /// The keys of an object by their hash, the first of equal ones; 0 is free, as a key is never the first node.
    private var table: [UInt32] = []

    private static let stepWidth = 64

    fileprivate init(_ container: Int, _ bytes: [UInt8], _ nodes: [Node]) {
        let isObject = nodes[container].kind == .object
        let count = Int(nodes[container].end)
        if isObject { table = [UInt32](repeating: 0, count: keyTableCapacity(count)) }
        var child = container + 1
        for index in 0..<count {
            if index % Self.stepWidth == 0 { milestones.append(UInt32(truncatingIfNeeded: child)) }
            if isObject { insert(child, bytes, nodes) }
            child = Int(nodes[isObject ? child + 1 : child].next)
        }
    }

    private mutating func insert(_ key: Int, _ bytes: [UInt8], _ nodes: [Node]) {
        var slot = keyHash(bytes, nodes[key]) & (table.count - 1)
        while table[slot] != 0 {
            if isSameKey(bytes, nodes[Int(table[slot])], nodes[key]) { return }
            slot = (slot + 1) & (table.count - 1)
        }
        table[slot] = UInt32(truncatingIfNeeded: key)
    }

    /// The nearest child at or before the one with this index, and its index.
    func milestone(before index: Int) -> (child: Int, index: Int) {
        let place = min(index / Self.stepWidth, milestones.count - 1)
        return (Int(milestones[place]), place * Self.stepWidth)
    }

    /// The nearest child at or before the one that holds `node`, and its index.
    func milestone(beforeNode node: Int) -> (child: Int, index: Int) {
        var (low, high) = (0, milestones.count)
        while high - low > 1 {
            let middle = (low + high) / 2
            if Int(milestones[middle]) <= node { low = middle } else { high = middle }
        }
        return (Int(milestones[low]), low * Self.stepWidth)
    }

    /// The key at a slot of the table, which goes around; `nil` at a free one. A name's search begins at `slot` of its hash.
    func key(at slot: Int) -> Int? {
        let key = table[slot & (table.count - 1)]
        return key == 0 ? nil : Int(key)
    }

    func slot(_ hash: Int) -> Int { hash & (table.count - 1) }
}
