import Foundation
import OCISpec
import Planning
import Testing

/// A folder of spec-fixtures/plans: `config.json`, the name of a recorded host in `host`, words of the command line in `options`, the plan in `plan.txt`.
struct GoldenPlan: Sendable, CustomTestStringConvertible {
    let folder: URL

    var testDescription: String { folder.lastPathComponent }

    static let all = Fixture.files(in: Fixture.root.appendingPathComponent("plans")).filter(\.hasDirectoryPath).map {
        GoldenPlan(folder: $0)
    }

    var planFile: URL { folder.appendingPathComponent("plan.txt") }

    var description: PlanDescription {
        get throws {
            let config = try [UInt8](Data(contentsOf: folder.appendingPathComponent("config.json")))
            let host = try HostFacts.recorded(words(of: "host").first ?? "")
            return PlanDescription(try plan(Spec(configJSON: config), options: options, on: host))
        }
    }

    private var options: CreateOptions {
        get throws {
            var options = CreateOptions()
            for word in words(of: "options") {
                switch word {
                case "no-pivot": options.usesPivotRoot = false
                case "no-new-keyring": options.makesSessionKeyring = false
                default: Issue.record("\(testDescription)/options: unknown word \(word)")
                }
            }
            return options
        }
    }

    private func words(of file: String) -> [String] {
        let text = (try? String(contentsOf: folder.appendingPathComponent(file), encoding: .utf8)) ?? ""
        return text.split(whereSeparator: \.isWhitespace).map { String($0) }
    }
}

extension HostFacts {
    /// A host recorded in spec-fixtures/hosts.
    static func recorded(_ name: String) throws -> HostFacts {
        try JSONDecoder().decode(
            HostFacts.self, from: Data(contentsOf: Fixture.root.appendingPathComponent("hosts/\(name).json")))
    }
}

@Suite struct PlanGoldenTests {
    /// With SWRUNTIME_GOLDEN set, as `make golden` does, the files are rewritten instead of compared.
    private static let rewrites = ProcessInfo.processInfo.environment["SWRUNTIME_GOLDEN"] != nil

    @Test(arguments: GoldenPlan.all) func isTheRecordedPlan(_ golden: GoldenPlan) throws {
        let text = try golden.description.text
        if Self.rewrites { try Data(text.utf8).write(to: golden.planFile) }
        let recorded = try String(contentsOf: golden.planFile, encoding: .utf8)
        let changes = text.split(separator: "\n").difference(from: recorded.split(separator: "\n")).map { change in
            switch change {
            case .remove(let line, let text, _): "-\(line + 1): \(text)"
            case .insert(let line, let text, _): "+\(line + 1): \(text)"
            }
        }
        #expect(changes == [])
    }

    @Test func thereAreGoldenPlans() {
        #expect(GoldenPlan.all.count >= 12)
    }
}
