import JSON

/// The unit of systemd that is the container's cgroup. Part of the record on disk.
public struct SystemdUnit: Codable, Sendable, Hashable {
    /// With its suffix: `docker-web1.scope`.
    public var name: String
    /// Whether it belongs to the systemd of a user and not to that of the machine.
    public var isUser: Bool

    /// Creates the value from its properties.
    public init(name: String, isUser: Bool) {
        self.name = name
        self.isUser = isUser
    }
}

/// What is known of the systemd that makes the cgroups.
public struct SystemdFacts: Codable, Sendable, Hashable {
    /// The first number of its version: 252.
    public var version: Int
    /// The cgroup below which all its units are, as systemd names it: empty for the root, `/user.slice/user-1000.slice/user@1000.service`.
    public var controlGroup: String
    /// Whether it is that of a user.
    public var isUser: Bool

    /// Creates the value from its properties.
    public init(version: Int, controlGroup: String, isUser: Bool) {
        self.version = version
        self.controlGroup = controlGroup
        self.isUser = isUser
    }
}

/// Who makes the container's cgroup.
public enum CgroupManager: Sendable, Hashable {
    /// The runtime, by making folders.
    case cgroupfs
    /// systemd, which is asked over D-Bus: the cgroup is a scope.
    case systemd
}

/// Where systemd has the container: slice and scope, from `linux.cgroupsPath`.
struct SystemdPlace: Sendable, Hashable {
    let slice: String
    let unit: String
    /// The unit's cgroup, counted from that of the manager, without a slash in front: `a.slice/a-b.slice/docker-web1.scope`.
    let path: String

    /// - Parameters:
    ///   - cgroupsPath: `slice:prefix:name`; an empty slice stands for the default, an empty prefix for none.
    ///   - id: names the scope where there is no `cgroupsPath`: `swruntime-<id>.scope`.
    init(_ cgroupsPath: String?, id: String, isUser: Bool) throws(SpecProblem) {
        let defaultSlice = isUser ? "user.slice" : "system.slice"
        guard let cgroupsPath, !cgroupsPath.isEmpty else {
            try self.init(slice: defaultSlice, unit: "swruntime-" + escapedForUnit(id) + ".scope")
            return
        }
        let parts = cgroupsPath.utf8.split(separator: UInt8(ascii: ":"), omittingEmptySubsequences: false).map { String(Substring($0)) }
        guard parts.count == 3 else {
            throw SpecProblem(origin, "must be of the form slice:prefix:name for systemd, is \(quoted(cgroupsPath))")
        }
        guard !parts[2].isEmpty else { throw SpecProblem(origin, "must have a name behind the second colon, is \(quoted(cgroupsPath))") }
        guard !parts[2].utf8.reversed().starts(with: ".slice".utf8.reversed()) else {
            throw SpecProblem(origin, "must name a scope: systemd puts no process into a slice, and \(quoted(parts[2])) is one")
        }
        let name = parts[1].isEmpty ? parts[2] : parts[1] + "-" + parts[2]
        try self.init(slice: parts[0].isEmpty ? defaultSlice : parts[0], unit: name + ".scope")
    }

    private init(slice: String, unit: String) throws(SpecProblem) {
        guard isUnitName(unit) else {
            throw SpecProblem(
                origin, "must give a unit of at most 255 letters, digits and : - _ . \\ @ that does not begin with @, gives \(quoted(unit))"
            )
        }
        self.slice = slice
        self.unit = unit
        path = try expandedSlice(slice) + unit
    }
}

private let origin = "linux.cgroupsPath"

/// The folder of a slice below that of its manager, with a slash at its end unless it is empty: `a-b.slice` lies in `a.slice/a-b.slice/`.
///
/// `-.slice` is the root. See systemd.slice(5).
func expandedSlice(_ slice: String) throws(SpecProblem) -> String {
    let suffix = ".slice"
    if slice == "-.slice" { return "" }
    let name = String(slice.dropLast(suffix.count))
    let parts = name.utf8.split(separator: UInt8(ascii: "-"), omittingEmptySubsequences: false)
    guard slice.utf8.count > suffix.utf8.count, slice.utf8.reversed().starts(with: suffix.utf8.reversed()), isUnitName(slice),
        !slice.utf8.contains(UInt8(ascii: "@")), parts.allSatisfy({ !$0.isEmpty })
    else {
        throw SpecProblem(origin, "must begin with the name of a slice such as system.slice or a-b.slice, \(quoted(slice)) is none")
    }
    var path = ""
    var prefix = ""
    for part in parts {
        prefix += prefix.isEmpty ? "" : "-"
        prefix += Substring(part)
        path += prefix + suffix + "/"
    }
    return path
}

/// What systemd takes as the name of a unit that is no template. See systemd.unit(5).
private func isUnitName(_ name: String) -> Bool {
    guard !name.isEmpty, name.utf8.count <= 255, name.utf8.first != UInt8(ascii: "@") else { return false }
    return name.utf8.allSatisfy { byte in
        isPlainInUnit(byte) || byte == UInt8(ascii: "-") || byte == UInt8(ascii: "\\") || byte == UInt8(ascii: "@")
    }
}

private func isPlainInUnit(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "0")...UInt8(ascii: "9"),
        UInt8(ascii: ":"), UInt8(ascii: "_"), UInt8(ascii: "."):
        true
    default: false
    }
}

/// As systemd-escape(1) does, but for dashes, which only part words here: `a+b` becomes `a\x2bb`.
private func escapedForUnit(_ id: String) -> String {
    var text: [UInt8] = []
    for byte in id.utf8 {
        if isPlainInUnit(byte) || byte == UInt8(ascii: "-") {
            text.append(byte)
            continue
        }
        let digits = String(byte, radix: 16)
        text += (digits.utf8.count == 1 ? "\\x0" : "\\x").utf8
        text += digits.utf8
    }
    return String(decoding: text, as: UTF8.self)
}
