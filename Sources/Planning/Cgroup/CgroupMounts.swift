/// One mount of a cgroup hierarchy, as /proc/self/mountinfo shows it.
public struct CgroupMount: Sendable, Hashable {
    /// Whether it is cgroup2.
    public var isUnified: Bool
    /// The superblock's options: on v1 the controllers or `name=…`, among others.
    public var options: [String]
    /// Where it is mounted.
    public var mountPoint: String
    /// The cgroup that is seen at the mount point: `/`, or a container's own one inside a container.
    public var root: String

    public init(isUnified: Bool, options: [String], mountPoint: String, root: String) {
        self.isUnified = isUnified
        self.options = options
        self.mountPoint = mountPoint
        self.root = root
    }
}

/// Picks the mounts of cgroup hierarchies out of the text of /proc/self/mountinfo, in its order.
///
/// Malformed lines are passed over, and so is everything behind the 4,096th such mount. See proc_pid_mountinfo(5).
public func parseCgroupMounts(mountinfo bytes: [UInt8]) -> [CgroupMount] {
    let mostMounts = 4096
    var mounts: [CgroupMount] = []
    var start = bytes.startIndex
    while start < bytes.endIndex, mounts.count < mostMounts {
        let end = bytes[start...].firstIndex(of: UInt8(ascii: "\n")) ?? bytes.endIndex
        if let mount = cgroupMount(bytes[start..<end]) { mounts.append(mount) }
        start = end + 1
    }
    return mounts
}

/// `36 35 98:0 /root /mount/point rw,noatime shared:1 - cgroup source rw,memory`: any number of fields before the dash.
private func cgroupMount(_ line: ArraySlice<UInt8>) -> CgroupMount? {
    let fields = line.split(separator: UInt8(ascii: " "))
    guard fields.count >= 9, let dash = fields[6...].firstIndex(where: { $0.elementsEqual("-".utf8) }), fields.endIndex - dash >= 3 else {
        return nil
    }
    let type = fields[dash + 1]
    let isUnified = type.elementsEqual("cgroup2".utf8)
    guard isUnified || type.elementsEqual("cgroup".utf8), let options = fields.last else { return nil }
    return CgroupMount(
        isUnified: isUnified,
        options: options.split(separator: UInt8(ascii: ",")).map { String(decoding: $0, as: UTF8.self) },
        mountPoint: unescaped(fields[4]), root: unescaped(fields[3]))
}

/// The kernel writes blanks, tabs, line feeds and backslashes as three octal digits behind a backslash.
func unescaped(_ field: ArraySlice<UInt8>) -> String {
    guard field.contains(UInt8(ascii: "\\")) else { return String(decoding: field, as: UTF8.self) }
    var bytes: [UInt8] = []
    bytes.reserveCapacity(field.count)
    var rest = field
    while let byte = rest.popFirst() {
        guard byte == UInt8(ascii: "\\"), let value = octal(rest.prefix(3)) else {
            bytes.append(byte)
            continue
        }
        bytes.append(value)
        rest = rest.dropFirst(3)
    }
    return String(decoding: bytes, as: UTF8.self)
}

private func octal(_ digits: ArraySlice<UInt8>) -> UInt8? {
    guard digits.count == 3 else { return nil }
    var value = 0
    for digit in digits {
        guard (UInt8(ascii: "0")...UInt8(ascii: "7")).contains(digit) else { return nil }
        value = value * 8 + Int(digit - UInt8(ascii: "0"))
    }
    return UInt8(exactly: value)
}

/// Brings the runtime's place in each hierarchy and the mounts together; a hierarchy that is mounted nowhere is left out.
///
/// Where a hierarchy is mounted more than once, the first mount that shows the runtime's own cgroup is taken, else the first of all.
/// Inside a container without a cgroup namespace the mount shows a part of the hierarchy only (its root is not `/`): the own place is
/// counted from there.
public func cgroupFacts(_ memberships: [CgroupMembership], mounts: [CgroupMount]) -> CgroupFacts {
    var facts = CgroupFacts(unified: nil, hierarchies: [])
    for membership in memberships {
        let candidates = mounts.filter { $0.shows(membership) }
        guard let mount = candidates.first(where: { $0.place(of: membership.path) != nil }) ?? candidates.first else { continue }
        let hierarchy = CgroupHierarchy(
            controllers: membership.controllers, mountPoint: mount.mountPoint, ownPath: mount.place(of: membership.path) ?? "/")
        if membership.isUnified {
            facts.unified = hierarchy
        } else {
            facts.hierarchies.append(hierarchy)
        }
    }
    return facts
}

extension CgroupMount {
    fileprivate func shows(_ membership: CgroupMembership) -> Bool {
        guard !membership.isUnified else { return isUnified }
        return !isUnified && membership.controllers.allSatisfy { options.contains($0) }
    }

    /// `path` as seen from the mount point, `/` for the mount point itself; `nil` if it lies outside.
    fileprivate func place(of path: String) -> String? {
        // A process outside of its cgroup namespace's root, or a mount from outside of it, is shown as `/../…`.
        guard !path.utf8.starts(with: "/..".utf8) else { return nil }
        if root == "/" { return path }
        if path == root { return "/" }
        guard path.utf8.starts(with: root.utf8) else { return nil }
        let rest = path.utf8.dropFirst(root.utf8.count)
        return rest.first == UInt8(ascii: "/") ? String(Substring(rest)) : nil
    }
}
