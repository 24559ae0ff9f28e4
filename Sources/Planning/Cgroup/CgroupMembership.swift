/// One line of /proc/<pid>/cgroup: the process's place in one hierarchy.
public struct CgroupMembership: Sendable, Hashable {
    /// The v1 controllers of the hierarchy, or one `name=…`; empty for cgroup2.
    public var controllers: [String]
    /// The process's cgroup, counted from the root of its cgroup namespace: `/` or `/user.slice/…`.
    public var path: String

    /// Whether the line is that of cgroup2.
    public var isUnified: Bool { controllers.isEmpty }

    public init(controllers: [String], path: String) {
        self.controllers = controllers
        self.path = path
    }
}

/// Reads the text of /proc/<pid>/cgroup.
///
/// Lines that have not the form `id:controllers:/path` are passed over, and so is everything behind the 128th hierarchy: the kernel has
/// fewer controllers. A removed cgroup loses its mark ` (deleted)`. See cgroups(7), "/proc/pid/cgroup".
public func parseCgroupMembership(_ bytes: [UInt8]) -> [CgroupMembership] {
    let mostHierarchies = 128
    var memberships: [CgroupMembership] = []
    memberships.reserveCapacity(16)
    var start = bytes.startIndex
    while start < bytes.endIndex, memberships.count < mostHierarchies {
        let end = bytes[start...].firstIndex(of: UInt8(ascii: "\n")) ?? bytes.endIndex
        if let membership = membership(bytes[start..<end]) { memberships.append(membership) }
        start = end + 1
    }
    return memberships
}

/// A path may hold colons, the two fields before it cannot.
private func membership(_ line: ArraySlice<UInt8>) -> CgroupMembership? {
    let colon = UInt8(ascii: ":")
    guard let first = line.firstIndex(of: colon), let second = line[(first + 1)...].firstIndex(of: colon) else { return nil }
    var path = line[(second + 1)...]
    guard path.first == UInt8(ascii: "/") else { return nil }
    let mark = " (deleted)".utf8
    if path.count > mark.count, path.suffix(mark.count).elementsEqual(mark) { path = path.dropLast(mark.count) }
    return CgroupMembership(
        controllers: line[(first + 1)..<second].split(separator: UInt8(ascii: ",")).map { String(decoding: $0, as: UTF8.self) },
        path: String(decoding: path, as: UTF8.self))
}
