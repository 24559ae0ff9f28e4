import JSON

/// One rule of the specification that a configuration breaks.
public struct SpecProblem: Error, Sendable, Hashable, CustomStringConvertible {
    /// Where in config.json: `linux.resources.memory.limit`; empty for the document itself.
    public let path: String
    /// The rule and the value: `must be at least 1, is 0`.
    public let rule: String

    /// Creates the value from its properties.
    public init(_ path: String, _ rule: String) {
        self.path = path
        self.rule = rule
    }

    /// Path and rule in one line; a very long path is cut in its middle.
    public var description: String { path.isEmpty ? rule : "\(shortened(path, to: longestPathShown)): \(rule)" }
}

/// How much of a path a message shows; together with the rule it stays below the 400 characters of a log line.
private let longestPathShown = 160
