import ContainerRuntime
import JSON

/// `ps`: lists the processes of a container.
struct PsCommand: Sendable {
    let id: String
    let format: Format
    /// What ps(1) is called with.
    let words: [String]

    enum Format: Sendable { case table, json }

    init(id: String, _ arguments: Arguments) throws(UsageProblem) {
        switch arguments.value(.format) {
        case nil, "table": format = .table
        case "json": format = .json
        case let other?: throw .invalidValue("invalid format option: \(other) (table or json)")
        }
        self.id = id
        let given = arguments.positional.dropFirst()
        words = given.isEmpty ? ["-ef"] : Array(given)
    }

    func execute(_ session: Session) throws(RuntimeError) {
        let pids = try session.factory().load(id: id).processes()
        switch format {
        case .json: try session.streams.write(processArray(pids))
        case .table: try session.streams.write(processTable(try runPs(words), of: pids))
        }
    }
}

/// The numbers as one line of JSON, `null` if there are none, as runc prints them.
func processArray(_ pids: [Int32]) -> [UInt8] {
    var json = JSONWriter()
    if pids.isEmpty {
        json.null()
    } else {
        json.array { json in
            for pid in pids { json.element(pid) }
        }
    }
    return json.bytes + [UInt8(ascii: "\n")]
}

/// The heading of what ps(1) printed, and those of its lines that are about `pids`.
///
/// - Throws: `RuntimeError` in runc's words if the heading has no column `PID` or a line no number there.
func processTable(_ text: [UInt8], of pids: [Int32]) throws(RuntimeError) -> [UInt8] {
    let lines = text.split(separator: UInt8(ascii: "\n"))
    let wanted = Set(pids)
    guard let heading = lines.first, let column = fields(of: heading).firstIndex(where: { $0.elementsEqual("PID".utf8) }) else {
        throw RuntimeError(.system, "couldn't find PID field in ps output")
    }
    var table = heading + [UInt8(ascii: "\n")]
    for line in lines.dropFirst() {
        let fields = fields(of: line)
        let field = column < fields.count ? String(decoding: fields[column], as: UTF8.self) : ""
        // ps(1) with -m or -L marks the lines of threads by a dash.
        if field == "-" { continue }
        guard let pid = Int32(field) else { throw RuntimeError(.system, "unable to parse pid: \"\(field)\"") }
        if wanted.contains(pid) { table += line + [UInt8(ascii: "\n")] }
    }
    return Array(table)
}

private func fields(of line: ArraySlice<UInt8>) -> [ArraySlice<UInt8>] {
    line.split { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\t") }
}
