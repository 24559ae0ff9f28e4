import JSON

/// A command line that cannot be understood. Nothing has been done when one is reported.
///
/// The words are those of runc, which callers and tests match; what we add stands in parentheses behind them.
enum UsageProblem: Error, Sendable {
    /// The option is in no table; the table read is kept for a suggestion.
    case unknownOption(String, [Option])
    case missingValue(String)
    case notBoolean(String, option: String)
    case notNumber(String, option: String)
    case badSyntax(String)
    case unknownCommand(String)
    case unknownTopic(String)
    /// The command was given more or fewer arguments than it takes; `program` is the program's name as it was called.
    case wrongCount(CommandName, given: Int, program: String)
    /// The value of an option is none of those it may have.
    case invalidValue(String)

    /// The sentence for people, on stderr and in the log.
    var message: String {
        switch self {
        case .unknownOption(let name, let table): "flag provided but not defined: -\(name)\(UsageProblem.advice(for: name, in: table))"
        case .missingValue(let name): "flag needs an argument: -\(name)"
        case .notBoolean(let value, let name): "invalid boolean value \"\(value)\" for -\(name): parse error"
        case .notNumber(let value, let name): "invalid value \"\(value)\" for flag -\(name): parse error"
        case .badSyntax(let word): "bad flag syntax: \(word)"
        case .unknownCommand(let name), .unknownTopic(let name):
            "No help topic for '\(name)'\(UsageProblem.didYouMean(neighbour(of: name, among: CommandName.allCases.map(\.rawValue))))"
        case .wrongCount(let command, let given, let program):
            "\(program): \"\(command.rawValue)\" requires \(UsageProblem.bound(command.argumentCount, given)) argument(s)"
        case .invalidValue(let sentence): sentence
        }
    }

    /// The exit status, runc's: 3 for an unknown command.
    var exitStatus: Int32 {
        switch self {
        case .unknownCommand, .unknownTopic: 3
        default: 1
        }
    }

    /// What stands above the help on stdout: the error, for a wrong count only the heading; `nil` where no help is printed.
    ///
    /// - Parameter isGlobal: whether the help printed is the program's, whose heading is written with a full stop.
    func heading(isGlobal: Bool) -> String? {
        switch self {
        case .unknownOption, .missingValue, .notBoolean, .notNumber, .badSyntax:
            "Incorrect Usage\(isGlobal ? "." : ":") \(sentence(nil, id: "", message))\n\n"
        case .wrongCount: "Incorrect Usage.\n\n"
        case .unknownCommand, .unknownTopic, .invalidValue: nil
        }
    }

    private static func bound(_ allowed: ClosedRange<Int>, _ given: Int) -> String {
        if allowed.lowerBound == allowed.upperBound { return "exactly \(allowed.lowerBound)" }
        return given < allowed.lowerBound ? "a minimum of \(allowed.lowerBound)" : "a maximum of \(allowed.upperBound)"
    }

    private static func advice(for name: String, in table: [Option]) -> String {
        if let near = neighbour(of: name, among: table.map(\.form.name)) { return didYouMean("--" + near) }
        let isGlobal = !table.contains(.root) && Option.global.contains { $0.form.name == name }
        return isGlobal ? " (a global option: it stands before the command)" : ""
    }

    private static func didYouMean(_ candidate: String?) -> String {
        candidate.map { " (did you mean \($0)?)" } ?? ""
    }
}
