import Foundation
import OCISpec
import Planning
import Testing

private func examine(_ fixture: Fixture) throws -> Examination {
    Planning.examine(configJSON: [UInt8](try Data(contentsOf: fixture.url)), syscalls: .complete)
}

private func examine(_ text: String) -> [String] {
    Planning.examine(configJSON: Array(text.utf8), syscalls: .complete).findings.map {
        "\($0.line ?? 0):\($0.column ?? 0) \($0.severity) \($0.pointer): \($0.rule)" + ($0.fix.map { " (\($0))" } ?? "")
    }
}

@Suite struct ExamineTests {
    @Test(arguments: Fixture.configurations(in: "valid"))
    func aValidConfigurationHasNoErrorsButWhatIsNotBuiltYet(_ fixture: Fixture) throws {
        let errors = try examine(fixture).findings.filter { $0.severity == .error && !$0.rule.hasPrefix("not supported yet") }
        #expect(errors == [])
    }

    /// No key of the specification is unknown to the models.
    @Test(arguments: Fixture.configurations(in: "valid").filter { $0.name != "unknown-properties" })
    func aValidConfigurationHasNoUnknownKeys(_ fixture: Fixture) throws {
        #expect(try examine(fixture).findings.filter { $0.rule.hasPrefix("unknown key") } == [])
    }

    @Test(arguments: Fixture.configurations(in: "invalid/rules"))
    func aBrokenRuleIsAnErrorWithItsPlaceAndSection(_ fixture: Fixture) throws {
        let expected = try fixture.expectation
        let finding = try #require(
            try examine(fixture).findings.first { $0.severity != .note && $0.pointer == expected.path && $0.rule.contains(expected.rule) })
        #expect(finding.line != nil && finding.column != nil)
        #expect(finding.section != nil)
    }

    @Test(arguments: Fixture.configurations(in: "invalid/json"))
    func whatCannotBeReadIsAnErrorWithItsPlace(_ fixture: Fixture) throws {
        let expected = try fixture.expectation
        let errors = try examine(fixture).findings.filter { $0.severity == .error && $0.line != nil }
        #expect(errors.contains { $0.pointer == expected.path }, "\(errors)")
    }

    @Test func aSyntaxErrorEndsIt() {
        #expect(
            examine("{\"ociVersion\": \"banana\",\n \"hostname\": }") == ["2:14 error hostname: must have a value here, found \"}\""])
    }

    @Test func whatIsComparedWithAnUnreadableEntryIsNotJudged() {
        let limits = #"[{"type": "RLIMIT_NOFIL", "soft": 1, "hard": 2}, {"type": "RLIMIT_AS", "soft": 5, "hard": 4}]"#
        let text = #"{"ociVersion": "1.3.0", "root": {"path": "r"}, "process": {"cwd": "/", "args": ["a"], "rlimits": "# + limits + "}}"
        #expect(
            examine(text) == [
                #"1:108 error process.rlimits[0].type: unknown value "RLIMIT_NOFIL" (is "RLIMIT_NOFILE" meant?)"#,
                "1:177 error process.rlimits[1].soft: must be at most hard (4), is 5",
            ])
    }

    @Test func withoutReadableNamespacesNothingIsSaidToNeedOne() {
        let text = #"{"ociVersion": "1.3.0", "root": {"path": "r"}, "hostname": "h", "linux": {"namespaces": [{"type": "utss"}]}}"#
        let errors = examine(text).filter { $0.contains(" error ") }
        #expect(errors == [#"1:99 error linux.namespaces[0].type: unknown value "utss" (is "uts" meant?)"#])
    }

    @Test func aLimitThatOnlyOneKindOfHostCannotKeepIsAWarning() {
        let text =
            #"{"ociVersion": "1.3.0", "process": {"cwd": "/", "args": ["a"]}, "root": {"path": "r"}, "linux": {"#
            + #""namespaces": [{"type": "mount"}], "resources": {"memory": {"swappiness": 5}}}}"#
        let found = examine(text)
        #expect(found.count == 1)
        #expect(found.first?.contains("warning linux.resources.memory.swappiness: ") == true)
        #expect(found.first?.contains("cgroup v2") == true)
    }

    @Test func otherPlatformsSectionsAreANote() {
        let text =
            #"{"ociVersion": "1.3.0", "process": {"cwd": "/", "args": ["a"]}, "root": {"path": "r"}, "windows": {}, "linux": {"#
            + #""namespaces": [{"type": "mount"}]}}"#
        #expect(examine(text) == ["1:88 note windows: ignored, because it is for another platform"])
    }
}
