import OCISpec
import Testing

@testable import Planning

@Suite struct RuleFixtureTests {
    @Test(arguments: Fixture.configurations(in: "invalid/rules"))
    func breaksTheRuleItSaysAndNoOther(_ fixture: Fixture) throws {
        let expected = try fixture.expectation
        let found = try problems(in: fixture.spec, on: .v2)
        #expect(found.count == 1, "\(found)")
        let problem = try #require(found.first { $0.path == expected.path }, "no problem at \(expected.path): \(found)")
        #expect(problem.rule.contains(expected.rule))
    }

    @Test(arguments: Fixture.configurations(in: "valid"))
    func breaksNoRuleOnAHostThatHasEverything(_ fixture: Fixture) throws {
        let host: HostFacts = fixture.name.hasPrefix("v1-") ? .completeV1 : .completeV2
        #expect(try problems(in: fixture.spec, on: host) == [])
    }

    @Test func thereAreFixtures() {
        #expect(Fixture.configurations(in: "invalid/rules").count > 100)
        #expect(Fixture.configurations(in: "valid").count > 60)
    }
}
