import ContainerRuntime
import Kernel

/// Runs the command line and returns the exit status: 0 for success, 1 for any error, 3 for an unknown command, the program's own for `run`.
///
/// - Parameters:
///   - arguments: the words of the command line, beginning with the program's name.
///   - commit: the first twelve hexadecimal digits of the commit the program was built from, as a number; 0 if unknown.
///
/// An answer goes to stdout; an error is printed once, to the log (`--log`, else stderr), and if the log is a file also as a plain line to stderr.
public func main(arguments: [String], commit: UInt64) -> Int32 {
    occupyStandardDescriptors()
    return execute(arguments, streams: Streams(), commit: commit)
}

/// Opens what is closed of descriptors 0 to 2 on /dev/null.
///
/// Otherwise the next file opened would get such a number, and what is meant for stderr would be written into it.
private func occupyStandardDescriptors() {
    for number in Int32(0)...2 where !Kernel.isOpen(number) {
        // Without /dev/null there is nothing better to put there.
        guard let null = try? Kernel.open("/dev/null", .readWrite) else { return }
        _ = null.release()
    }
}

/// The same as `main`, with the streams to print to.
func execute(_ words: [String], streams: Streams, commit: UInt64 = 0) -> Int32 {
    let line = CommandLineReading(words)
    let logger: Logger
    do {
        logger = try openLog(line, streams)
    } catch {
        report(error, of: nil, id: "", Logger(descriptorNumber: streams.error, format: line.globals.logFormat))
        return 1
    }
    logger.debug(sentence(nil, id: "", "called with: " + words.dropFirst().joined(separator: " ")))
    for warning in line.globals.warnings { logger.warning(warning) }
    switch line.command {
    case .success(let command):
        return run(command, Session(globals: line.globals, logger: logger, streams: streams, commit: commit))
    case .failure(let problem):
        if let heading = problem.heading(isGlobal: line.name == nil) {
            let help = line.name.map { commandHelp($0) } ?? programHelp()
            // The message below is what counts; the help is a service.
            try? streams.write(Array((heading + help).utf8))
        }
        report(problem, logger)
        return problem.exitStatus
    }
}

/// A reader of our output that has gone away, or a limit on files, must not end the runtime between two steps: it comes as an error instead.
private func takeChargeOfSignals() throws(RuntimeError) {
    do {
        try Kernel.ignoreSignals([.SIGPIPE, .SIGXFSZ])
        // Where the caller ignores it, nobody is told how hooks and the container end.
        try Kernel.restoreSignals([.SIGCHLD])
    } catch {
        throw RuntimeError(doing: "take charge of signals", cause: error)
    }
}

private func openLog(_ line: CommandLineReading, _ streams: Streams) throws(RuntimeError) -> Logger {
    let globals = line.globals
    guard let path = globals.log, !line.isAboutProgram else {
        return Logger(descriptorNumber: streams.error, format: globals.logFormat, isDebug: globals.isDebug)
    }
    do {
        return try Logger(appendingTo: path, echo: streams.error, format: globals.logFormat, isDebug: globals.isDebug)
    } catch {
        throw RuntimeError(doing: "open the log file \(path)", cause: error, remark: missingPart(of: path))
    }
}

private func run(_ command: Command, _ session: Session) -> Int32 {
    do throws(RuntimeError) {
        if command.changesContainers { try takeChargeOfSignals() }
        switch command {
        case .version: try session.streams.write(Array(versionText(commit: session.commit).utf8))
        case .help(let topic): try session.streams.write(Array((topic.map { commandHelp($0) } ?? programHelp()).utf8))
        case .create(let command): try command.execute(session)
        case .start(let command): try command.execute(session)
        case .run(let command): return try command.execute(session)
        case .state(let command): try command.execute(session)
        case .kill(let command): try command.execute(session)
        case .delete(let command): try command.execute(session)
        case .pause(let command): try command.execute(session)
        case .resume(let command): try command.execute(session)
        case .update(let command): try command.execute(session)
        case .list(let command): try command.execute(session)
        case .ps(let command): try command.execute(session)
        case .events(let command): try command.execute(session)
        case .stats(let command): try command.execute(session)
        case .spec(let command): try command.execute(session)
        case .validate(let command): try command.execute(session)
        case .features(let command): try command.execute(session)
        case .later(let name): throw RuntimeError(.unsupported, "not supported yet: \(name.rawValue)")
        }
        return 0
    } catch {
        report(error, of: command.name, id: command.id, session.logger)
        return 1
    }
}
