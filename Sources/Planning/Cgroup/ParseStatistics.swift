// The kernel's files of figures, read. All functions take what a file holds, trap on nothing and tell nothing of what they do not understand.

/// Reads a file with one number. `max` is `UInt64.max`, a negative number 0; `nil` for anything else, also for one beyond 64 bits.
public func parseFigure(_ bytes: ArraySlice<UInt8>) -> UInt64? {
    figure(trimmed(bytes))
}

/// Reads a file with one number or `max`, which stands for no limit: `nil`.
public func parseLimit(_ bytes: ArraySlice<UInt8>) -> UInt64? {
    let text = trimmed(bytes)
    return text.elementsEqual("max".utf8) ? nil : figure(text)
}

/// Reads a file with one number that may be negative.
public func parseSignedFigure(_ bytes: ArraySlice<UInt8>) -> Int64? {
    let text = trimmed(bytes)
    guard text.first == UInt8(ascii: "-") else { return figure(text).flatMap { Int64(exactly: $0) } }
    return digits(text.dropFirst()).flatMap { Int64(exactly: $0) }.map { -$0 }
}

/// Reads numbers with blanks between them, such as cpuacct.usage_percpu. Ends at the first that is none.
public func parseFigures(_ bytes: ArraySlice<UInt8>) -> [UInt64] {
    var figures: [UInt64] = []
    for word in bytes.split(whereSeparator: isBlank) {
        guard let number = figure(word) else { return figures }
        figures.append(number)
    }
    return figures
}

/// The number behind `name` in a file of lines `name number`.
public func parseFigure(named name: String, in bytes: ArraySlice<UInt8>) -> UInt64? {
    var rest = bytes
    while let line = nextLine(&rest) {
        guard let blank = line.firstIndex(of: UInt8(ascii: " ")), equal(line[..<blank], name) else { continue }
        return figure(trimmed(line[(blank + 1)...]))
    }
    return nil
}

/// All lines `name number` of a file, in its order.
public func parseNamedFigures(_ bytes: ArraySlice<UInt8>) -> [NamedNumber] {
    var figures: [NamedNumber] = []
    var rest = bytes
    while let line = nextLine(&rest) {
        guard let blank = line.firstIndex(of: UInt8(ascii: " ")), let number = figure(trimmed(line[(blank + 1)...])) else { continue }
        figures.append(NamedNumber(name: String(decoding: line[..<blank], as: UTF8.self), value: number))
    }
    return figures
}

/// Reads cpuacct.usage_all: below its heading one line a processor, with its number and nanoseconds in user mode and in the kernel.
public func parseUsagePerCPU(_ bytes: ArraySlice<UInt8>) -> (user: [UInt64], kernel: [UInt64]) {
    var user: [UInt64] = []
    var kernel: [UInt64] = []
    var rest = bytes
    _ = nextLine(&rest)
    while let line = nextLine(&rest) {
        let words = parseFigures(line)
        guard words.count == 3 else { continue }
        user.append(words[1])
        kernel.append(words[2])
    }
    return (user, kernel)
}

/// Reads a file of PSI: lines `some avg10=0.12 avg60=0.00 avg300=0.00 total=34` and `full …`; `nil` where there is neither.
public func parsePressure(_ bytes: ArraySlice<UInt8>) -> Pressure? {
    var pressure: Pressure?
    var rest = bytes
    while let line = nextLine(&rest) {
        let words = line.split(separator: UInt8(ascii: " "))
        guard let kind = words.first, let share = share(words.dropFirst()) else { continue }
        var known = pressure ?? Pressure(some: .init(), full: .init())
        if equal(kind, "some") { known.some = share } else if equal(kind, "full") { known.full = share } else { continue }
        pressure = known
    }
    return pressure
}

/// The share of the last ten seconds in the first line of a file of PSI, in hundredths of a percent. Looks no further.
public func parseRecentPressure(_ bytes: ArraySlice<UInt8>) -> UInt64? {
    let start = "some avg10="
    guard bytes.starts(with: start.utf8) else { return nil }
    let value = bytes.dropFirst(start.utf8.count)
    guard let end = value.firstIndex(of: UInt8(ascii: " ")) else { return nil }
    return hundredths(value[..<end])
}

private func share(_ words: ArraySlice<ArraySlice<UInt8>>) -> Pressure.Share? {
    var share = Pressure.Share()
    for word in words {
        guard let equals = word.firstIndex(of: UInt8(ascii: "=")) else { return nil }
        let (name, value) = (word[..<equals], word[(equals + 1)...])
        if equal(name, "total") {
            guard let number = digits(value) else { return nil }
            share.totalMicroseconds = number
            continue
        }
        guard let number = hundredths(value) else { return nil }
        if equal(name, "avg10") { share.average10 = number }
        if equal(name, "avg60") { share.average60 = number }
        if equal(name, "avg300") { share.average300 = number }
    }
    return share
}

/// `12.34` as 1234: the kernel prints two digits behind the point.
private func hundredths(_ text: ArraySlice<UInt8>) -> UInt64? {
    guard let point = text.firstIndex(of: UInt8(ascii: ".")) else { return digits(text).flatMap { times($0, 100) } }
    let fraction = text[(point + 1)...]
    guard fraction.count == 2, let whole = digits(text[..<point]), let part = digits(fraction) else { return nil }
    return times(whole, 100).flatMap { plus($0, part) }
}

/// Reads a list of a blkio file of v1: lines `8:0 Read 4096`, or `8:0 4096`. The sum in its last line is left out.
public func parseBlockIO(_ bytes: ArraySlice<UInt8>) -> [BlockIOEntry] {
    var entries: [BlockIOEntry] = []
    var rest = bytes
    while let line = nextLine(&rest) {
        let words = line.split(separator: UInt8(ascii: " "))
        guard words.count == 2 || words.count == 3, let (major, minor) = device(words[0]), let value = words.last.flatMap(figure) else {
            continue
        }
        let operation = words.count == 3 ? String(decoding: words[1], as: UTF8.self) : ""
        entries.append(BlockIOEntry(major: major, minor: minor, operation: operation, value: value))
    }
    return entries
}

/// Reads io.stat of v2, `8:0 rbytes=1 wbytes=2 rios=3 wios=4 dbytes=0 dios=0`, into the lists that v1 has for it.
///
/// What v1 has no list for is left out.
public func parseIOStat(_ bytes: ArraySlice<UInt8>, into blockIO: inout CgroupStatistics.BlockIO) {
    forEachIOFigure(bytes) { major, minor, name, value in
        if equal(name, "rbytes") { blockIO.serviceBytes.append(.init(major: major, minor: minor, operation: "Read", value: value)) }
        if equal(name, "wbytes") { blockIO.serviceBytes.append(.init(major: major, minor: minor, operation: "Write", value: value)) }
        if equal(name, "rios") { blockIO.serviced.append(.init(major: major, minor: minor, operation: "Read", value: value)) }
        if equal(name, "wios") { blockIO.serviced.append(.init(major: major, minor: minor, operation: "Write", value: value)) }
    }
}

/// The bytes read and written by all devices in io.stat of v2.
public func parseIOBytes(_ bytes: ArraySlice<UInt8>) -> (read: UInt64, written: UInt64) {
    var sums: (read: UInt64, written: UInt64) = (0, 0)
    forEachIOFigure(bytes) { _, _, name, value in
        if equal(name, "rbytes") { sums.read = sums.read &+ value }
        if equal(name, "wbytes") { sums.written = sums.written &+ value }
    }
    return sums
}

/// The bytes read and written by all devices in a blkio file of v1.
public func parseBlockIOBytes(_ bytes: ArraySlice<UInt8>) -> (read: UInt64, written: UInt64) {
    // A container without any input or output has `Total 0` alone, which is the case of most.
    guard bytes.first != UInt8(ascii: "T") else { return (0, 0) }
    var sums: (read: UInt64, written: UInt64) = (0, 0)
    for entry in parseBlockIO(bytes) {
        if entry.operation == "Read" { sums.read = sums.read &+ entry.value }
        if entry.operation == "Write" { sums.written = sums.written &+ entry.value }
    }
    return sums
}

private func forEachIOFigure(
    _ bytes: ArraySlice<UInt8>, _ body: (_ major: UInt64, _ minor: UInt64, _ name: ArraySlice<UInt8>, _ value: UInt64) -> Void
) {
    var rest = bytes
    while let line = nextLine(&rest) {
        let words = line.split(separator: UInt8(ascii: " "))
        guard let first = words.first, let (major, minor) = device(first) else { continue }
        for word in words.dropFirst() {
            guard let equals = word.firstIndex(of: UInt8(ascii: "=")), let value = digits(word[(equals + 1)...]) else { continue }
            body(major, minor, word[..<equals], value)
        }
    }
}

private func device(_ text: ArraySlice<UInt8>) -> (UInt64, UInt64)? {
    guard let colon = text.firstIndex(of: UInt8(ascii: ":")), let major = digits(text[..<colon]), let minor = digits(text[(colon + 1)...])
    else { return nil }
    return (major, minor)
}

/// Reads a list such as `0-3,7` into its numbers; empty for what is none, and for more than the kernel has processors or memory nodes.
public func parseNumberList(_ bytes: ArraySlice<UInt8>) -> [UInt16] {
    let most = 8192
    var numbers: [UInt16] = []
    for range in trimmed(bytes).split(separator: UInt8(ascii: ",")) {
        let ends = range.split(separator: UInt8(ascii: "-"))
        guard ends.count <= 2, let first = ends.first.flatMap(digits).flatMap({ UInt16(exactly: $0) }),
            let last = ends.last.flatMap(digits).flatMap({ UInt16(exactly: $0) }), first <= last, numbers.count + Int(last - first) < most
        else { return [] }
        numbers += first...last
    }
    return numbers
}

/// The size of huge pages as cgroup files have it in their names, `2MB`, from the name of a folder of /sys/kernel/mm/hugepages:
/// `hugepages-2048kB`; `nil` for another name.
public func hugepageSize(ofFolder name: String) -> String? {
    let (start, end) = ("hugepages-", "kB")
    guard name.hasPrefix(start), name.hasSuffix(end), let kib = UInt64(name.dropFirst(start.utf8.count).dropLast(end.utf8.count)) else {
        return nil
    }
    if kib >= 1 << 20 { return "\(kib >> 20)GB" }
    return kib >= 1 << 10 ? "\(kib >> 10)MB" : "\(kib)KB"
}

/// The line of a schemata file for one resource, `L3:0=f;1=f`, without what stands before its name; `nil` if it has none.
public func parseSchema(_ resource: String, in bytes: ArraySlice<UInt8>) -> String? {
    var rest = bytes
    while let line = nextLine(&rest) {
        let text = trimmed(line)
        guard let colon = text.firstIndex(of: UInt8(ascii: ":")), equal(text[..<colon], resource) else { continue }
        return String(decoding: text, as: UTF8.self)
    }
    return nil
}

/// The text of a file with one word.
public func parseWord(_ bytes: ArraySlice<UInt8>) -> String {
    String(decoding: trimmed(bytes), as: UTF8.self)
}

// MARK: parts

/// Takes the next line off; `nil` at the end. A line feed ends a line, the last may lack it.
private func nextLine(_ rest: inout ArraySlice<UInt8>) -> ArraySlice<UInt8>? {
    guard !rest.isEmpty else { return nil }
    let end = rest.firstIndex(of: UInt8(ascii: "\n")) ?? rest.endIndex
    let line = rest[rest.startIndex..<end]
    rest = end == rest.endIndex ? rest[end...] : rest[(end + 1)...]
    return line
}

private func figure(_ text: ArraySlice<UInt8>) -> UInt64? {
    if text.elementsEqual("max".utf8) { return .max }
    guard text.first == UInt8(ascii: "-") else { return digits(text) }
    return digits(text.dropFirst()) == nil ? nil : 0
}

/// Digits alone, at least one.
private func digits(_ text: ArraySlice<UInt8>) -> UInt64? {
    guard !text.isEmpty else { return nil }
    var value: UInt64 = 0
    for byte in text {
        guard byte >= UInt8(ascii: "0"), byte <= UInt8(ascii: "9"), let tenfold = times(value, 10),
            let sum = plus(tenfold, UInt64(byte - UInt8(ascii: "0")))
        else { return nil }
        value = sum
    }
    return value
}

private func times(_ value: UInt64, _ factor: UInt64) -> UInt64? {
    let (product, isTooLarge) = value.multipliedReportingOverflow(by: factor)
    return isTooLarge ? nil : product
}

private func plus(_ value: UInt64, _ more: UInt64) -> UInt64? {
    let (sum, isTooLarge) = value.addingReportingOverflow(more)
    return isTooLarge ? nil : sum
}

private func isBlank(_ byte: UInt8) -> Bool {
    byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\n") || byte == UInt8(ascii: "\t")
}

private func trimmed(_ bytes: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
    var text = bytes
    while let last = text.last, isBlank(last) { text = text.dropLast() }
    while let first = text.first, isBlank(first) { text = text.dropFirst() }
    return text
}

private func equal(_ bytes: ArraySlice<UInt8>, _ name: String) -> Bool {
    bytes.elementsEqual(name.utf8)
}
