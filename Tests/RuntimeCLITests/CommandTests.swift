import Testing

@testable import RuntimeCLI

private func command(_ line: String) throws -> Command {
    try CommandLineReading(["swruntime"] + line.split(separator: " ").map { String($0) }).command.get()
}

private func creation(_ line: String) throws -> CreateCommand {
    guard case .create(let creation) = try command(line) else { throw NotThatCommand() }
    return creation
}

private func running(_ line: String) throws -> RunCommand {
    guard case .run(let run) = try command(line) else { throw NotThatCommand() }
    return run
}

private func killing(_ line: String) throws -> KillCommand {
    guard case .kill(let kill) = try command(line) else { throw NotThatCommand() }
    return kill
}

private struct NotThatCommand: Error {}

struct CommandTests {
    @Test func createTakesTheBundleAndWhatTheShimSends() throws {
        let create = try creation("--root /r create --bundle /b --pid-file /p --no-pivot --no-new-keyring --preserve-fds 0 web1")
        #expect(create.id == "web1")
        #expect(create.bundle == "/b")
        #expect(create.options.pidFile == "/p")
        #expect(!create.options.usesPivotRoot)
        #expect(!create.options.makesSessionKeyring)
        #expect(create.refused == nil)
        #expect(!create.isDryRun)
    }

    @Test func createWithoutOptionsReadsTheCurrentFolder() throws {
        let create = try creation("create web1")
        #expect(create.bundle == ".")
        #expect(create.options.pidFile == nil)
        #expect(create.options.usesPivotRoot)
        #expect(create.options.makesSessionKeyring)
    }

    @Test(arguments: [
        ("--console-socket /s", "--console-socket"), ("--pidfd-socket=/s", "--pidfd-socket"), ("--config /c", "--config"),
        ("--preserve-fds 2", "--preserve-fds 2"),
    ])
    func createKnowsWhatIsNotBuiltYet(option: String, refused: String) throws {
        #expect(try creation("create \(option) web1").refused == refused)
        #expect(try running("run \(option) web1").creation.refused == refused)
    }

    @Test func runWaitsAndDeletesUnlessToldOtherwise() throws {
        let run = try running("run web1")
        #expect(!run.isDetached)
        #expect(!run.keepsContainer)
        #expect(run.isSubreaper)
    }

    @Test func runTakesItsOwnFlags() throws {
        let run = try running("run -d --keep -no-subreaper web1 -b /b")
        #expect(run.isDetached)
        #expect(run.keepsContainer)
        #expect(!run.isSubreaper)
        #expect(run.creation.bundle == "/b")
    }

    @Test(arguments: ["start web1 --bundle /b", "start -b /b web1"])
    func startHasNoUseForABundle(line: String) throws {
        guard case .start(let start) = try command(line) else { throw NotThatCommand() }
        #expect(start.id == "web1")
    }

    @Test(arguments: ["state web1 --bundle /b", "delete web1 --bundle /b", "kill web1 9 --bundle /b"])
    func aBundleBehindTheIDIsAcceptedWhereItIsNotNeeded(line: String) {
        #expect(throws: Never.self) { try command(line) }
    }

    @Test func killTakesTheSignalInBothForms() throws {
        #expect(try killing("kill web1").signal == nil)
        #expect(try killing("kill web1 KILL").signal == "KILL")
        #expect(try killing("kill --signal 9 web1").signal == "9")
        #expect(try killing("kill --signal 9 web1 9").signal == "9")
    }

    @Test func killAllIsAcceptedBeforeAndBehind() throws {
        #expect(try killing("kill --all web1 9").isForAll)
        #expect(try killing("kill web1 9 -a").isForAll)
        #expect(try killing("kill web1 9").isForAll == false)
    }

    @Test func deleteTakesForce() throws {
        guard case .delete(let delete) = try command("delete --force web1") else { throw NotThatCommand() }
        #expect(delete.isForced)
        #expect(delete.id == "web1")
    }

    @Test func listTakesFormatAndQuiet() throws {
        guard case .list(let list) = try command("list -f json -q") else { throw NotThatCommand() }
        #expect(list.format == .json)
        #expect(list.isQuiet)
    }

    @Test func specTakesBundleAndRootless() throws {
        guard case .spec(let spec) = try command("spec --rootless -b /b") else { throw NotThatCommand() }
        #expect(spec.isRootless)
        #expect(spec.bundle == "/b")
    }

    @Test func globalOptionsAreRead() throws {
        let globals = CommandLineReading(["swruntime", "--root=/r", "--log", "/l", "--log-format=json", "--debug", "--strict", "list"])
            .globals
        #expect(globals.root == "/r")
        #expect(globals.log == "/l")
        #expect(globals.logFormat == .json)
        #expect(globals.isDebug)
        #expect(globals.isStrict == true)
        #expect(globals.warnings.isEmpty)
    }

    @Test(arguments: [
        ("--systemd-cgroup list", true), ("--cgroup-manager systemd list", true), ("--cgroup-manager=systemd --systemd-cgroup list", true),
        ("--systemd-cgroup=false list", false), ("--cgroup-manager cgroupfs list", false), ("list", false),
    ])
    func systemdIsAskedByEitherOption(words: String, usesSystemd: Bool) {
        #expect(CommandLineReading(["swruntime"] + words.split(separator: " ").map { String($0) }).globals.usesSystemd == usesSystemd)
    }

    @Test(arguments: [
        "--rootless auto", "--rootless=false", "--cgroup-manager cgroupfs", "--systemd-cgroup=false", "--criu /usr/sbin/criu",
    ])
    func whatOldCallersSendIsAccepted(options: String) {
        #expect(throws: Never.self) { try command("\(options) state web1") }
    }

    @Test func versionAndHelpCountBeforeTheCommand() throws {
        guard case .version = try command("--version state") else { throw NotThatCommand() }
        guard case .help(nil) = try command("--help state") else { throw NotThatCommand() }
        guard case .help(.state) = try command("state --help") else { throw NotThatCommand() }
        guard case .help(.state) = try command("h state") else { throw NotThatCommand() }
        guard case .help(nil) = try command("") else { throw NotThatCommand() }
    }
}
