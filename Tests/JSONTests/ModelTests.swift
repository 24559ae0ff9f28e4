import JSON
import Testing

/// Models that use Codable in other ways than the synthesised one.
struct ModelTests {
    @Test func aDecodingErrorOfAModelBecomesARuleAtItsPath() {
        struct Even: Decodable {
            init(from decoder: any Decoder) throws {
                let container = try decoder.singleValueContainer()
                guard try container.decode(Int.self) % 2 == 0 else {
                    throw DecodingError.dataCorruptedError(in: container, debugDescription: "must be even.\nalways")
                }
            }
        }
        #expect(decodingError([String: [Even]].self, #"{"0": [2, 3]}"#) == #"1:11: 0[1]: must be even.\u000aalways"#)
    }

    @Test func aDecodingErrorForAKeyIsPlacedAtTheKey() {
        struct Range: Decodable {
            enum Keys: String, CodingKey { case low, high }
            init(from decoder: any Decoder) throws {
                let container = try decoder.container(keyedBy: Keys.self)
                guard try container.decode(Int.self, forKey: .low) <= container.decode(Int.self, forKey: .high) else {
                    throw DecodingError.dataCorruptedError(forKey: .high, in: container, debugDescription: "must not be below low.")
                }
            }
        }
        #expect(decodingError([Range].self, #"[{"low": 3, "high": 2}]"#) == "1:21: [0].high: must not be below low")
    }

    @Test func otherErrorsOfAModelAreKept() {
        struct Refusal: Error, CustomStringConvertible { let description = "no thanks" }
        struct Never: Decodable { init(from decoder: any Decoder) throws { throw Refusal() } }
        #expect(decodingError([Never].self, "[1]") == "1:1: no thanks")
    }

    @Test func nestedContainersAreReadByHand() throws {
        struct Custom: Decodable, Equatable {
            enum Keys: String, CodingKey { case a, b, missing }
            var list: [Int] = []
            var inner: String
            var hasMissing: Bool
            init(from decoder: any Decoder) throws {
                let object = try decoder.container(keyedBy: Keys.self)
                var list = try object.nestedUnkeyedContainer(forKey: .a)
                while !list.isAtEnd {
                    if try list.decodeNil() { continue }
                    self.list.append(try list.decode(Int.self))
                }
                inner = try object.nestedContainer(keyedBy: Keys.self, forKey: .b).decode(String.self, forKey: .a)
                hasMissing = object.contains(.missing)
            }
        }
        let custom = try decoded(Custom.self, #"{"a": [1, null, 2], "b": {"a": "x"}}"#)
        #expect(custom.list == [1, 2] && custom.inner == "x" && !custom.hasMissing)
        #expect(decodingError(Custom.self, #"{"a": [1], "b": []}"#) == "1:17: b: must be an object, is an array")
        #expect(decodingError(Custom.self, #"{"a": {}, "b": {}}"#) == "1:7: a: must be an array, is an object")
    }

    @Test func anArrayReadBeyondItsEndIsRefused() {
        struct Pair: Decodable {
            init(from decoder: any Decoder) throws {
                var list = try decoder.unkeyedContainer()
                _ = try list.decode(Int.self)
                _ = try list.decode(String.self)
            }
        }
        #expect(decodingError([Pair].self, #"[[1, "a"], [1]]"#) == "1:12: [1]: must have more than 1 elements")
    }

    @Test func aClassDecodesItsSuperclass() throws {
        class Base: Codable { var a = 0 }
        final class Derived: Base {
            var b = 0
            enum Keys: CodingKey { case b }
            required init(from decoder: any Decoder) throws {
                let container = try decoder.container(keyedBy: Keys.self)
                b = try container.decode(Int.self, forKey: .b)
                try super.init(from: container.superDecoder())
            }
        }
        #expect(try decoded(Derived.self, #"{"b": 2, "super": {"a": 1}}"#).a == 1)
    }

    /// Also the guard against quadratic time: each of 50,000 members is looked up.
    @Test func aLargeDictionaryOfModelsIsDecoded() throws {
        let text = "{" + (0..<50_000).map { "\"eth\($0)\":{\"allow\":true,\"major\":\($0)}" }.joined(separator: ",") + "}"
        let devices = try decoded([String: Device].self, text)
        #expect(devices.count == 50_000 && devices["eth49999"] == Device(major: 49_999, allow: true))
    }

    @Test func propertiesOfALargeObjectAreFoundInAnyOrder() throws {
        let others = (0..<100).map { "\"x\($0)\":[\($0)]" }.joined(separator: ",")
        let model = try decoded(Model.self, "{\"weight\":1,\(others),\"level\":1,\"hostname\":\"h\"}")
        #expect(model == Model(hostname: "h", level: .low, weight: 1))
        #expect(decodingError(Mount.self, "{\(others),\"destinatio\":1}")?.hasSuffix(": destination: is missing") == true)
    }

    @Test func aTapeIsDecodedMoreThanOnce() throws {
        let tape = try JSONTape(parsing: Array(#"{"hostname": "a"}"#.utf8))
        #expect(try JSON.decode(Model.self, from: tape).hostname == "a")
        #expect(try JSON.decode([String: String].self, from: tape) == ["hostname": "a"])
    }
}
