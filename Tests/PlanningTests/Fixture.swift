import Foundation
import OCISpec
import Testing

/// A configuration in spec-fixtures, shown by its name when a test fails.
struct Fixture: Sendable, CustomTestStringConvertible {
    let name: String
    let url: URL

    var testDescription: String { name }

    var spec: Spec { get throws { try Spec(configJSON: [UInt8](Data(contentsOf: url))) } }

    /// The two lines of the file NAME.expect beside it: JSON path and rule.
    var expectation: (path: String, rule: String) {
        get throws {
            let text = try String(contentsOf: url.deletingPathExtension().appendingPathExtension("expect"), encoding: .utf8)
            let lines = text.split(separator: "\n", omittingEmptySubsequences: false).map { String($0) }
            try #require(lines.count >= 2)
            return (lines[0], lines[1])
        }
    }

    /// All configurations in a folder below spec-fixtures/config, by name.
    static func configurations(in folder: String) -> [Fixture] {
        files(in: root.appendingPathComponent("config/\(folder)")).filter { $0.pathExtension == "json" }
            .map { Fixture(name: $0.deletingPathExtension().lastPathComponent, url: $0) }
    }

    /// The files in `folder`, by name.
    static func files(in folder: URL) -> [URL] {
        let files = (try? FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)) ?? []
        return files.sorted { $0.lastPathComponent < $1.lastPathComponent }
    }

    static let root = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .appendingPathComponent("spec-fixtures")
}
