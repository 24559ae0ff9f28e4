import ContainerRuntime
import JSON
import Kernel
import KernelABI
import OCISpec

/// `list`: prints the containers under the root, one a line.
struct ListCommand: Sendable {
    let format: Format
    /// Print ids only.
    let isQuiet: Bool

    enum Format: Sendable { case table, json }

    init(_ arguments: Arguments) throws(UsageProblem) {
        switch arguments.value(.format) {
        case nil, "table": format = .table
        case "json": format = .json
        case let other?: throw .invalidValue("invalid format option: \(other) (table or json)")
        }
        isQuiet = arguments.isSet(.quiet)
    }

    func execute(_ session: Session) throws(RuntimeError) {
        let root = try session.root()
        let states = try states(under: root, session)
        if isQuiet { return try session.streams.write(idLines(states)) }
        switch format {
        case .table: try session.streams.write(stateTable(states))
        case .json: try session.streams.write(stateArray(states))
        }
    }

    /// The containers, with their owners. One that cannot be read is named on stderr and left out.
    private func states(under root: RootDirectory, _ session: Session) throws(RuntimeError) -> [StateDocument] {
        // A root that was asked for must be there; before the first container there is no default one.
        do throws(SyscallError) {
            guard try Kernel.status(root.path, followSymlinks: true).type == .directory else {
                throw SyscallError("openat", root.path, .ENOTDIR)
            }
        } catch {
            if error.errno == .ENOENT, root.origin != .option { return [] }
            throw RuntimeError(
                error.errno == .ENOENT ? .notFound : .system, doing: "read --root \(root.path)", cause: error,
                remark: missingPart(of: root.path))
        }
        let (states, problems) = try ContainerFactory(root: root.path, logger: session.logger).list()
        for (id, error) in problems { session.streams.note(sentence(nil, id: "", "load container \(id): \(error.message)")) }
        if isQuiet || states.isEmpty { return states.map { StateDocument($0, owner: "") } }
        let passwd = (try? Kernel.readFile("/etc/passwd", limit: longestPasswd)) ?? []
        // Nearly always one and the same.
        var known: (id: UInt32, name: String)?
        return states.map { state in
            if known?.id != state.ownerUID {
                known = (state.ownerUID, userName(of: state.ownerUID, inPasswd: passwd) ?? String(state.ownerUID))
            }
            return StateDocument(state, owner: known?.name ?? "")
        }
    }
}

/// What is read of /etc/passwd at most; the names of users in a longer one are left as numbers.
private let longestPasswd = 1 << 20

/// One id a line.
func idLines(_ states: [StateDocument]) -> [UInt8] {
    Array(states.map { $0.id + "\n" }.joined().utf8)
}

/// The containers as the table that runc prints.
func stateTable(_ states: [StateDocument]) -> [UInt8] {
    let heading = ["ID", "PID", "STATUS", "BUNDLE", "CREATED", "OWNER"]
    let rows = states.map { [$0.id, String($0.pid), $0.status.rawValue, $0.bundle, $0.created, $0.owner] }
    return tableText([heading] + rows)
}

/// The containers as one line of JSON, `null` if there are none, as runc prints it.
func stateArray(_ states: [StateDocument]) -> [UInt8] {
    var json = JSONWriter()
    if states.isEmpty {
        json.null()
    } else {
        json.array { json in
            for state in states { state.write(to: &json) }
        }
    }
    return json.bytes + [UInt8(ascii: "\n")]
}

/// Rows as a table: columns of at least `minimumWidth` with `padding` spaces behind the widest cell, the last column not padded.
func tableText(_ rows: [[String]], minimumWidth: Int = 12, padding: Int = 3) -> [UInt8] {
    var widths: [Int] = []
    for row in rows {
        for column in row.indices {
            let width = max(minimumWidth, width(of: row[column]) + padding)
            if column < widths.count { widths[column] = max(widths[column], width) } else { widths.append(width) }
        }
    }
    var text: [UInt8] = []
    text.reserveCapacity(rows.count * (widths.reduce(0, +) + 1))
    for row in rows {
        for column in row.indices {
            text.append(contentsOf: row[column].utf8)
            guard column < row.count - 1 else { continue }
            text.append(contentsOf: repeatElement(UInt8(ascii: " "), count: widths[column] - width(of: row[column])))
        }
        text.append(UInt8(ascii: "\n"))
    }
    return text
}

/// How many Unicode scalars a text has: the bytes that begin one.
private func width(of text: String) -> Int {
    var count = 0
    for byte in text.utf8 where byte & 0xC0 != 0x80 { count += 1 }
    return count
}
