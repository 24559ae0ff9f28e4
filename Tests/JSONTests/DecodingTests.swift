import JSON
import Testing

/// The error that decoding `text` as `type` ends with, as a line.
func decodingError<T: Decodable>(_ type: T.Type, _ text: String, limits: JSONLimits = .configuration) -> String? {
    do {
        _ = try JSON.decode(type, from: Array(text.utf8), limits: limits)
        return nil
    } catch {
        return error.description
    }
}

func decoded<T: Decodable>(_ type: T.Type, _ text: String) throws -> T { try JSON.decode(type, from: Array(text.utf8)) }

enum Kind: String, JSONName, Sendable { case pid, network, mount }
enum PlainKind: String, Codable, Sendable { case pid, network, mount }
enum Level: Int, Codable, Sendable { case low = 1, high = 2 }

struct Mount: Codable, Hashable, Sendable {
    var destination: String
    var source: String?
    var options: [String]?
}

struct Device: Codable, Hashable, Sendable {
    var major: UInt32?
    var allow: Bool
}

struct Model: Codable, Hashable, Sendable {
    var hostname: String?
    var mounts: [Mount]?
    var annotations: [String: String]?
    var devices: [String: Device]?
    var kinds: [Kind]?
    var plain: PlainKind?
    var level: Level?
    var weight: Double?
    var groups: [UInt32]?
    var nested: [[Int?]]?
}

struct DecodingTests {
    @Test func aModelWithEveryShapeIsDecoded() throws {
        let model = try decoded(
            Model.self,
            """
            {"hostname": "web", "mounts": [{"destination": "/proc"}, {"destination": "/a", "source": "b", "options": ["ro", "nodev"]}],
             "annotations": {"a.b/c": "d"}, "devices": {"x": {"allow": true, "major": 4294967295}}, "kinds": ["pid", "mount"],
             "plain": "network", "level": 2, "weight": 0.5, "groups": [0, 7], "nested": [[1, null], []]}
            """)
        #expect(
            model
                == Model(
                    hostname: "web",
                    mounts: [Mount(destination: "/proc"), Mount(destination: "/a", source: "b", options: ["ro", "nodev"])],
                    annotations: ["a.b/c": "d"], devices: ["x": Device(major: 4_294_967_295, allow: true)], kinds: [.pid, .mount],
                    plain: .network, level: .high, weight: 0.5, groups: [0, 7], nested: [[1, nil], []]))
    }

    @Test func nullCountsAsAbsentForAnOptional() throws {
        #expect(try decoded(Model.self, #"{"hostname": null, "mounts": null, "level": null, "annotations": null}"#) == Model())
    }

    @Test func unknownKeysAreIgnored() throws {
        #expect(try decoded(Model.self, #"{"Hostname": "a", "x": {"y": [1, 2]}, "hostname": "b"}"#) == Model(hostname: "b"))
    }

    @Test func aKeyWithEscapesIsFound() throws {
        #expect(try decoded(Model.self, #"{"host\u006eame": "b"}"#) == Model(hostname: "b"))
    }

    @Test(arguments: [
        (#"{"mounts": [{"destination": "/"}, {"destination": 1}]}"#, "1:51: mounts[1].destination: must be a string, is a number"),
        ("{\n  \"mounts\": [\n\t{}]}", "3:2: mounts[0].destination: is missing"),
        (#"{"mounts": [{"destnation": "/"}]}"#, #"1:13: mounts[0].destination: is missing (is "destnation" misspelt?)"#),
        (#"{"mounts": [{"destination": null}]}"#, "1:29: mounts[0].destination: must be a string, is null"),
        (#"{"mounts": {}}"#, "1:12: mounts: must be an array, is an object"),
        (#"{"mounts": [[]]}"#, "1:13: mounts[0]: must be an object, is an array"),
        (#"{"annotations": {"a.b/c": true}}"#, #"1:27: annotations["a.b/c"]: must be a string, is true"#),
        (#"{"devices": {"eth0": {"allow": 1}}}"#, "1:32: devices.eth0.allow: must be true or false, is a number"),
        (#"{"devices": {"0": {"allow": 1}}}"#, "1:29: devices.0.allow: must be true or false, is a number"),
        (#"{"kinds": ["pid", "pidd"]}"#, #"1:19: kinds[1]: unknown value "pidd" (is "pid" meant?)"#),
        (#"{"kinds": ["zzz"]}"#, #"1:12: kinds[0]: unknown value "zzz" (must be one of pid, network, mount)"#),
        (#"{"plain": "zzz"}"#, #"1:11: plain: unknown value "zzz""#),
        (#"{"level": 3}"#, "1:11: level: unknown value 3"),
        (#"{"groups": [1, -1]}"#, "1:16: groups[1]: must be 0 to 4294967295, is -1"),
        (#"{"groups": [4294967296]}"#, "1:13: groups[0]: must be 0 to 4294967295, is 4294967296"),
        (#"{"groups": [1.0]}"#, "1:13: groups[0]: must be an integer without fraction or exponent, is 1.0"),
        (#"{"groups": [1e3]}"#, "1:13: groups[0]: must be an integer without fraction or exponent, is 1e3"),
        (#"{"nested": [[1], ["a"]]}"#, "1:19: nested[1][0]: must be an integer, is a string"),
        (#"{"mounts": [{"destination": "/", "options": ["ro", 2]}]}"#, "1:52: mounts[0].options[1]: must be a string, is a number"),
        ("[]", "1:1: must be an object, is an array"),
    ])
    func aWrongValueIsNamedWithPlaceAndRule(_ text: String, _ message: String) {
        #expect(decodingError(Model.self, text) == message)
    }
}
