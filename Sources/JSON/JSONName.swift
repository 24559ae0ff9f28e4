/// A string that must be one of a closed list of words, modelled as an enum: `enum Kind: String, JSONName { case pid, network, mount }`.
///
/// Any other word is refused with the likely one or the whole list: `unknown value "pidd" (is "pid" meant?)`. An enum that is only
/// `Codable` works too; its message then has just the unknown value.
public protocol JSONName: RawRepresentable, CaseIterable, Codable where RawValue == String {}

extension JSONName {
    /// Reads the word. Inlinable, or Optional<Self> would be made at run time for each enum.
    @inlinable
    public init(from decoder: any Decoder) throws {
        let word = try decoder.singleValueContainer().decode(String.self)
        guard let value = Self(rawValue: word) else {
            let rule = unknownNameRule(word, allowed: Self.allCases.map { $0.rawValue })
            throw DecodingError.dataCorrupted(DecodingError.Context(codingPath: decoder.codingPath, debugDescription: rule))
        }
        self = value
    }

    /// Writes the word.
    @inlinable
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(rawValue)
    }
}

/// The rule that a word outside of a closed list breaks, with a neighbour or, if there is none, the list unless it is long.
///
/// For lists that are no enum, and for words that come from elsewhere than JSON: `unknown value "foo" (must be one of a, b, c)`.
public func unknownNameRule(_ word: String, allowed: [String]) -> String {
    let rule = "unknown value \(quoted(word))"
    if let neighbour = neighbour(of: word, among: allowed) { return rule + " (is \(quoted(neighbour)) meant?)" }
    let list = allowed.joined(separator: ", ")
    return list.utf8.count <= longestListShown ? rule + " (must be one of \(list))" : rule
}

/// A longer list does not help in a message of one line.
private let longestListShown = 160
