import Foundation
import Testing

@testable import RuntimeCLI

struct MessageTests {
    @Test(arguments: [
        ("foo", 3, "No help topic for 'foo'"),
        ("creat web1", 3, "No help topic for 'creat' (did you mean create?)"),
        ("help foo", 3, "No help topic for 'foo'"),
        ("--log-format xml state web1", 1, "invalid log-format: xml (text or json)"),
        ("--rootless true state web1", 1, "not supported yet: --rootless true"),
        ("--rootless maybe state web1", 1, "invalid value \"maybe\" for flag -rootless: must be true, false or auto"),
        (
            "--systemd-cgroup --cgroup-manager cgroupfs state web1", 1,
            "--systemd-cgroup and --cgroup-manager cgroupfs contradict each other"
        ),
        ("--cgroup-manager x state web1", 1, "invalid value \"x\" for flag -cgroup-manager: must be cgroupfs, systemd or disabled"),
        ("list --format xml", 1, "invalid format option: xml (table or json)"),
        ("kill --signal 9 web1 15", 1, "signal given twice: --signal 9 and 15"),
        ("kill web1 FOO", 1, "kill web1: unknown signal \"FOO\""),
        ("--root / state web1", 1, "state web1: Option --root argument should not be set to /"),
        ("--root=/a/../.. state web1", 1, "state web1: Option --root argument should not be set to /"),
        ("--root= state web1", 1, "state web1: Option --root argument should not be set to /"),
        ("create --console-socket /s web1", 1, "create web1: not supported yet: --console-socket"),
        ("create --preserve-fds 3 web1", 1, "create web1: not supported yet: --preserve-fds 3"),
        ("run --pidfd-socket /s web1", 1, "run web1: not supported yet: --pidfd-socket"),
        ("exec web1 ls -l", 1, "not supported yet: exec"),
        ("validate --format xml", 1, "invalid format option: xml (text or json)"),
        ("checkpoint --image-path /i web1", 1, "not supported yet: checkpoint"),
    ])
    func anErrorIsOneLineOnStderr(line: String, status: Int32, message: String) throws {
        #expect(try call(line) == Outcome(status: status, output: "", error: errorLine(message)))
    }

    @Test(arguments: [
        ("state", "\"state\" requires exactly 1 argument(s)"),
        ("state a b", "\"state\" requires exactly 1 argument(s)"),
        ("create", "\"create\" requires exactly 1 argument(s)"),
        ("start a b", "\"start\" requires exactly 1 argument(s)"),
        ("run", "\"run\" requires exactly 1 argument(s)"),
        ("delete", "\"delete\" requires exactly 1 argument(s)"),
        ("kill", "\"kill\" requires a minimum of 1 argument(s)"),
        ("kill a 9 9", "\"kill\" requires a maximum of 2 argument(s)"),
        ("list a", "\"list\" requires exactly 0 argument(s)"),
        ("spec a", "\"spec\" requires exactly 0 argument(s)"),
        ("help a b", "\"help\" requires a maximum of 1 argument(s)"),
    ])
    func aWrongCountPrintsTheCommandsHelp(line: String, message: String) throws {
        let name = try #require(CommandName(rawValue: String(line.prefix { $0 != " " })))
        #expect(
            try call(line)
                == Outcome(status: 1, output: "Incorrect Usage.\n\n" + commandHelp(name), error: errorLine("swruntime: " + message)))
    }

    @Test func anUnknownGlobalOptionPrintsTheProgramsHelp() throws {
        let message = "flag provided but not defined: -foo"
        #expect(
            try call("--foo state web1")
                == Outcome(status: 1, output: "Incorrect Usage. \(message)\n\n" + programHelp(), error: errorLine(message)))
    }

    @Test func anUnknownOptionPrintsTheCommandsHelp() throws {
        let message = "flag provided but not defined: -foo"
        #expect(
            try call("state --foo web1")
                == Outcome(status: 1, output: "Incorrect Usage: \(message)\n\n" + commandHelp(.state), error: errorLine(message)))
    }

    @Test func theHeadingOfTheHelpStaysOnOneLine() throws {
        #expect(
            try call(["state", "--a\u{1b}[31m\nb"]).output.hasPrefix(
                "Incorrect Usage: flag provided but not defined: -a\\u001b[31m\\nb\n\nNAME:"))
    }

    @Test func withALogFileTheMessageIsAlsoAPlainLineOnStderr() throws {
        let log = try Scratch()
        #expect(try call("--log \(log.path) kill web1 FOO").error == "kill web1: unknown signal \"FOO\"\n")
        #expect(withoutTimes(try log.text()) == errorLine("kill web1: unknown signal \"FOO\""))
    }

    @Test func aJSONLogHasTheKindAndTheOperation() throws {
        let log = try Scratch()
        _ = try call("--log \(log.path) --log-format json kill web1 FOO")
        #expect(
            withoutTimes(try log.text())
                == #"{"level":"error","msg":"kill web1: unknown signal \"FOO\"","time":"T","code":"invalidArgument","op":"kill"}"# + "\n")
    }

    @Test func theLogIsAppendedTo() throws {
        let log = try Scratch()
        for _ in 1...2 { _ = try call("--log \(log.path) exec") }
        #expect(withoutTimes(try log.text()) == errorLine("not supported yet: exec") + errorLine("not supported yet: exec"))
    }

    @Test(arguments: ["state --foo web1", "state", "foo", "--foo"])
    func aBadCommandLineIsInTheLogToo(line: String) throws {
        let log = try Scratch()
        let outcome = try call("--log \(log.path) --log-format json " + line)
        let message = outcome.error.dropLast().replacing("\"", with: "\\\"")
        #expect(
            withoutTimes(try log.text()) == "{\"level\":\"error\",\"msg\":\"\(message)\",\"time\":\"T\",\"code\":\"invalidArgument\"}\n")
    }

    @Test func aLogThatCannotBeOpenedIsSaidOnStderr() throws {
        #expect(
            try call("--log /proc/no/such/log state web1")
                == Outcome(
                    status: 1, output: "",
                    error: errorLine(
                        "open the log file /proc/no/such/log: openat(2): ENOENT (no such file or directory); /proc/no does not exist")))
    }

    @Test func helpAndVersionOpenNoLog() throws {
        #expect(try call("--log /proc/no/such/log --version").status == 0)
        #expect(try call("--log /proc/no/such/log help state").status == 0)
    }

    @Test func debugTellsHowTheProgramWasCalled() throws {
        let lines = try call("--debug exec web1").error.split(separator: "\n")
        #expect(lines.first == "time=\"T\" level=debug msg=\"called with: --debug exec web1\"")
    }

    @Test func oldCallersAreWarnedAboutCriu() throws {
        let lines = try call("--criu /usr/sbin/criu exec web1").error.split(separator: "\n")
        #expect(lines.first == "time=\"T\" level=warning msg=\"--criu is ignored: the criu found in PATH is used\"")
    }

    @Test func anAnswerThatCannotBeWrittenIsAnError() throws {
        let full = try FileHandle(forWritingTo: URL(fileURLWithPath: "/dev/full"))
        let error = try Scratch()
        let status = execute(["swruntime", "--version"], streams: Streams(output: full.fileDescriptor, error: error.descriptor))
        #expect(status == 1)
        #expect(withoutTimes(try error.text()) == errorLine("write to standard output: write(2): ENOSPC (no space left on device)"))
    }

    @Test func aSentenceNamesOperationAndContainer() {
        #expect(
            sentence(.create, id: "web1", "container with given ID already exists") == "create web1: container with given ID already exists"
        )
        #expect(sentence(.list, id: "", "x") == "list: x")
        #expect(sentence(nil, id: "", "x") == "x")
    }

    @Test func whatWouldBreakTheLineIsEscaped() {
        #expect(
            sentence(.state, id: "a\nb", "c\td\r\u{1b}[31m\u{7f}\u{2028}\u{202e}é") == #"state a\nb: c\td\r\u001b[31m\u007f\u2028\u202eé"#)
    }

    @Test func aLongSentenceLosesItsMiddle() {
        let line = sentence(.create, id: "web1", String(repeating: "a", count: 1000) + ": ENOENT")
        #expect(line.unicodeScalars.count == 400)
        #expect(line.hasPrefix("create web1: aaa"))
        #expect(line.hasSuffix("aaa: ENOENT"))
        #expect(line.contains("a…a"))
    }

    @Test func aSentenceOf400IsKept() {
        let line = sentence(nil, id: "", String(repeating: "é", count: 400))
        #expect(line == String(repeating: "é", count: 400))
    }
}
