/// One rule of the specification that a configuration breaks.
public struct SpecProblem: Error, Sendable, Hashable, CustomStringConvertible {
    /// Where in config.json: `linux.resources.memory.limit`; empty for the document itself.
    public let path: String
    /// The rule and the value: `must be at least 1, is 0`.
    public let rule: String

    public init(_ path: String, _ rule: String) {
        self.path = path
        self.rule = rule
    }

    public var description: String { path.isEmpty ? rule : "\(path): \(rule)" }
}
