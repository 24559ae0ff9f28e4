/// The places of a config.json that could not be read, and what else nothing can be said of because of them.
struct Shadows: Sendable {
    /// The pointers of what could not be read; where that lies in a list's entry, of the entry.
    private var places: Set<String> = []
    /// The lists and objects, up to the first bracket of a pointer, that hold such an entry.
    private var lists: Set<Substring> = []
    private var hidesNamespaces = false

    init(_ unreadable: [String]) {
        for pointer in unreadable {
            if pointer == "linux" || pointer == "linux.namespaces" || pointer.utf8.starts(with: "linux.namespaces[".utf8) {
                hidesNamespaces = true
            }
            guard let bracket = pointer.utf8.lastIndex(of: UInt8(ascii: "]")) else {
                places.insert(pointer)
                continue
            }
            places.insert(String(pointer[...bracket]))
            lists.insert(pointer.beforeFirstBracket)
        }
    }

    /// Whether a rule that is broken at `pointer` may speak of a placeholder: one that stands in for a value of the same entry, or for one that it
    /// is compared with.
    func hide(_ pointer: String, _ rule: String) -> Bool {
        if places.isEmpty { return false }
        if hidesNamespaces, rule.utf8.starts(with: "needs ".utf8) { return true }
        if rule.comparesEntries, pointer.utf8.contains(UInt8(ascii: "[")), lists.contains(pointer.beforeFirstBracket) { return true }
        if places.contains("") || places.contains(pointer) { return true }
        // Each place that the pointer lies in ends where a step begins. A dot within quotes ends none: nothing in the set is cut there.
        let bytes = pointer.utf8
        return bytes.indices.contains { index in
            (bytes[index] == UInt8(ascii: ".") || bytes[index] == UInt8(ascii: "[")) && places.contains(String(pointer[..<index]))
        }
    }
}

extension String {
    /// Whether a rule sets one entry of a list against another.
    fileprivate var comparesEntries: Bool {
        ["must occur only once", "must not overlap", "must not be that of another"].contains { utf8.starts(with: $0.utf8) }
    }

    fileprivate var beforeFirstBracket: Substring { self[..<(utf8.firstIndex(of: UInt8(ascii: "[")) ?? endIndex)] }
}
