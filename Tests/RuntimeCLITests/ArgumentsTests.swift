import Testing

@testable import RuntimeCLI

/// The words of `line`, which are parted by single spaces, read with the options of `run`.
private func read(_ line: String, _ table: [Option] = CommandName.run.options, _ extent: Arguments.Extent = .toEnd) throws -> Arguments {
    var arguments = Arguments()
    let words = line.split(separator: " ", omittingEmptySubsequences: false).map { String($0) }
    try arguments.read(words[...], options: table, extent: extent)
    return arguments
}

private func problem(_ line: String) -> String? {
    do {
        _ = try read(line)
        return nil
    } catch {
        return (error as? UsageProblem)?.message
    }
}

struct ArgumentsTests {
    @Test(arguments: ["--bundle /b", "--bundle=/b", "-bundle /b", "-bundle=/b", "-b /b", "-b=/b", "--b /b"])
    func aValueFollowsItsOptionInEverySpelling(line: String) throws {
        #expect(try read(line).value(.bundle) == "/b")
    }

    @Test(arguments: ["--detach", "-detach", "-d", "--detach=true", "-d=1", "--detach=T", "--detach=TRUE", "--detach=True", "--detach=t"])
    func aFlagIsSetInEverySpelling(line: String) throws {
        #expect(try read(line).isSet(.detach))
    }

    @Test(arguments: ["--detach=false", "-d=0", "--detach=F", "--detach=FALSE", "--detach=False", "--detach=f", "--detach --detach=false"])
    func aFlagIsTakenBackInEverySpelling(line: String) throws {
        #expect(try read(line).isSet(.detach) == false)
    }

    @Test func aFlagTakesNoWordBehindIt() throws {
        #expect(try read("--detach true").positional == ["true"])
    }

    @Test func optionsMayStandBehindArguments() throws {
        let arguments = try read("web1 --bundle /b --detach")
        #expect(arguments.positional == ["web1"])
        #expect(arguments.value(.bundle) == "/b")
        #expect(arguments.isSet(.detach))
    }

    @Test func theLastMentionOfAnOptionCounts() throws {
        #expect(try read("-b /a --bundle /b").value(.bundle) == "/b")
    }

    @Test func twoDashesEndTheOptions() throws {
        let arguments = try read("-b /b -- --detach -x")
        #expect(arguments.positional == ["--detach", "-x"])
        #expect(!arguments.isSet(.detach))
    }

    @Test func twoDashesMayBeAValue() throws {
        #expect(try read("--bundle -- web1").value(.bundle) == "--")
    }

    @Test func oneDashAloneIsAnArgument() throws {
        #expect(try read("-").positional == ["-"])
    }

    @Test func anEmptyWordIsAnArgument() throws {
        #expect(try read("").positional == [""])
    }

    @Test func aValueMayBeEmptyOrHoldAnEqualsSign() throws {
        #expect(try read("--bundle=").value(.bundle) == "")
        #expect(try read("--bundle=a=b").value(.bundle) == "a=b")
    }

    @Test func globalOptionsEndAtTheCommand() throws {
        let arguments = try read("--root /r --debug state --root", Option.global, .toFirstPositional)
        #expect(arguments.value(.root) == "/r")
        #expect(arguments.isSet(.debug))
        #expect(arguments.wordsRead == 3)
    }

    @Test func twoDashesBeforeTheCommandArePassedOver() throws {
        #expect(try read("--debug -- state", Option.global, .toFirstPositional).wordsRead == 2)
    }

    @Test func whatStoodBeforeAnErrorIsKept() {
        var arguments = Arguments()
        #expect(throws: UsageProblem.self) {
            try arguments.read(["--log", "/l", "--nope"], options: Option.global, extent: .toFirstPositional)
        }
        #expect(arguments.value(.log) == "/l")
    }

    @Test(arguments: [
        ("--nope", "flag provided but not defined: -nope"),
        ("-x", "flag provided but not defined: -x"),
        ("web1 -9", "flag provided but not defined: -9"),
        ("--bundel /b", "flag provided but not defined: -bundel (did you mean --bundle?)"),
        ("--Bundle=/b", "flag provided but not defined: -Bundle (did you mean --bundle?)"),
        ("--root /r", "flag provided but not defined: -root (a global option: it stands before the command)"),
        ("--bundle", "flag needs an argument: -bundle"),
        ("web1 -b", "flag needs an argument: -b"),
        ("--detach=maybe", "invalid boolean value \"maybe\" for -detach: parse error"),
        ("--detach=", "invalid boolean value \"\" for -detach: parse error"),
        ("--preserve-fds two", "invalid value \"two\" for flag -preserve-fds: parse error"),
        ("--preserve-fds=", "invalid value \"\" for flag -preserve-fds: parse error"),
        ("---bundle", "bad flag syntax: ---bundle"),
        ("--=x", "bad flag syntax: --=x"),
        ("-=x", "bad flag syntax: -=x"),
    ])
    func aWrongOptionIsNamed(line: String, message: String) {
        #expect(problem(line) == message)
    }

    @Test(arguments: CommandName.allCases)
    func noTwoOptionsOfACommandShareASpelling(command: CommandName) {
        let spellings = command.options.flatMap { [$0.form.name] + ($0.form.short.map { [$0] } ?? []) }
        #expect(Set(spellings).count == spellings.count)
    }

    @Test func noTwoGlobalOptionsShareASpelling() {
        let spellings = Option.global.flatMap { [$0.form.name] + ($0.form.short.map { [$0] } ?? []) }
        #expect(Set(spellings).count == spellings.count)
    }
}
