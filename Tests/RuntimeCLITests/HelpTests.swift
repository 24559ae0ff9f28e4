import Foundation
import Testing

@testable import RuntimeCLI

/// Compares with `spec-fixtures/help/<name>.txt`; with SWRUNTIME_GOLDEN=rewrite writes that file instead.
private func expectGolden(_ text: String, _ name: String) throws {
    let folder = URL(fileURLWithPath: #filePath).appendingPathComponent("../../../spec-fixtures/help").standardized
    let file = folder.appendingPathComponent(name + ".txt")
    if ProcessInfo.processInfo.environment["SWRUNTIME_GOLDEN"] == "rewrite" {
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        try text.write(to: file, atomically: true, encoding: .utf8)
    }
    #expect(try String(contentsOf: file, encoding: .utf8) == text)
}

struct HelpTests {
    @Test(arguments: CommandName.allCases.filter { !$0.isLater })
    func theHelpOfACommandIsAsReviewed(command: CommandName) throws {
        try expectGolden(commandHelp(command), command.rawValue)
    }

    @Test func theHelpOfTheProgramIsAsReviewed() throws {
        try expectGolden(programHelp(), "swruntime")
    }

    @Test(arguments: ["", "--help", "-h", "help", "h", "--strict"])
    func theProgramsHelpIsPrintedOnStdout(line: String) throws {
        #expect(try call(line) == Outcome(status: 0, output: programHelp(), error: ""))
    }

    @Test(arguments: ["help kill", "kill --help", "kill -h", "kill web1 --help"])
    func aCommandsHelpIsPrintedOnStdout(line: String) throws {
        #expect(try call(line) == Outcome(status: 0, output: commandHelp(.kill), error: ""))
    }

    @Test(arguments: CommandName.allCases.filter(\.isLater))
    func aCommandThatIsNotBuiltSaysSo(command: CommandName) throws {
        #expect(try call("help \(command.rawValue)").output == "NAME:\n   swruntime \(command.rawValue) - not supported yet\n")
    }

    @Test func noLineOfTheHelpIsTooWideForATerminal() {
        let texts = [programHelp()] + CommandName.allCases.map { commandHelp($0) }
        let widest = texts.flatMap { $0.split(separator: "\n") }.map(\.count).max()
        #expect(widest ?? 0 <= 120)
    }

    @Test(arguments: ["--version", "-v"])
    func theVersionIsFiveLines(line: String) throws {
        let outcome = try call(line)
        let lines = outcome.output.split(separator: "\n")
        #expect(outcome.status == 0)
        #expect(lines.count == 5)
        #expect(lines.first == "swruntime version 0.1.0")
        #expect(lines.dropFirst().map { $0.prefix { $0 != ":" } } == ["commit", "spec", "swift", "libseccomp"])
        #expect(lines.contains("spec: 1.3.0"))
        #expect(outcome.output.hasSuffix("\n"))
    }

    @Test(arguments: [(0, "unknown"), (0xc858_ec86_e5e8, "c858ec86e5e8"), (0x00ab_cdef_0123, "00abcdef0123")] as [(UInt64, String)])
    func theVersionNamesTheCommit(commit: UInt64, name: String) {
        #expect(versionText(commit: commit).split(separator: "\n")[1] == "commit: \(name)")
    }
}
