import Foundation
import JSON
import Testing

/// The error that parsing ends with, as a line; `nil` if the text is accepted.
private func parsingError(_ bytes: [UInt8], limits: JSONLimits = .configuration) -> String? {
    do {
        _ = try JSONTape(parsing: bytes, limits: limits)
        return nil
    } catch {
        return error.description
    }
}

private func parsingError(_ text: String, limits: JSONLimits = .configuration) -> String? { parsingError(Array(text.utf8), limits: limits) }

struct GrammarTests {
    private static let accepted = [
        "null", "true", "false", "0", "-0", "1", "-1", "10", "1.5", "-0.25", "1e3", "1E+3", "0e-1", "12345678901234567890123", "1e400",
        "\"\"",
        "{}", "[]", " \t\r\n{ } \n", "[ ]", "[1]", "[1,2]", "[[],{},[[]]]", #"{"a":1}"#, #"{ "a" : [ 1 , {"a" : null} ] }"#, #"{"":1}"#,
        #""\"\\\/\b\f\n\r\t\u0041\u00e9\u20AC""#, #""\ud83d\uDE00""#, "\"\u{7f}é€😀\u{10ffff}\"", #"{"a":1,"A":2}"#,
    ]

    private static let refused: [(String, String)] = [
        ("", "1:1: unexpected end of input"),
        (" \n ", "2:2: unexpected end of input"),
        ("{", "1:2: unexpected end of input"),
        ("[1,", "1:4: [1]: unexpected end of input"),
        (#"{"a""#, "1:5: a: unexpected end of input"),
        (#"{"a":"#, "1:6: a: unexpected end of input"),
        (#"{"a":[{"b":"c"#, "1:14: a[0].b: unexpected end of input"),
        ("tru", "1:4: unexpected end of input"),
        ("truE", #"1:4: must have true here, found "E""#),
        ("nul!", #"1:4: must have null here, found "!""#),
        ("True", #"1:1: must have a value here, found "T""#),
        ("1 2", #"1:3: must end here, found "2""#),
        ("{}}", #"1:3: must end here, found "}""#),
        ("{}\u{0}", "1:3: must end here, found the byte 0x00"),
        ("truetrue", #"1:5: must end here, found "t""#),
        ("[1 2]", #"1:4: must have "," or "]" here, found "2""#),
        ("[1}", #"1:3: must have "," or "]" here, found "}""#),
        ("[,]", #"1:2: [0]: must have a value here, found ",""#),
        ("[1,]", #"1:3: must not have a comma before "]""#),
        ("[1,,2]", #"1:4: [1]: must have a value here, found ",""#),
        (#"{"a":1,}"#, #"1:7: must not have a comma before "}""#),
        (#"{"a" 1}"#, #"1:6: a: must have ":" here, found "1""#),
        (#"{"a":}"#, #"1:6: a: must have a value here, found "}""#),
        (#"{"a":1 "b":2}"#, #"1:8: must have "," or "}" here, found "\"""#),
        ("{a:1}", #"1:2: must have a key in double quotes here, found "a""#),
        ("{1:1}", #"1:2: must have a key in double quotes here, found "1""#),
        ("{'a':1}", #"1:2: must have a key in double quotes here, found "'""#),
        ("[1] // x", #"1:5: must end here, found "/""#),
        ("{// x\n}", #"1:2: must have a key in double quotes here, found "/" (JSON has no comments)"#),
        ("01", "1:1: must not have a leading zero"),
        ("-01", "1:1: must not have a leading zero"),
        ("-", "1:2: unexpected end of input"),
        ("+1", #"1:1: must have a value here, found "+""#),
        (".5", #"1:1: must have a value here, found ".""#),
        ("1.", "1:3: unexpected end of input"),
        ("[1.]", #"1:4: [0]: must have a digit here, found "]""#),
        ("[1e]", #"1:4: [0]: must have a digit here, found "]""#),
        ("[1e+]", #"1:5: [0]: must have a digit here, found "]""#),
        ("[-a]", #"1:3: [0]: must have a digit here, found "a""#),
        ("[0x1]", #"1:3: must have "," or "]" here, found "x""#),
        ("NaN", #"1:1: must have a value here, found "N""#),
        ("[-Infinity]", #"1:3: [0]: must have a digit here, found "I""#),
        ("\u{feff}{}", "1:1: must not begin with a byte order mark"),
        ("\u{a0}1", "1:1: must have a value here, found the byte 0xc2"),
        ("\"a", "1:3: unexpected end of input"),
        ("\"a\\", "1:4: unexpected end of input"),
        ("\"a\\u00", "1:7: unexpected end of input"),
        ("\"a\nb\"", "1:3: must not contain a line break (is a closing quote missing?)"),
        ("\"a\tb\"", "1:3: must not contain the control character 0x09 unescaped"),
        ("[\"a\u{0}b\"]", "1:4: [0]: must not contain the NUL character"),
        (#"{"a": "x\u0000"}"#, "1:9: a: must not contain the NUL character"),
        (#"{"a\u0000": 1}"#, "1:4: must not contain the NUL character"),
        (#""\x""#, #"1:2: must not contain the unknown escape "\x""#),
        (#""\U0041""#, #"1:2: must not contain the unknown escape "\U""#),
        (#""\u12G4""#, #"1:2: must have four hexadecimal digits after \u, has "\u12G4""#),
        ("\"\\u12\n4\"", #"1:2: must have four hexadecimal digits after \u, has "\u12\u000a4""#),
        (#""\ud800""#, #"1:2: must not contain the lone surrogate "\ud800""#),
        (#""\udc00""#, #"1:2: must not contain the lone surrogate "\udc00""#),
        (#""\ud800\u0041""#, #"1:2: must not contain the lone surrogate "\ud800""#),
        (#""\ud800\ud800""#, #"1:2: must not contain the lone surrogate "\ud800""#),
    ]

    @Test(arguments: accepted)
    func aTextAfterTheGrammarIsAccepted(_ text: String) {
        #expect(parsingError(text) == nil)
    }

    @Test(arguments: refused)
    func aTextAgainstTheGrammarIsRefusedWithItsPlace(_ text: String, _ message: String) {
        #expect(parsingError(text) == message)
    }

    @Test(
        arguments: [
            ([0x80], "0x80"), ([0xC0, 0x80], "0xc0"), ([0xC1, 0xBF], "0xc1"), ([0xC3, 0x28], "0xc3 followed by 0x28"),
            ([0xE0, 0x9F, 0xBF], "0xe0 followed by 0x9f"), ([0xED, 0xA0, 0x80], "0xed followed by 0xa0"),
            ([0xE2, 0x82, 0x28], "0xe2 followed by 0x28"), ([0xF0, 0x8F, 0xBF, 0xBF], "0xf0 followed by 0x8f"),
            ([0xF4, 0x90, 0x80, 0x80], "0xf4 followed by 0x90"), ([0xF5, 0x80, 0x80, 0x80], "0xf5"), ([0xFF], "0xff"), ([0xFE], "0xfe"),
        ] as [([UInt8], String)])
    func invalidUTF8IsRefused(_ sequence: [UInt8], _ bytes: String) {
        #expect(parsingError(Array(#"["é", ""#.utf8) + sequence + Array(#""]"#.utf8)) == "1:9: [1]: must be UTF-8, has the byte \(bytes)")
    }

    @Test func aCutSequenceAtTheEndIsRefused() {
        #expect(parsingError([0x22, 0xF0, 0x9F, 0x98]) == "1:5: unexpected end of input")
    }

    @Test(arguments: [
        (#"{"a": 1, "b": 2, "a": 3}"#, #"1:18: duplicate key "a""#),
        ("{\"x\": [{\n\"hostname\": 1,\n\"hostname\": 2}]}", #"3:1: x[0]: duplicate key "hostname""#),
        (#"{"a": 1, "\u0061": 2}"#, #"1:10: duplicate key "a""#),
        (#"{"": 1, "": 2}"#, #"1:9: duplicate key """#),
        (#"{"a\nb": 1, "a\u000ab": 2}"#, #"1:13: duplicate key "a\u000ab""#),
    ])
    func aKeyThatOccursTwiceIsRefused(_ text: String, _ message: String) {
        #expect(parsingError(text) == message)
    }

    @Test(arguments: [15, 16, 17, 18, 33, 1000])
    func aDuplicateIsFoundInAnObjectOfAnySize(_ count: Int) {
        let members = (0..<count).map { "\"key\($0)\":{\"a\":[\($0)]}" }
        #expect(parsingError("{" + members.joined(separator: ",") + "}") == nil)
        let column = members.joined(separator: ",").utf8.count + 3
        #expect(parsingError("{" + members.joined(separator: ",") + ",\"key0\":1}") == "1:\(column): duplicate key \"key0\"")
        let last = members.dropLast().joined(separator: ",").utf8.count + 3
        #expect(parsingError("{" + members.dropLast().joined(separator: ",") + ",\"\\u006bey7\":1}") == "1:\(last): duplicate key \"key7\"")
    }

    @Test func depthIsBounded() {
        let deep = { (levels: Int) in String(repeating: "[", count: levels) + String(repeating: "]", count: levels) }
        #expect(parsingError(deep(128)) == nil)
        #expect(parsingError(deep(129))?.hasSuffix(": must be nested at most 128 levels deep") == true)
        #expect(parsingError(deep(3), limits: JSONLimits(depth: 2)) == "1:3: [0][0]: must be nested at most 2 levels deep")
        #expect(parsingError("[[],[],[]]", limits: JSONLimits(depth: 2)) == nil)
        #expect(parsingError("1", limits: JSONLimits(depth: 0)) == nil)
    }

    @Test func sizeIsBounded() {
        #expect(parsingError("[1, 2]", limits: JSONLimits(size: 6)) == nil)
        #expect(parsingError("[1, 22]", limits: JSONLimits(size: 6)) == "1:1: must have at most 6 bytes, has 7")
        #expect(JSONLimits.configuration == JSONLimits(depth: 128, size: 16_777_216))
    }

    @Test func depthBeyondTheDefaultNeedsNoStack() {
        let text = String(repeating: "[", count: 1 << 16) + "]"
        #expect(
            parsingError(text, limits: JSONLimits(depth: .max))?.hasSuffix(
                "…\(String(repeating: "0][", count: 26))0]: unexpected end of input") == true)
    }

    /// Foundation's parser is more lenient in some points, which the other tests hold; here both must agree.
    @Test(arguments: accepted + refused.map(\.0))
    func foundationAgreesOnWhatIsJSON(_ text: String) {
        let whereWeAreStricter = ["{}\u{0}", "[\"a\u{0}b\"]", #"{"a": "x\u0000"}"#, #"{"a\u0000": 1}"#, "\u{feff}{}", "[1,]", #"{"a":1,}"#]
        guard !whereWeAreStricter.contains(text), text != "1e400" else { return }
        let isJSON = (try? JSONSerialization.jsonObject(with: Data(text.utf8), options: .fragmentsAllowed)) != nil
        #expect((parsingError(text) == nil) == isJSON)
    }
}
