import ContainerRuntime
import JSON
import Kernel
import KernelABI
import Planning

/// `stats`: shows what containers use, again and again.
struct StatsCommand: Sendable {
    /// Empty for all that have a process.
    let ids: [String]
    let format: Format
    let isOnce: Bool
    let intervalNanoseconds: Int64

    enum Format: Sendable { case table, json }

    init(_ arguments: Arguments) throws(UsageProblem) {
        switch arguments.value(.format) {
        case nil, "table": format = .table
        case "json": format = .json
        case let other?: throw .invalidValue("invalid format option: \(other) (table or json)")
        }
        let oneSecond: Int64 = 1_000_000_000
        ids = arguments.positional
        isOnce = arguments.isSet(.noStream)
        intervalNanoseconds = arguments.value(.statsInterval).flatMap { nanoseconds(ofDuration: $0) } ?? oneSecond
    }

    func execute(_ session: Session) throws(RuntimeError) {
        guard intervalNanoseconds > 0 else { throw intervalProblem }
        let factory = try session.factory()
        // A container that was asked for has to be there at the beginning; it may go away later.
        var reading = try read(factory, isFirst: true)
        var former: Reading?
        if isOnce, format == .table {
            // A share of the processor needs two readings; a quarter of a second is what people do not wait for.
            former = reading
            try wait(250_000_000)
            reading = try read(factory, isFirst: false)
        }
        let screen = format == .table && !isOnce ? Kernel.terminalSize(session.streams.output) : nil
        while true {
            try session.streams.write(text(reading, former: former, rows: screen?.rows, session))
            if isOnce || (!ids.isEmpty && reading.containers.isEmpty) { return }
            try wait(intervalNanoseconds)
            former = reading
            reading = try read(factory, isFirst: false)
        }
    }

    private func text(_ reading: Reading, former: Reading?, rows: Int?, _ session: Session) -> [UInt8] {
        switch format {
        case .json: return usageLine(reading, former: former)
        case .table:
            let table = usageTable(reading, former: former)
            // A live table that is no terminal's: one below the other.
            guard let rows else { return former == nil || isOnce ? table : [UInt8(ascii: "\n")] + table }
            return onScreen(table, rows: rows)
        }
    }

    private func read(_ factory: ContainerFactory, isFirst: Bool) throws(RuntimeError) -> Reading {
        let now = presentTimestamp()
        var containers: [ContainerUsage] = []
        if ids.isEmpty {
            containers = try all(factory)
        } else {
            for id in ids {
                do throws(RuntimeError) {
                    containers += try factory.statistics(ids: [id])
                } catch {
                    guard isFirst || error.kind != .notFound else { continue }
                    var named = error
                    named.doing = "\(id): \(error.doing)"
                    throw named
                }
            }
            if isFirst, let missing = ids.first(where: { id in !containers.contains { $0.id == id } }) {
                throw RuntimeError(.wrongState, "container with id \(missing) is not running")
            }
        }
        return Reading(
            time: now, monotonicNanoseconds: Kernel.monotonicNanoseconds(),
            containers: containers)
    }

    /// Before the first container there is no root, which is as good as an empty one.
    private func all(_ factory: ContainerFactory) throws(RuntimeError) -> [ContainerUsage] {
        do {
            return try factory.statistics()
        } catch {
            guard error.kind == .notFound else { throw error }
            return []
        }
    }

    private func wait(_ nanoseconds: Int64) throws(RuntimeError) {
        do {
            _ = try Kernel.poll([], timeoutMilliseconds: Int(max(nanoseconds / 1_000_000, 1)))
        } catch {
            throw RuntimeError(doing: "wait for the interval", cause: error)
        }
    }
}

/// What was read of all containers at one time.
struct Reading: Sendable {
    /// RFC 3339, UTC.
    var time: String
    var monotonicNanoseconds: UInt64
    var containers: [ContainerUsage]

    /// The share of one processor that the container with a position in `containers` has had since `former`, in hundredths of a percent;
    /// `nil` where that cannot be told.
    func processorShare(at position: Int, since former: Reading?) -> UInt64? {
        let container = containers[position]
        guard let former, let now = container.usage.cpuNanoseconds, monotonicNanoseconds > former.monotonicNanoseconds else { return nil }
        // Nearly always at the same position, because both are sorted.
        var before = position < former.containers.count ? former.containers[position] : nil
        if before?.id != container.id { before = former.containers.first { $0.id == container.id } }
        guard let then = before?.usage.cpuNanoseconds, now >= then else { return nil }
        return hundredths(now - then, of: monotonicNanoseconds - former.monotonicNanoseconds)
    }
}

/// One reading as one line of JSON. What is not known is left out.
func usageLine(_ reading: Reading, former: Reading?) -> [UInt8] {
    var json = JSONWriter()
    json.object { json in
        json.member("time", reading.time)
        json.array("containers") { json in
            for (position, container) in reading.containers.enumerated() {
                let usage = container.usage
                json.object { json in
                    json.member("id", container.id)
                    json.member("status", container.status.rawValue)
                    json.percent("cpuPercent", reading.processorShare(at: position, since: former))
                    json.known("cpuNanoseconds", usage.cpuNanoseconds)
                    json.known("throttledPeriods", usage.throttledPeriods)
                    json.known("throttledNanoseconds", usage.throttledNanoseconds)
                    json.known("memoryBytes", usage.memoryBytes)
                    json.known("memoryLimitBytes", usage.memoryLimitBytes)
                    json.known("readBytes", usage.readBytes)
                    json.known("writtenBytes", usage.writtenBytes)
                    json.known("pids", usage.pids)
                    json.known("pidsLimit", usage.pidsLimit)
                    json.percent("cpuPressurePercent", usage.cpuPressure)
                    json.percent("memoryPressurePercent", usage.memoryPressure)
                    json.percent("ioPressurePercent", usage.ioPressure)
                }
            }
        }
    }
    return json.bytes + [UInt8(ascii: "\n")]
}

extension JSONWriter {
    fileprivate mutating func known(_ key: String, _ value: UInt64?) {
        if let value { member(key, value) }
    }

    fileprivate mutating func percent(_ key: String, _ value: UInt64?) {
        if let value { member(key, literal: decimal(hundredths: value)) }
    }
}

/// One reading as a table for people.
func usageTable(_ reading: Reading, former: Reading?) -> [UInt8] {
    var rows = [["ID", "CPU %", "THROTTLED", "MEMORY", "LIMIT", "MEM %", "READ", "WRITTEN", "PIDS", "WAIT % CPU/MEM/IO"]]
    rows.reserveCapacity(reading.containers.count + 1)
    for (position, container) in reading.containers.enumerated() {
        let usage = container.usage
        var share: UInt64?
        if let used = usage.memoryBytes, let limit = usage.memoryLimitBytes, limit > 0 {
            share = hundredths(used, of: limit)
        }
        rows.append([
            container.id, percent(reading.processorShare(at: position, since: former)),
            usage.throttledNanoseconds.map { seconds($0) } ?? "-", size(usage.memoryBytes), size(usage.memoryLimitBytes), percent(share),
            size(usage.readBytes), size(usage.writtenBytes),
            (usage.pids.map { String($0) } ?? "-") + (usage.pidsLimit.map { "/\($0)" } ?? ""),
            [usage.cpuPressure, usage.memoryPressure, usage.ioPressure].map { percent($0) }.joined(separator: "/"),
        ])
    }
    return tableText(rows, minimumWidth: 8, padding: 2)
}

/// The share in hundredths of a percent, of a whole that is not 0; the largest number where it is out of reach.
func hundredths(_ part: UInt64, of whole: UInt64) -> UInt64 {
    let product = part.multipliedFullWidth(by: 10_000)
    return product.high < whole ? whole.dividingFullWidth(product).quotient : .max
}

private func percent(_ hundredths: UInt64?) -> String {
    guard let hundredths else { return "-" }
    let tenths = hundredths / 10
    return "\(tenths / 10).\(tenths % 10)"
}

/// Bytes with three digits or four: `912B`, `4.2MiB`, `128GiB`.
func size(_ bytes: UInt64?) -> String {
    guard let bytes else { return "-" }
    var unit = 0
    var scaled = bytes
    var rest: UInt64 = 0
    let units = ["B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"]
    while scaled >= 1024 {
        rest = scaled % 1024
        scaled /= 1024
        unit += 1
    }
    let tenths = rest * 10 / 1024
    return unit > 0 && scaled < 100 ? "\(scaled).\(tenths)\(units[unit])" : "\(scaled)\(units[unit])"
}

private func seconds(_ nanoseconds: UInt64) -> String {
    let tenths = nanoseconds / 100_000_000
    return "\(tenths / 10).\(tenths % 10)s"
}

/// The table at the top of a terminal, what was below it cleared; lines that do not fit are counted in the last one.
private func onScreen(_ table: [UInt8], rows: Int) -> [UInt8] {
    let home = "\u{1B}[H"
    let clearLine = "\u{1B}[K"
    let clearBelow = "\u{1B}[J"
    var lines = table.split(separator: UInt8(ascii: "\n"))
    if rows > 2, lines.count > rows - 1 {
        let hidden = lines.count - (rows - 2)
        lines = lines.prefix(rows - 2) + [Array("… and \(hidden) more".utf8)[...]]
    }
    var text = Array(home.utf8)
    for line in lines { text += line + Array((clearLine + "\n").utf8) }
    return text + Array(clearBelow.utf8)
}
