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
}
