import JSON
import Testing

private func encoded(_ value: some Encodable, _ indentation: JSONIndentation = .compact) throws -> String {
    String(decoding: try JSON.encode(value, indentation: indentation), as: UTF8.self)
}

struct WriterTests {
    private func sample(_ indentation: JSONIndentation) -> String {
        var json = JSONWriter(indentation: indentation)
        json.object { json in
            json.member("z", "first")
            json.member("pid", -7)
            json.member("ok", true)
            json.null("none")
            json.object("empty") { _ in }
            json.array("list") { json in
                json.element(UInt64.max)
                json.array { _ in }
                json.object { json in json.member("a", false) }
                json.null()
            }
        }
        return json.text
    }

    @Test func compactTextHasNoSpaces() {
        #expect(
            sample(.compact)
                == #"{"z":"first","pid":-7,"ok":true,"none":null,"empty":{},"list":[18446744073709551615,[],{"a":false},null]}"#)
    }

    @Test func indentedTextHasOneMemberALine() {
        #expect(
            sample(.spaces(2)) == """
                {
                  "z": "first",
                  "pid": -7,
                  "ok": true,
                  "none": null,
                  "empty": {},
                  "list": [
                    18446744073709551615,
                    [],
                    {
                      "a": false
                    },
                    null
                  ]
                }
                """)
    }

    @Test func tabsAndFourSpacesIndentAsDeep() {
        #expect(sample(.tab) == sample(.spaces(2)).replacing("  ", with: "\t"))
        #expect(sample(.spaces(4)) == sample(.spaces(2)).replacing("  ", with: "    "))
    }

    @Test(arguments: [
        ("a\"b\\c/d", #""a\"b\\c/d""#),
        ("\n\r\t\u{8}\u{c}\u{0}\u{1f}\u{7f}", "\"\\n\\r\\t\\b\\f\\u0000\\u001f\u{7f}\""),
        ("<a & b>", #""\u003ca \u0026 b\u003e""#),
        ("\u{2028}\u{2029}\u{2027}\u{202a}", "\"\\u2028\\u2029\u{2027}\u{202a}\""),
        ("\u{a8}\u{a9}é€😀", "\"\u{a8}\u{a9}é€😀\""),
        ("", "\"\""),
    ])
    func stringsAreEscapedAsGoDoes(_ value: String, _ text: String) {
        var json = JSONWriter()
        json.element(value)
        #expect(json.text == text)
    }

    @Test func aDictionaryIsSortedByBytes() {
        var json = JSONWriter()
        json.object { json in json.member("m", ["b": "2", "a/x": "1", "B": "0", "é": "4", "z": "3"]) }
        #expect(json.text == #"{"m":{"B":"0","a/x":"1","b":"2","z":"3","é":"4"}}"#)
    }

    @Test func aListOfStringsIsAnArray() {
        var json = JSONWriter()
        json.object { json in json.member("args", ["sh", "-c"]) }
        #expect(json.text == #"{"args":["sh","-c"]}"#)
    }
}

struct EncodingTests {
    @Test func keysStandInTheOrderOfTheModelAndNilIsLeftOut() throws {
        let model = Model(
            hostname: "web", mounts: [Mount(destination: "/a", options: [])],
            devices: ["b": Device(allow: true), "a": Device(allow: false)],
            kinds: [.mount], plain: .pid, level: .high, weight: 0.5, groups: [1], nested: [[1, nil], []])
        #expect(
            try encoded(model) == """
                {"hostname":"web","mounts":[{"destination":"/a","options":[]}],"devices":{"a":{"allow":false},"b":{"allow":true}},\
                "kinds":["mount"],"plain":"pid","level":2,"weight":0.5,"groups":[1],"nested":[[1,null],[]]}
                """)
    }

    @Test func anEncodedModelDecodesToItself() throws {
        let model = Model(hostname: "<\u{2028}é\"\n>", annotations: ["a.b/c": "\u{1}", "": "\\"], groups: [0, .max])
        for indentation in [JSONIndentation.compact, .spaces(2), .tab] {
            #expect(try JSON.decode(Model.self, from: JSON.encode(model, indentation: indentation)) == model)
        }
    }

    @Test func scalarsStandAtTheTop() throws {
        #expect(try encoded("a") == #""a""#)
        #expect(try encoded(Int64.min) == "-9223372036854775808")
        #expect(try encoded(2.0) == "2")
        #expect(try encoded([true, nil]) == "[true,null]")
        #expect(try encoded([String]()) == "[]")
    }

    @Test func anInfiniteNumberIsRefusedWithItsPointer() {
        #expect(throws: JSONError(rule: "must be a finite number, is inf", pointer: "weight")) {
            try JSON.encode(Model(weight: .infinity))
        }
        #expect(throws: JSONError(rule: "must be a finite number, is nan", pointer: "[1]")) { try JSON.encode([1, Double.nan]) }
    }

    @Test func nestedContainersKeepTheirPlaces() throws {
        struct Custom: Encodable {
            enum Keys: String, CodingKey { case a, b, c }
            func encode(to encoder: any Encoder) throws {
                var object = encoder.container(keyedBy: Keys.self)
                var list = object.nestedUnkeyedContainer(forKey: .a)
                var inner = object.nestedContainer(keyedBy: Keys.self, forKey: .b)
                try object.encodeNil(forKey: .c)
                try list.encode(1)
                try inner.encode("x", forKey: .a)
                try list.encode("2")
            }
        }
        #expect(try encoded(Custom()) == #"{"a":[1,"2"],"b":{"a":"x"},"c":null}"#)
    }
}
