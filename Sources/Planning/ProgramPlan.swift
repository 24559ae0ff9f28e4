import OCISpec

/// What is executed.
public struct ProgramPlan: Sendable, Hashable {
    /// At least one word; the first is looked up as execvp(3) does.
    public var arguments: [String]
    /// `process.env` with duplicates resolved: the last value at the first one's place.
    public var environment: [String]
    /// Where the program is looked up: `PATH` of `environment`.
    public var searchPath: [String]
    /// Whether `HOME` is missing or empty (then `environment` does not hold it) and is to be added from the container's passwd file.
    public var needsHome: Bool

    /// Creates the value from its properties.
    public init(arguments: [String], environment: [String], searchPath: [String], needsHome: Bool) {
        self.arguments = arguments
        self.environment = environment
        self.searchPath = searchPath
        self.needsHome = needsHome
    }
}

/// Plans what is executed.
///
/// See runtime-spec, config, "Process" (`args`, `env`).
func planProgram(_ process: Process) -> ProgramPlan {
    var environment = withoutDuplicates(process.env ?? [])
    let needsHome = (value(of: "HOME", in: environment) ?? "").isEmpty
    if needsHome { environment.removeAll { $0 == "HOME=" } }
    return ProgramPlan(
        arguments: process.args ?? [],
        environment: environment,
        searchPath: searchPath(value(of: "PATH", in: environment)),
        needsHome: needsHome)
}

/// Keeps one entry a name: the last value, at the place of the first.
func withoutDuplicates(_ environment: [String]) -> [String] {
    if environment.count <= fewVariables, !hasDuplicates(environment) { return environment }
    let names = environment.map { Array($0.utf8.prefix { $0 != UInt8(ascii: "=") }) }
    // Sorted instead of hashed: linear enough for any size, and hashing would ask the kernel for a random seed first.
    let order = environment.indices.sorted { first, second in
        if names[first] == names[second] { return first < second }
        return names[first].lexicographicallyPrecedes(names[second])
    }
    var result: [String?] = environment
    var first = 0
    for place in order.indices.dropFirst() {
        if names[order[place]] != names[order[first]] {
            first = place
            continue
        }
        result[order[first]] = environment[order[place]]
        result[order[place]] = nil
    }
    return result.compactMap { $0 }
}

/// Up to this many variables every pair is compared, which needs no memory.
private let fewVariables = 24

private func hasDuplicates(_ environment: [String]) -> Bool {
    for (index, entry) in environment.enumerated() {
        let length = nameLength(entry)
        for earlier in environment[..<index] where nameLength(earlier) == length {
            if earlier.utf8.prefix(length).elementsEqual(entry.utf8.prefix(length)) { return true }
        }
    }
    return false
}

/// How many bytes stand before the first equals sign.
private func nameLength(_ entry: String) -> Int {
    let bytes = entry.utf8.span
    for index in bytes.indices where bytes[index] == UInt8(ascii: "=") { return index }
    return bytes.count
}

/// The value of a variable; `nil` if it is not set.
private func value(of name: String, in environment: [String]) -> String? {
    for entry in environment {
        let bytes = entry.utf8
        guard bytes.starts(with: name.utf8), let equals = bytes.firstIndex(of: UInt8(ascii: "=")),
            bytes.distance(from: bytes.startIndex, to: equals) == name.utf8.count
        else { continue }
        return String(entry[bytes.index(after: equals)...])
    }
    return nil
}

/// The folders of `PATH`. An empty part is the working directory, as for execvp(3). Without a `PATH`, or with an empty one, nothing is searched, as runc does.
private func searchPath(_ value: String?) -> [String] {
    guard let value, !value.isEmpty else { return [] }
    var folders: [String] = []
    var rest = value.utf8[...]
    while let colon = rest.firstIndex(of: UInt8(ascii: ":")) {
        folders.append(folder(value, rest.startIndex, colon))
        rest = rest[rest.index(after: colon)...]
    }
    folders.append(folder(value, rest.startIndex, rest.endIndex))
    return folders
}

private func folder(_ value: String, _ start: String.Index, _ end: String.Index) -> String {
    start == end ? "." : String(value[start..<end])
}
