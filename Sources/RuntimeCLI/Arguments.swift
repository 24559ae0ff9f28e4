/// A run of options and arguments, read with one table of options.
///
/// Options are written `--name value`, `--name=value`, with one dash as well as with two, or short; a flag may have `=true` or `=false`. A bare `--` ends
/// the options. This is the command line that callers of runc write.
struct Arguments: Sendable {
    /// The options given, in order, with their value; `true` or `false` for a flag.
    private(set) var options: [(option: Option, value: String)] = []
    /// What is not an option, in order.
    private(set) var positional: [String] = []
    /// How many of the words were read; the rest belongs to the command.
    private(set) var wordsRead = 0

    /// Where reading ends.
    enum Extent {
        /// At the first word that is no option: the global options before the command.
        case toFirstPositional
        /// At the end: a command's options may stand behind its arguments.
        case toEnd
        /// At the end, but what looks like an option behind the first argument is an argument too: it is another program's.
        case toEndOptionsFirst
    }

    init() {}

    /// Reads `words`, adding to what was read before.
    ///
    /// What was read before the word at fault is kept, so that `--log` counts for the message about it.
    mutating func read(_ words: ArraySlice<String>, options table: [Option], extent: Extent) throws(UsageProblem) {
        var index = words.startIndex
        defer { wordsRead = index - words.startIndex }
        while index < words.endIndex {
            let word = words[index]
            guard word.utf8.count > 1, word.utf8.first == UInt8(ascii: "-") else {
                if extent == .toFirstPositional { return }
                if extent == .toEndOptionsFirst {
                    positional += words[index...]
                    index = words.endIndex
                    return
                }
                positional.append(word)
                index += 1
                continue
            }
            index += 1
            if word == "--" {
                guard extent != .toFirstPositional else { return }
                positional += words[index...]
                index = words.endIndex
                return
            }
            let (name, attached) = try Arguments.split(word)
            guard let option = Arguments.option(named: name, in: table) else { throw .unknownOption(String(name), table) }
            index += try add(option, name: name, attached: attached, next: index < words.endIndex ? words[index] : nil)
        }
    }

    /// The value of the last mention of `option`; `nil` if it was not given.
    func value(_ option: Option) -> String? {
        options.last { $0.option == option }?.value
    }

    /// Whether the flag was given and not taken back by `=false`.
    func isSet(_ flag: Option) -> Bool {
        value(flag) == "true"
    }

    /// Adds one option and returns how many further words it took.
    private mutating func add(_ option: Option, name: Substring, attached: Substring?, next: String?) throws(UsageProblem) -> Int {
        switch option.form.value {
        case .flag:
            guard let truth = Arguments.truth(attached ?? "true") else { throw .notBoolean(String(attached ?? ""), option: String(name)) }
            options.append((option, truth ? "true" : "false"))
            return 0
        case .text, .number, .duration:
            guard let value = attached.map({ String($0) }) ?? next else { throw .missingValue(String(name)) }
            if option.form.value == .number, Int(value) == nil { throw .notNumber(value, option: String(name)) }
            if option.form.value == .duration, nanoseconds(ofDuration: value) == nil { throw .notNumber(value, option: String(name)) }
            options.append((option, value))
            return attached == nil ? 1 : 0
        }
    }

    /// Parts `--name=value`; the name has one or two dashes before it and at least one letter.
    private static func split(_ word: String) throws(UsageProblem) -> (name: Substring, attached: Substring?) {
        var rest = word.dropFirst()
        if rest.utf8.first == UInt8(ascii: "-") { rest = rest.dropFirst() }
        guard let first = rest.utf8.first, first != UInt8(ascii: "-"), first != UInt8(ascii: "=") else { throw .badSyntax(word) }
        guard let equals = rest.utf8.firstIndex(of: UInt8(ascii: "=")) else { return (rest, nil) }
        return (rest[..<equals], rest[rest.utf8.index(after: equals)...])
    }

    private static func option(named name: Substring, in table: [Option]) -> Option? {
        for option in table {
            let form = option.form
            if form.name == name { return option }
            if let short = form.short, short == name { return option }
        }
        return nil
    }

    /// The truth values that runc's callers may write.
    private static func truth(_ text: Substring) -> Bool? {
        switch text {
        case "1", "t", "T", "true", "TRUE", "True": true
        case "0", "f", "F", "false", "FALSE", "False": false
        default: nil
        }
    }
}
