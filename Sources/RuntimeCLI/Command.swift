/// A command line that was understood: what to do, with everything it needs to know.
enum Command: Sendable {
    case version
    /// The help of one command, or of the program.
    case help(CommandName?)
    case create(CreateCommand)
    case start(StartCommand)
    case run(RunCommand)
    case state(StateCommand)
    case kill(KillCommand)
    case delete(DeleteCommand)
    case pause(PauseCommand)
    case resume(ResumeCommand)
    case update(UpdateCommand)
    case list(ListCommand)
    case ps(PsCommand)
    case events(EventsCommand)
    case stats(StatsCommand)
    case spec(SpecCommand)
    case validate(ValidateCommand)
    case features(FeaturesCommand)
    /// A command that is known by name only.
    case later(CommandName)

    /// The command's name, as it begins the line of an error; none where the line speaks for itself.
    var name: CommandName? {
        switch self {
        case .version, .help, .later: nil
        case .create: .create
        case .start: .start
        case .run: .run
        case .state: .state
        case .kill: .kill
        case .delete: .delete
        case .pause: .pause
        case .resume: .resume
        case .update: .update
        case .list: .list
        case .ps: .ps
        case .events: .events
        case .stats: .stats
        case .spec: .spec
        case .validate: .validate
        case .features: .features
        }
    }

    /// Whether it makes, starts, changes or removes a container, in steps of which none must be left half done.
    var changesContainers: Bool {
        switch self {
        case .create, .start, .run, .delete, .update: true
        case .version, .help, .state, .kill, .pause, .resume, .list, .ps, .events, .stats, .spec, .validate, .features, .later: false
        }
    }

    /// The container it is about; empty if none.
    var id: String {
        switch self {
        case .create(let command): command.id
        case .start(let command): command.id
        case .run(let command): command.creation.id
        case .state(let command): command.id
        case .kill(let command): command.id
        case .delete(let command): command.id
        case .pause(let command): command.id
        case .resume(let command): command.id
        case .update(let command): command.id
        case .ps(let command): command.id
        case .events(let command): command.id
        case .version, .help, .list, .stats, .spec, .validate, .features, .later: ""
        }
    }
}

/// The words of the command line, read.
struct CommandLineReading {
    /// The global options, as far as they could be read.
    let globals: GlobalOptions
    /// The command whose name was found, even if its options could not be read.
    private(set) var name: CommandName?
    /// The command, or why there is none.
    private(set) var command: Result<Command, UsageProblem>

    /// Whether the program or its usage is asked for: then no log is opened, and nothing else is needed.
    var isAboutProgram: Bool {
        switch command {
        case .success(.version), .success(.help): true
        default: false
        }
    }

    /// Reads the whole command line; `words` begins with the program's name.
    ///
    /// Makes no call and touches nothing.
    init(_ words: [String]) {
        var arguments = Arguments()
        do {
            try arguments.read(words.dropFirst(), options: Option.global, extent: .toFirstPositional)
        } catch {
            globals = GlobalOptions(arguments)
            command = .failure(error)
            return
        }
        globals = GlobalOptions(arguments)
        let rest = words.dropFirst(1 + arguments.wordsRead)
        name = rest.first.flatMap { CommandName(word: $0) }
        do {
            command = .success(try CommandLineReading.command(name, rest, globals: arguments, program: words.first ?? "swruntime"))
        } catch {
            command = .failure(error)
        }
    }

    private static func command(
        _ name: CommandName?, _ words: ArraySlice<String>, globals: Arguments, program: String
    ) throws(UsageProblem) -> Command {
        if globals.isSet(.help) { return .help(nil) }
        if globals.isSet(.version) { return .version }
        guard let word = words.first else { return .help(nil) }
        guard let name else { throw .unknownCommand(word) }
        if name.isLater { return .later(name) }
        var arguments = Arguments()
        try arguments.read(words.dropFirst(), options: name.options, extent: name == .ps ? .toEndOptionsFirst : .toEnd)
        if arguments.isSet(.help) { return .help(name) }
        let given = arguments.positional.count
        guard name.argumentCount.contains(given) else { throw .wrongCount(name, given: given, program: program) }
        if name == .help { return .help(try topic(arguments)) }
        try GlobalOptions.check(globals)
        return try Command(name, arguments)
    }

    private static func topic(_ arguments: Arguments) throws(UsageProblem) -> CommandName? {
        guard let word = arguments.positional.first else { return nil }
        guard let topic = CommandName(word: word) else { throw .unknownTopic(word) }
        return topic
    }
}

extension CommandName {
    /// The command called `word`; `h` is short for `help`.
    init?(word: String) {
        self.init(rawValue: word == "h" ? "help" : word)
    }
}

extension Command {
    /// Makes the command from options and arguments that are known to be its own, in the right number.
    fileprivate init(_ name: CommandName, _ arguments: Arguments) throws(UsageProblem) {
        let id = arguments.positional.first ?? ""
        switch name {
        case .create: self = .create(CreateCommand(id: id, arguments))
        case .start: self = .start(StartCommand(id: id))
        case .run: self = .run(RunCommand(id: id, arguments))
        case .state: self = .state(StateCommand(id: id))
        case .kill: self = .kill(try KillCommand(id: id, arguments))
        case .delete: self = .delete(DeleteCommand(id: id, isForced: arguments.isSet(.force)))
        case .pause: self = .pause(PauseCommand(id: id))
        case .resume: self = .resume(ResumeCommand(id: id))
        case .update: self = .update(try UpdateCommand(id: id, arguments))
        case .list: self = .list(try ListCommand(arguments))
        case .ps: self = .ps(try PsCommand(id: id, arguments))
        case .events: self = .events(EventsCommand(id: id, arguments))
        case .stats: self = .stats(try StatsCommand(arguments))
        case .spec: self = .spec(SpecCommand(arguments))
        case .validate: self = .validate(try ValidateCommand(arguments))
        case .features: self = .features(FeaturesCommand())
        case .help: self = .help(nil)
        case .exec, .checkpoint, .restore: self = .later(name)
        }
    }
}
