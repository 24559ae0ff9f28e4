import JSON
import Testing

/// Any JSON value.
private enum Value: Codable {
    case null, bool(Bool), integer(Int64), number(Double), string(String), array([Value]), object([String: Value])

    init(from decoder: any Decoder) throws {
        let single = try decoder.singleValueContainer()
        if single.decodeNil() {
            self = .null
        } else if let value = try? single.decode(Bool.self) {
            self = .bool(value)
        } else if let value = try? single.decode(String.self) {
            self = .string(value)
        } else if let value = try? single.decode(Int64.self) {
            self = .integer(value)
        } else if let value = try? single.decode(Double.self) {
            self = .number(value)
        } else if let value = try? single.decode([String: Value].self) {
            self = .object(value)
        } else {
            self = .array(try single.decode([Value].self))
        }
    }

    func encode(to encoder: any Encoder) throws {
        var single = encoder.singleValueContainer()
        switch self {
        case .null: try single.encodeNil()
        case .bool(let value): try single.encode(value)
        case .integer(let value): try single.encode(value)
        case .number(let value): try single.encode(value)
        case .string(let value): try single.encode(value)
        case .array(let value): try single.encode(value)
        case .object(let value): try single.encode(value)
        }
    }
}

/// A small generator with a fixed seed (SplitMix64), so that a failure repeats.
private struct Generator: RandomNumberGenerator {
    var state: UInt64
    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }
}

struct MutationTests {
    private static let seeds = [
        #"{"hostname":"web","mounts":[{"destination":"/proc","options":["ro"]}],"level":2,"groups":[0,4294967295]}"#,
        #"{"annotations":{"a.b/c":"é\u00e9\ud83d\ude00\n","b":""},"devices":{"x":{"allow":true,"major":1}},"weight":-1.5e3}"#,
        #"[[1,[2.5,null],{"a":[],"b":{}}],"\\\"",{"nested":[[1,null]]},false,-0]"#,
        " {\n\t\"kinds\" : [ \"pid\" , \"mount\" ] , \"plain\" : \"network\" }\n",
    ].map { Array($0.utf8) }

    private static let pieces =
        [
            "\"", "\\", "{", "}", "[", "]", ",", ":", "\\u0000", "\\ud800", "\u{0}", "\n", "1e999", "-", "0", ".", "e", "null", "\"a\":1,",
            "é", "[[[[", " ",
        ].map { Array($0.utf8) } + [[0xC3], [0xFF], [0xED, 0xA0, 0x80]]

    private func mutate(_ bytes: inout [UInt8], _ random: inout Generator) {
        let place = Int.random(in: 0...bytes.count, using: &random)
        let end = min(bytes.count, place + Int.random(in: 0...4, using: &random))
        switch Int.random(in: 0..<5, using: &random) {
        case 0 where place < bytes.count: bytes[place] ^= 1 << UInt8.random(in: 0..<8, using: &random)
        case 1: bytes.removeSubrange(place..<end)
        case 2: bytes.insert(contentsOf: bytes[place..<end], at: place)
        case 3 where place > 0: bytes.removeLast(bytes.count - place)
        default: bytes.insert(contentsOf: Self.pieces.randomElement(using: &random) ?? [], at: place)
        }
    }

    private func parse(_ bytes: [UInt8]) -> Result<JSONTape, JSONError> {
        do { return .success(try JSONTape(parsing: bytes)) } catch { return .failure(error) }
    }

    /// What is refused must have a place within the text; what is accepted must survive being written and read again.
    @Test func tenThousandDamagedTextsAreHandledWithoutATrap() throws {
        var random = Generator(state: 2_026)
        var accepted = 0
        for round in 0..<10_000 {
            var bytes = Self.seeds[round % Self.seeds.count]
            for _ in 0...Int.random(in: 0...2, using: &random) { mutate(&bytes, &random) }
            switch parse(bytes) {
            case .failure(let error):
                #expect(error.offset <= bytes.count && error.line >= 1 && error.column >= 1 && !error.rule.isEmpty)
                #expect(error.description.utf8.allSatisfy { $0 >= 0x20 })
            case .success(let tape):
                accepted += 1
                _ = try? JSON.decode(Model.self, from: tape)
                guard let value = try? JSON.decode(Value.self, from: tape) else { continue }
                let text = try JSON.encode(value)
                let again = try JSON.decode(Value.self, from: JSON.encode(value, indentation: .spaces(round % 3)))
                #expect(try JSON.encode(again) == text)
            }
        }
        #expect(accepted > 1_000)
    }
}
