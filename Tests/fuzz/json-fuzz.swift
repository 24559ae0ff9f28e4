// modules: JSON
import JSON

/// Reads any bytes as JSON. Nothing may trap; what is accepted must survive being written and read again; each pointer must lead to its value.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ data: UnsafePointer<UInt8>, _ count: Int) -> Int32 {
    let bytes = Array(UnsafeBufferPointer(start: data, count: count))
    guard let tape = parse(bytes) else { return 0 }
    tape.forEachKey { pointer, line, column in
        guard let place = tape.position(of: pointer) else { fatalError("no position for \(pointer)") }
        precondition((place.line, place.column) > (line, column), "the value of \(pointer) precedes its key")
    }
    checkModel(tape)
    guard let value = try? JSON.decode(Value.self, from: tape), let text = try? JSON.encode(value) else { return 0 }
    guard let again = try? JSON.decode(Value.self, from: text), let second = try? JSON.encode(again) else {
        fatalError("written, but not read")
    }
    precondition(text == second, "written differently the second time")
    return 0
}

/// An error must lie in the text and be one line.
private func parse(_ bytes: [UInt8]) -> JSONTape? {
    do { return try JSONTape(parsing: bytes) } catch { check(error, bytes) }
    return nil
}

private func checkModel(_ tape: JSONTape) {
    do {
        _ = try JSON.decode(Model.self, from: tape)
    } catch {
        check(error, tape.bytes)
        precondition(tape.position(of: error.pointer) != nil, "no position for the error's pointer \(error.pointer)")
    }
}

private func check(_ error: JSONError, _ bytes: [UInt8]) {
    precondition(error.offset <= bytes.count && error.line > 0 && error.column > 0, "no place in the text")
    let line = error.description
    precondition(line.unicodeScalars.allSatisfy { $0.value >= 0x20 }, "not one line: \(line)")
    precondition(line.unicodeScalars.count <= 400, "longer than a message may be: \(line)")
}

private struct Model: Decodable {
    enum Kind: String, JSONName { case pid, network, mount }
    enum Level: Int, Decodable { case low, high }
    struct Item: Decodable {
        var name: String
        var list: [String]?
        var byte: UInt8?
        var number: Double?
    }
    var items: [Item]?
    var byName: [String: Item]?
    var annotations: [String: String]?
    var kind: Kind?
    var level: Level?
    var integers: [Int32?]?
}

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
            self = .number(value == 0 ? 0 : value)  // "-0" comes back as an integer
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
