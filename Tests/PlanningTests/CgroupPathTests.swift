import OCISpec
import Testing

@testable import Planning

/// The folders of the memory hierarchy, in which the runtime's own cgroup is /user.slice, and of another one, in which it is the root.
private func folders(_ cgroupsPath: String?, id: String = "web1") throws -> [String] {
    let plan = try planCgroup(Spec(linux: Linux(cgroupsPath: cgroupsPath)), id: id, on: .v1)
    return ["memory", "pids"].map { name in plan.handle.hierarchies.first { $0.controllers == [name] }?.absolutePath ?? "" }
}

@Test(
    arguments: [
        (nil, "memory/user.slice/web1", "pids/web1"),
        ("", "memory/user.slice/web1", "pids/web1"),
        ("/engine/a", "memory/engine/a", "pids/engine/a"),
        ("engine/a", "memory/user.slice/engine/a", "pids/engine/a"),
        ("//engine///a/", "memory/engine/a", "pids/engine/a"),
        ("/../../x", "memory/x", "pids/x"),
        ("../../x", "memory/user.slice/x", "pids/x"),
        ("/a/./b/../c", "memory/a/c", "pids/a/c"),
        ("/a:b/..c", "memory/a:b/..c", "pids/a:b/..c"),
    ] as [(String?, String, String)])
func pathsAreCleanedAndStayInTheHierarchy(_ path: String?, _ memory: String, _ pids: String) throws {
    #expect(try folders(path) == ["/sys/fs/cgroup/\(memory)", "/sys/fs/cgroup/\(pids)"])
}

@Test(arguments: [
    ("/", "must name a cgroup of the container's own, \"/\" is the root of the hierarchy"),
    ("/a/..", "must name a cgroup of the container's own, \"/a/..\" is the root of the hierarchy"),
    (".", "must name a cgroup of the container's own, \".\" is the runtime's own cgroup"),
    ("../..", "must name a cgroup of the container's own, \"../..\" is the runtime's own cgroup"),
    ("/a\nb", "must not contain a NUL or a line feed"),
    ("/a\0b", "must not contain a NUL or a line feed"),
    ("/" + String(repeating: "a", count: 256), "must have names of at most 255 bytes, one has 256"),
    (String(repeating: "a/", count: 2048), "must be shorter than 4,096 bytes, has 4096"),
])
func pathsThatNameNoCgroupAreRefused(_ path: String, _ rule: String) {
    let problem = #expect(throws: SpecProblem.self) { try folders(path) }
    #expect(problem == SpecProblem("linux.cgroupsPath", rule))
}

@Test func theUnifiedHierarchyOfAHybridHostGetsAFolderToo() throws {
    var host = HostFacts.v1
    host.cgroups.unified = CgroupHierarchy(controllers: [], mountPoint: "/sys/fs/cgroup/unified", ownPath: "/session")
    let plan = try planCgroup(Spec(linux: Linux(cgroupsPath: "a")), id: "web1", on: host)
    #expect(plan.handle.unified?.absolutePath == "/sys/fs/cgroup/unified/session/a")
    #expect(plan.handle.hierarchies.count == host.cgroups.hierarchies.count)
}

@Test func viewsWithoutANamespaceBindTheContainersFolders() throws {
    let handle = try planCgroup(.smallest, id: "web1", on: .v1).handle
    let (views, links) = cgroupHierarchyViews(of: handle, hasOwnNamespace: false)
    #expect(views.map(\.name) == ["cpu,cpuacct", "cpuset", "devices", "pids", "memory", "systemd"])
    #expect(views.last?.content == .bind(source: "/sys/fs/cgroup/systemd/web1"))
    #expect(
        links == [
            DeviceLink(path: "cpu", target: "cpu,cpuacct", replaces: false),
            DeviceLink(path: "cpuacct", target: "cpu,cpuacct", replaces: false),
        ])
}

@Test func viewsWithANamespaceAreMountedAnew() throws {
    let handle = try planCgroup(.smallest, id: "web1", on: .v1).handle
    let (views, _) = cgroupHierarchyViews(of: handle, hasOwnNamespace: true)
    #expect(views.first?.content == .mount(options: "cpu,cpuacct"))
    #expect(views.last?.content == .mount(options: "none,name=systemd"))
}
