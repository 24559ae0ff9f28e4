/// What a mount of type `cgroup` shows on a v1 or hybrid host: one folder a v1 hierarchy, named as beneath /sys/fs/cgroup
/// (`memory`, `cpu,cpuacct`, `systemd` for `name=systemd`), holding the container's own cgroup.
///
/// - Parameters:
///   - hasOwnNamespace: whether the container gets or joins a cgroup namespace other than the runtime's: then each hierarchy is mounted
///     anew, which shows that namespace's root; else the container's folder is bound from the host.
/// - Returns: the folders, and for controllers that share a hierarchy a link each, beside them: `cpu` → `cpu,cpuacct`.
///
/// The unified hierarchy of a hybrid host is not shown, as with runc.
/// See runtime-spec, config-linux, "Default Filesystems"; cgroups(7), "Mounting v1 controllers".
public func cgroupHierarchyViews(
    of handle: CgroupHandle, hasOwnNamespace: Bool
) -> (views: [CgroupHierarchyView], links: [DeviceLink]) {
    var views: [CgroupHierarchyView] = []
    var links: [DeviceLink] = []
    views.reserveCapacity(handle.hierarchies.count)
    for directory in handle.hierarchies {
        let names = list(directory.controllers)
        let isNamed = names.utf8.starts(with: named.utf8)
        let name = isNamed ? String(Substring(names.utf8.dropFirst(named.utf8.count))) : names
        let content: CgroupHierarchyView.Content =
            hasOwnNamespace ? .mount(options: isNamed ? "none," + names : names) : .bind(source: directory.absolutePath)
        views.append(CgroupHierarchyView(name: name, content: content))
        guard directory.controllers.count > 1 else { continue }
        for controller in directory.controllers {
            links.append(DeviceLink(path: controller, target: name, replaces: false))
        }
    }
    return (views, links)
}

private let named = "name="

/// The names with commas between them. Nearly always one; the library's `joined` costs a fresh process half of a whole plan.
private func list(_ names: [String]) -> String {
    guard var result = names.first else { return "" }
    for name in names.dropFirst() {
        result += ","
        result += name
    }
    return result
}
