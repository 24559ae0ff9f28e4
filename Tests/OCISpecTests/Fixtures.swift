import Foundation
import Testing

/// A file of spec-fixtures, shown by its name when a test fails.
struct Fixture: Sendable, CustomTestStringConvertible {
    let name: String
    let url: URL

    var testDescription: String { name }

    var bytes: [UInt8] { get throws { [UInt8](try Data(contentsOf: url)) } }

    /// The two lines of the file NAME.expect beside it: pointer and rule.
    var expectation: (pointer: String, rule: String) {
        get throws {
            let text = try String(contentsOf: url.deletingPathExtension().appendingPathExtension("expect"), encoding: .utf8)
            let lines = text.split(separator: "\n", omittingEmptySubsequences: false).map { String($0) }
            try #require(lines.count == 3 && lines[2].isEmpty, "\(name).expect must have two lines")
            return (lines[0], lines[1])
        }
    }

    /// All configurations in a folder below spec-fixtures/config, by name.
    static func configurations(in folder: String) -> [Fixture] {
        let directory = root.appendingPathComponent("config/\(folder)")
        let files = (try? FileManager.default.contentsOfDirectory(at: directory, includingPropertiesForKeys: nil)) ?? []
        return files.filter { $0.pathExtension == "json" }
            .map { Fixture(name: $0.deletingPathExtension().lastPathComponent, url: $0) }
            .sorted { $0.name < $1.name }
    }

    static func named(_ name: String, in folder: String) -> Fixture {
        Fixture(name: name, url: root.appendingPathComponent("\(folder)/\(name)"))
    }

    private static let root = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .appendingPathComponent("spec-fixtures")
}
