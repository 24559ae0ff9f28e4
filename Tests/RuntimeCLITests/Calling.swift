import Foundation

@testable import RuntimeCLI

/// What a call of the program printed, and its exit status.
struct Outcome: Equatable {
    var status: Int32
    var output: String
    var error: String
}

/// A file that vanishes with the test, to catch what is printed.
final class Scratch {
    let path: String
    private let handle: FileHandle

    init() throws {
        path = NSTemporaryDirectory() + "/swruntime-cli-" + UUID().uuidString
        _ = FileManager.default.createFile(atPath: path, contents: nil)
        handle = try FileHandle(forUpdating: URL(fileURLWithPath: path))
    }

    var descriptor: Int32 { handle.fileDescriptor }

    func text() throws -> String { try String(contentsOfFile: path, encoding: .utf8) }

    deinit { try? FileManager.default.removeItem(atPath: path) }
}

/// Runs the command line `swruntime WORDS` in this process.
func call(_ words: [String]) throws -> Outcome {
    let output = try Scratch()
    let error = try Scratch()
    let status = execute(["swruntime"] + words, streams: Streams(output: output.descriptor, error: error.descriptor))
    return Outcome(status: status, output: try output.text(), error: withoutTimes(try error.text()))
}

/// Runs the command line written with single spaces between the words.
func call(_ words: String) throws -> Outcome {
    try call(words.split(separator: " ").map { String($0) })
}

/// The same text with every time of a log line replaced by `T`.
func withoutTimes(_ text: String) -> String {
    text.replacing(#/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ/#, with: "T")
}

/// The line that stderr carries for an error without `--log`.
func errorLine(_ message: String) -> String {
    "time=\"T\" level=error msg=\"" + message.replacing("\"", with: "\\\"") + "\"\n"
}
