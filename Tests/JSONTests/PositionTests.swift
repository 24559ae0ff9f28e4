import JSON
import Testing

struct PositionTests {
    private static let text = """
        {
          "mounts": [
            {"destination": "/proc"},
            {
              "destination": "/é", "type": "x"
            }
          ],
          "annotations": {"a.b/c": "1", "": "2", "q\\"\\n\\u00e9": {"d": 3}},
          "linux": {"resources": {"memory": {"limit": 1}}}
        }
        """

    private func position(_ pointer: String) throws -> [Int]? {
        try JSONTape(parsing: Array(Self.text.utf8)).position(of: pointer).map { [$0.line, $0.column] }
    }

    @Test(arguments: [
        ("", 1, 1), ("mounts", 2, 13), ("mounts[0]", 3, 5), ("mounts[0].destination", 3, 21), ("mounts[1]", 4, 5),
        ("mounts[1].type", 5, 37), ("annotations[\"a.b/c\"]", 8, 28), ("annotations[\"\"]", 8, 37),
        (#"annotations["q\"\u000aé"].d"#, 8, 63), ("linux.resources.memory.limit", 9, 47), ("linux[\"resources\"]", 9, 26),
    ])
    func aPointerLeadsToItsValue(_ pointer: String, _ line: Int, _ column: Int) throws {
        #expect(try position(pointer) == [line, column])
    }

    @Test(arguments: [
        ("mounts[2]", 2, 13), ("mounts[1].source", 4, 5), ("linux.resources.cpu.shares", 9, 26), ("hostname", 1, 1), ("mounts.x", 2, 13),
        ("mounts[99999999999].a", 2, 13), ("linux[0]", 9, 12),
    ])
    func anAbsentValueLeadsToItsNearestAncestor(_ pointer: String, _ line: Int, _ column: Int) throws {
        #expect(try position(pointer) == [line, column])
    }

    @Test(arguments: ["mounts[", "mounts[x]", "mounts[1", "mounts[\"a]", "mounts[\"a\"", "a..b", ".a", "a.", "mounts[1]x", "[\"\\\"]"])
    func aMalformedPointerLeadsNowhere(_ pointer: String) throws {
        #expect(try position(pointer) == nil)
    }

    @Test func everyKeyIsListedWithItsPointerAndPlace() throws {
        var keys: [String] = []
        try JSONTape(parsing: Array(Self.text.utf8)).forEachKey { pointer, line, column in keys.append("\(line):\(column) \(pointer)") }
        #expect(
            keys == [
                "2:3 mounts", "3:6 mounts[0].destination", "5:7 mounts[1].destination", "5:29 mounts[1].type", "8:3 annotations",
                "8:19 annotations[\"a.b/c\"]", "8:33 annotations[\"\"]", #"8:42 annotations["q\"\u000aé"]"#,
                #"8:58 annotations["q\"\u000aé"].d"#,
                "9:3 linux", "9:13 linux.resources", "9:27 linux.resources.memory", "9:38 linux.resources.memory.limit",
            ])
    }

    /// Columns count bytes: é has two.
    @Test func columnsAreCountedInBytes() {
        #expect(decodingError([String].self, #"["é", 1]"#) == "1:8: [1]: must be a string, is a number")
    }

    @Test func errorsCarryTheirPartsForPrograms() {
        #expect(throws: JSONError(rule: "must be a string, is a number", pointer: "hostname", offset: 14, line: 2, column: 13)) {
            try JSON.decode(Model.self, from: Array("{\n\"hostname\": 1}".utf8))
        }
    }

    @Test func aMessageStaysOnOneShortLine() {
        let key = "\u{1b}[31m\n" + String(repeating: "k", count: 1000)
        let message = decodingError(
            [String: String].self, "{\"\(key.replacing("\u{1b}", with: "\\u001b").replacing("\n", with: "\\n"))\": [], \"b\": 1}")
        #expect(
            message == #"1:1018: ["\u001b[31m\u000a"# + String(repeating: "k", count: 62) + "…" + String(repeating: "k", count: 78)
                + #""]: must be a string, is an array"#)
    }

    @Test func aQuotedValueIsCutAndEscaped() {
        let message = decodingError(Kind.self, "\"a\\\"\\u009b" + String(repeating: "z", count: 500) + "\"")
        #expect(
            message == #"1:1: unknown value "a\"\u009b"# + String(repeating: "z", count: 23) + "…" + String(repeating: "z", count: 32)
                + #"" (must be one of pid, network, mount)"#)
    }
}

struct NeighbourTests {
    private let options = ["readonly", "nosuid", "noexec", "nodev", "ro", "rw", "bind"]

    @Test(arguments: [("readnly", "readonly"), ("nosiud", "nosuid"), ("noexe", "noexec"), ("bindd", "bind")])
    func aMisspeltWordHasANeighbour(_ word: String, _ neighbour: String) {
        #expect(JSON.neighbour(of: word, among: options) == neighbour)
    }

    @Test(arguments: ["rx", "mount", "", "b", String(repeating: "nosuid", count: 20)])
    func aWordUnlikeAllHasNone(_ word: String) {
        #expect(JSON.neighbour(of: word, among: options) == nil)
    }

    @Test func theNearestWins() {
        #expect(JSON.neighbour(of: "CAP_NET_RAW", among: ["CAP_NET_BROADCAST", "CAP_NET_RAWW", "CAP_NET_RAX"]) == "CAP_NET_RAWW")
        #expect(JSON.neighbour(of: "CAP_SYS_ADMN", among: ["CAP_SYS_PTRACE", "CAP_SYS_ADMIN"]) == "CAP_SYS_ADMIN")
    }
}
