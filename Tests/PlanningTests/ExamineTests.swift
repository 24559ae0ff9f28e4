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

    @Test func anUnreadableValueHidesNothingWhoseNameBeginsLikeIts() {
        let text =
            #"{"ociVersion": "1.3.0", "process": {"cwd": "/", "args": ["a"]}, "root": {"path": "r"}, "linux": {"#
            + #""namespaces": [{"type": "mount"}], "resources": {"memory": {"swap": "x", "swappiness": 500}}, "#
            + #""sysctl": {"kernel": 1, "kernelfoo": "1"}}}"#
        #expect(
            examine(text) == [
                "1:166 error linux.resources.memory.swap: must be an integer, is a string",
                "1:185 error linux.resources.memory.swappiness: must be 0 to 100, is 500",
                "1:213 error linux.sysctl.kernel: must be a string, is a number",
                "1:229 error linux.sysctl.kernelfoo: must belong to a namespace",
            ])
    }

    @Test func whatLiesInAnUnreadableEntryIsNotJudged() {
        let text =
            #"{"ociVersion": "1.3.0", "process": {"cwd": "/", "args": ["a"]}, "root": {"path": "r"}, "linux": {"#
            + #""namespaces": [{"type": "mount"}], "devices": [{"path": 5, "type": "c"}, {"path": "a", "type": "p"}]}}"#
        #expect(
            examine(text) == [
                "1:154 error linux.devices[0].path: must be a string, is a number",
                #"1:180 error linux.devices[1].path: must be absolute, is "a" (begin it with "/")"#,
            ])
    }
}

/// Configurations for which a look at all that came before, for each finding, takes minutes at least.
@Suite(.timeLimit(.minutes(1))) struct HostileExaminationTests {
    private static let many = 40_000

    private func examine(_ members: String, process: String = "", linux: String = "", syscalls: SyscallTable = .complete) -> Examination {
        let text =
            #"{"ociVersion": "1.3.0", "root": {"path": "r"}, "process": {"cwd": "/", "args": ["a"]\#(process)}, "#
            + #""linux": {"namespaces": [{"type": "mount"}]\#(linux)}\#(members)}"#
        return Planning.examine(configJSON: Array(text.utf8), syscalls: syscalls)
    }

    // A failed check prints what it was called on: never a whole examination.
    private func kinds(_ examination: Examination) -> [String] { examination.findings.map { "\($0.severity) \($0.pointer)" } }

    private func expectCut(_ examination: Examination, at location: SourceLocation = #_sourceLocation) {
        let (count, isCut) = (examination.findings.count, examination.isCut)
        #expect(count == 1000, sourceLocation: location)
        #expect(isCut, sourceLocation: location)
    }

    private func list(_ element: (Int) -> String) -> String { (0..<Self.many).map(element).joined(separator: ",") }

    @Test func noNumberOfWarningsHidesAnError() {
        let examination = examine("," + list { "\"k\($0)\": 1" } + #", "hooks": {"prestart": [{"path": "rel"}]}"#)
        expectCut(examination)
        #expect(kinds(examination).filter { $0.hasPrefix("error") } == ["error hooks.prestart[0].path"])
    }

    @Test func afterAThousandUnreadableValuesNothingElseIsJudged() {
        let examination = examine(#", "mounts": [\#(list { _ in "{}" })]"#, process: #", "oomScoreAdj": 5000"#)
        expectCut(examination)
        let rules = Set(examination.findings.map(\.rule))
        #expect(rules == ["is missing"])
    }

    @Test func whatIsHiddenByUnreadableValuesTakesNoRoomFromOthers() {
        let mappings = (0..<300).map { _ in #"{"containerID": "x", "hostID": 4294967295, "size": 4294967295}"# }.joined(separator: ",")
        let examination = examine(
            "",
            linux:
                #", "uidMappings": [\#(mappings)], "gidMappings": [\#(mappings)], "sysctl": {"foo": "1"}, "devices": [{"path": "a", "type": "p"}]"#
        )
        let errors = kinds(examination)
        #expect(errors.contains("error linux.sysctl.foo"))
        #expect(errors.contains("error linux.devices[0].path"))
    }

    @Test func aCapabilityThatIsNamedManyTimesIsToldOnce() {
        let names = list { _ in #""CAP_CHOWN""# }
        let examination = examine(
            "", process: #", "capabilities": {"effective": [\#(names)], "permitted": [\#(list { _ in #""CAP_KILL""# })]}"#)
        #expect(kinds(examination) == ["warning process.capabilities.effective[0]"])
    }

    @Test func manyUnknownNamesAreCut() {
        let capabilities = examine("", process: #", "capabilities": {"bounding": [\#(list { "\"X\($0)\"" })]}"#)
        expectCut(capabilities)
        let rules = #"[{"action": "SCMP_ACT_ERRNO", "names": [\#(list { "\"nosuch\($0)\"" })]}]"#
        let few = SyscallTable(native: .amd64) { name, _ in name == "read" ? 0 : nil }
        let calls = examine("", linux: #", "seccomp": {"defaultAction": "SCMP_ACT_ALLOW", "syscalls": \#(rules)}"#, syscalls: few)
        expectCut(calls)
    }

    @Test func manyOptionsOfAMountAreLookedAtOnce() {
        let options = list { "\"x\($0)y\"" }
        let examination = examine(
            #", "mounts": [{"destination": "/a", "type": "tmpfs", "source": "x", "options": [\#(options), "rprivat"]}]"#)
        #expect(kinds(examination) == ["warning mounts[0].options[40000]"])
    }

    @Test func moreRulesOfDevicesThanCanBeComparedAreRefused() {
        let rules = list { #"{"allow": true, "type": "c", "major": 1, "minor": \#($0), "access": "r"}"# }
        let examination = examine("", linux: #", "resources": {"devices": [\#(rules)]}"#)
        let rulesBroken = examination.findings.map(\.rule)
        #expect(rulesBroken == ["must have at most 4096 entries, has 40000"])
    }

    @Test func aListOfMillionsOfRangesIsRead() {
        let few = list { _ in "0-1023" }
        #expect(kinds(examine("", linux: #", "memoryPolicy": {"mode": "MPOL_BIND", "nodes": "\#(few)"}"#)) == [])
        let many = list { _ in "0-999999999" }
        let policy = examine("", linux: #", "memoryPolicy": {"mode": "MPOL_BIND", "nodes": "\#(many)"}"#)
        #expect(kinds(policy) == ["error linux.memoryPolicy.nodes"])
    }
}
