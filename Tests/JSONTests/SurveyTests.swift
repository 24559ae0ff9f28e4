import JSON
import Testing

private enum Color: String, JSONName { case red, green }

private struct Part: Codable {
    var name: String
    var color: Color
    var size: UInt8?
}

private struct Whole: Codable {
    var title: String
    var parts: [Part]?
    var labels: [String: String]?
    var limits: [String: Part]?
}

private struct Seen: Equatable, CustomStringConvertible {
    var kind: JSONFinding.Kind
    var place: String
    var rule: String
    var suggestion: String?

    init(_ kind: JSONFinding.Kind, _ place: String, _ rule: String, _ suggestion: String? = nil) {
        (self.kind, self.place, self.rule, self.suggestion) = (kind, place, rule, suggestion)
    }

    var description: String { "\(kind) \(place) \(rule) \(suggestion ?? "-")" }
}

private func found(_ text: String) throws -> [Seen] {
    try JSON.survey(Whole.self, in: Array(text.utf8)).findings.map {
        Seen($0.kind, "\($0.error.line):\($0.error.column) \($0.error.pointer)", $0.error.rule, $0.suggestion)
    }
}

@Suite("Surveys: everything that is wrong at once")
struct SurveyTests {
    @Test func aRightTextHasNoFindingsAndGivesTheModel() throws {
        let text = #"{"title": "a", "parts": [{"name": "b", "color": "red", "size": 3}], "labels": {"x": "y"}}"#
        let survey = try JSON.survey(Whole.self, in: Array(text.utf8))
        #expect(survey.findings.isEmpty)
        #expect(survey.value?.parts?.first?.size == 3)
        #expect(survey.value?.labels == ["x": "y"])
    }

    @Test func everyWrongValueIsFoundAndTheRestIsRead() throws {
        let text = #"{"title": 1, "parts": [{"name": "b", "color": "blue", "size": 300}, 7, {"color": "red"}], "labels": {"x": 2}}"#
        #expect(
            try found(text) == [
                Seen(.wrongValue, "1:11 title", "must be a string, is a number"),
                Seen(.wrongValue, "1:47 parts[0].color", #"unknown value "blue" (must be one of red, green)"#),
                Seen(.wrongValue, "1:63 parts[0].size", "must be 0 to 255, is 300"),
                Seen(.wrongValue, "1:69 parts[1]", "must be an object, is a number"),
                Seen(.missingKey, "1:72 parts[2].name", "is missing"),
                Seen(.wrongValue, "1:107 labels.x", "must be a string, is a number"),
            ])
        let value = try #require(try JSON.survey(Whole.self, in: Array(text.utf8)).value)
        #expect(value.title == "")
        #expect(value.parts?.count == 3)
    }

    @Test func anUnknownKeyIsComparedWithTheAbsentOnesOfItsObject() throws {
        #expect(
            try found(#"{"title": "a", "titel": 1, "partz": [], "limits": {"a": {"name": "n", "color": "red", "Size": 1, "q": {"r": 1}}}}"#)
                == [
                    Seen(.unknownKey, "1:16 titel", ""),
                    Seen(.unknownKey, "1:28 partz", "", "parts"),
                    Seen(.unknownKey, "1:87 limits.a.Size", "", "size"),
                    Seen(.unknownKey, "1:98 limits.a.q", ""),
                ])
    }

    @Test func aKeyThatStandsTwiceIsFoundInSmallAndLargeObjects() throws {
        #expect(
            try found("{\"title\": \"a\",\n \"title\": \"b\", \"labels\": {\"x\": \"1\", \"x\": \"2\"}}") == [
                Seen(.duplicateKey, "2:2 ", #"duplicate key "title" (first at 1:2)"#),
                Seen(.duplicateKey, "2:37 labels", #"duplicate key "x" (first at 2:27)"#),
            ])
        let many = (0..<40).map { "\"k\($0)\": \"\"" }.joined(separator: ",")
        let twice = try found("{\"title\": \"a\", \"labels\": {\"k3\": \"\", \"k3\": \"\", \(many)}}")
        #expect(twice.map(\.rule) == [#"duplicate key "k3" (first at 1:27)"#, #"duplicate key "k3" (first at 1:27)"#])
        #expect(try found("{\"title\": \"a\", \"labels\": {\(many), \"k39\": \"\"}}").count == 1)
    }

    @Test func aTextThatIsNoJSONIsRefused() {
        #expect(throws: JSONError.self) { try JSON.survey(Whole.self, in: Array("{\"title\": }".utf8)) }
    }

    @Test func theKeysOfAModelAreThoseItAsksFor() {
        #expect(JSON.knownKeys(of: Whole.self) == ["title", "parts", "labels", "limits"])
    }

    @Test func placesAreRightInLargeTexts() throws {
        let entries = (0..<5000).map { $0 == 4321 ? #"{"name": 5, "color": "red"}"# : #"{"name": "n", "color": "red"}"# }
        let labels = (0..<5000).map { #""l\#($0)": \#($0 == 99 || $0 == 4098 ? "1" : "\"\"")"# }
        let text =
            "{\"title\": \"a\",\n\"parts\": [\n\(entries.joined(separator: ",\n"))\n],\n\"labels\": {\n\(labels.joined(separator: ",\n"))\n}}"
        #expect(
            try found(text) == [
                Seen(.wrongValue, "4324:10 parts[4321].name", "must be a string, is a number"),
                Seen(.wrongValue, "5104:8 labels.l99", "must be a string, is a number"),
                Seen(.wrongValue, "9103:10 labels.l4098", "must be a string, is a number"),
            ])
    }
}

/// Texts for which a look at all that came before, for each finding, takes minutes at least.
@Suite("Surveys: hostile texts", .timeLimit(.minutes(1)))
struct HostileSurveyTests {
    private static let many = 100_000

    private func survey(_ text: String) throws -> (value: Whole?, findings: [JSONFinding], isCut: Bool, tape: JSONTape) {
        try JSON.survey(Whole.self, in: Array(text.utf8))
    }

    private func list(_ count: Int = many, _ element: (Int) -> String) -> String { (0..<count).map(element).joined(separator: ",\n") }

    @Test func aThousandOfManyUnknownKeysAreKept() throws {
        let survey = try survey("{\(list { "\"k\($0)\": 1" }), \"title\": \"a\"}")
        #expect(survey.findings.count == 1000)
        #expect(survey.isCut)
        #expect(survey.value?.title == "a")
    }

    @Test func aThousandUnknownKeysAreAll() throws {
        let survey = try survey("{\(list(1000) { "\"k\($0)\": 1" }), \"title\": \"a\"}")
        #expect(survey.findings.count == 1000)
        #expect(!survey.isCut)
    }

    @Test func aThousandOfManyDuplicatesOfOneKeyAreKept() throws {
        let survey = try survey("{\"title\": \"a\", \(list { _ in "\"title\": 1" })}")
        #expect(survey.findings.count == 1000)
        #expect(survey.findings.last?.error.rule == #"duplicate key "title" (first at 1:2)"#)
        #expect(survey.isCut)
    }

    @Test func aThousandOfManyKeysThatStandTwiceAreKept() throws {
        let survey = try survey("{\"title\": \"a\", \"labels\": {\(list { "\"k\($0 / 2)\": \"\"" })}}")
        #expect(survey.findings.count == 1000)
        #expect(survey.findings.first?.error.rule == #"duplicate key "k0" (first at 1:27)"#)
        #expect(survey.isCut)
    }

    @Test func theDecodingEndsAfterAThousandWrongValues() throws {
        let survey = try survey("{\"title\": \"a\", \"parts\": [\(list { _ in "1" })]}")
        #expect(survey.findings.count == 1000)
        #expect(survey.findings.last?.error.pointer == "parts[999]")
        #expect(survey.isCut)
        #expect(survey.value == nil)
    }

    @Test func warningsDoNotHideErrors() throws {
        let survey = try survey("{\(list { "\"k\($0)\": 1" }), \"title\": 5}")
        #expect(survey.findings.last?.kind == .wrongValue)
        #expect(survey.findings.count == 1001)
    }

    @Test func manyRightMembersAreRead() throws {
        let survey = try survey("{\"title\": \"a\", \"labels\": {\(list { "\"k\($0)\": \"\"" })}}")
        #expect(survey.findings.isEmpty)
        #expect(survey.value?.labels?.count == Self.many)
    }

    @Test func aLongKeyIsNotRepeatedForEachFindingBeneathIt() throws {
        let key = String(repeating: "k", count: 1 << 20)
        let survey = try survey("{\"title\": \"a\", \"limits\": {\"\(key)\": {\(list(10_000) { "\"u\($0)\": 1" })}}}")
        let pointerBytes = survey.findings.reduce(0) { $0 + $1.error.pointer.utf8.count }
        #expect(pointerBytes < 4 << 20)
        #expect(survey.findings.contains { $0.error.rule == "is missing" })
        #expect(survey.isCut)
    }

    @Test func aKeyOfEscapesIsNotReadForEachShortOne() throws {
        let key = String(repeating: #"\u0041"#, count: 1 << 20)
        let parts = list(3000) { "\"k\($0)\": 1" }
        let survey = try survey("{\"\(key)\": 1, \(parts), \"title\": \"a\"}")
        #expect(survey.value?.title == "a")
    }
}
