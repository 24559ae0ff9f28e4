import JSON

/// The container's place below the root of a cgroup hierarchy.
///
/// - `linux.cgroupsPath` absolute: counted from the hierarchy's mount point.
/// - Relative: counted from the runtime's own cgroup in that hierarchy.
/// - Absent or empty: named by the container's id, beneath the runtime's own cgroup.
///
/// `.` and `..` are resolved by the text alone and never lead above the place where the path starts, so that no path leaves the hierarchy.
/// See runtime-spec, config-linux, "Cgroups Path".
struct CgroupPath: Sendable, Hashable {
    /// Whether the path starts at the mount point and not at the runtime's own cgroup.
    let isAbsolute: Bool
    /// The cleaned path, without a slash at either end; never empty.
    let components: String

    /// - Throws: `SpecProblem` where the path names no cgroup of its own, or a name that the kernel would refuse.
    init(_ cgroupsPath: String?, id: String) throws(SpecProblem) {
        guard let cgroupsPath, !cgroupsPath.isEmpty else {
            isAbsolute = false
            components = id
            return
        }
        isAbsolute = cgroupsPath.utf8.first == UInt8(ascii: "/")
        components = try cleaned(cgroupsPath)
        guard !components.isEmpty else {
            let place = isAbsolute ? "the root of the hierarchy" : "the runtime's own cgroup"
            throw SpecProblem(origin, "must name a cgroup of the container's own, \(quoted(cgroupsPath)) is \(place)")
        }
    }

    /// The container's folder in `hierarchy`.
    func directory(in hierarchy: CgroupHierarchy) -> CgroupDirectory {
        CgroupDirectory(controllers: hierarchy.controllers, mountPoint: hierarchy.mountPoint, path: path(below: hierarchy.ownPath))
    }

    private func path(below ownPath: String) -> String {
        guard !isAbsolute, ownPath.utf8.count > 1 else { return components }
        return String(Substring(ownPath.utf8.dropFirst())) + "/" + components
    }
}

private let origin = "linux.cgroupsPath"

/// The longest name of a folder, `NAME_MAX`.
private let longestName = 255
/// The longest path that the kernel takes, `PATH_MAX` with its closing zero.
private let longestPath = 4096

private func cleaned(_ path: String) throws(SpecProblem) -> String {
    guard path.utf8.count < longestPath else {
        throw SpecProblem(origin, "must be shorter than 4,096 bytes, has \(path.utf8.count)")
    }
    var kept: [Substring] = []
    for component in path.utf8.split(separator: UInt8(ascii: "/")) {
        if component.elementsEqual(".".utf8) { continue }
        if component.elementsEqual("..".utf8) {
            _ = kept.popLast()
            continue
        }
        guard component.count <= longestName else {
            throw SpecProblem(origin, "must have names of at most 255 bytes, one has \(component.count)")
        }
        // A line feed would forge a line of /proc/<pid>/cgroup; the kernel refuses it in names of cgroups.
        guard !component.contains(0), !component.contains(UInt8(ascii: "\n")) else {
            throw SpecProblem(origin, "must not contain a NUL or a line feed")
        }
        kept.append(Substring(component))
    }
    return kept.joined(separator: "/")
}
