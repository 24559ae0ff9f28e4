import KernelABI
import OCISpec
import Planning
import Testing

@Suite struct PlanRootfsTests {
    @Test func theRootIsTakenFromTheBundle() throws {
        #expect(try plan(.smallest).rootfs.path == "/b/rootfs")
    }

    @Test func anAbsoluteRootStaysAsItIs() throws {
        var spec = Spec.smallest
        spec.root?.path = "/images/../web"
        #expect(try plan(spec).rootfs.path == "/web")
    }

    @Test func everyMountOfTheHostBecomesASlaveUnlessAskedOtherwise() throws {
        #expect(try plan(.smallest).rootfs.inheritedPropagation == [.slave, .recursive])
        #expect(try plan(.smallest).rootfs.rootPropagation == nil)
    }

    @Test(arguments: [
        (LinuxRootfsPropagation.shared, MountFlags.shared, MountFlags.shared), (.slave, .slave, .slave), (.private, .private, .private),
        (.unbindable, .private, .unbindable),
    ])
    func propagationIsSetFirstBelowAndLastOnTheRoot(_ word: LinuxRootfsPropagation, _ inherited: MountFlags, _ root: MountFlags) throws {
        var spec = Spec.smallest
        spec.linux?.rootfsPropagation = word
        let rootfs = try plan(spec).rootfs
        #expect(rootfs.inheritedPropagation == inherited.union(.recursive))
        #expect(rootfs.rootPropagation == root)
    }

    @Test func withoutPivotTheRootIsMoved() throws {
        var options = CreateOptions()
        options.usesPivotRoot = false
        #expect(try plan(.smallest, options: options).rootfs.entry == .move)
    }

    @Test(arguments: [true, false]) func withoutAMountNamespaceTheRootIsDetached(_ usesPivotRoot: Bool) throws {
        var options = CreateOptions()
        options.usesPivotRoot = usesPivotRoot
        var spec = Spec.smallest
        spec.linux?.namespaces = []
        spec.linux?.rootfsPropagation = .private
        let rootfs = try plan(spec, options: options).rootfs
        #expect(rootfs.entry == .detach)
        #expect(rootfs.rootPropagation == nil)
        spec.linux?.namespaces = [LinuxNamespace(type: .mount, path: "/proc/4242/ns/mnt")]
        #expect(try plan(spec).rootfs.entry == .pivot)
    }

    @Test func withoutPivotThePropagationMustNotBePrivate() {
        var options = CreateOptions()
        options.usesPivotRoot = false
        var spec = Spec.smallest
        spec.linux?.rootfsPropagation = .private
        #expect(
            throws: SpecProblem(
                "linux.rootfsPropagation",
                "must not be private without pivot_root (--no-pivot): the host's mounts would stay busy beneath the root")
        ) { try plan(spec, options: options) }
    }

    @Test func aRelativeSourceIsTakenFromTheBundle() throws {
        #expect(try bind(Mount(destination: "/data", source: "data/./x", options: ["bind"])).source == "/b/data/x")
    }

    @Test func anAbsoluteSourceIsNotTouchedBecauseLinksMayStandInIt() throws {
        #expect(try bind(Mount(destination: "/data", source: "/a/link/../x", options: ["bind"])).source == "/a/link/../x")
    }

    @Test func aBindMountKeepsWhatItsWordsClear() throws {
        let mount = try bind(Mount(destination: "/data", source: "/srv", options: ["rbind", "rw", "suid", "noexec", "dirsync", "async"]))
        #expect(mount.set == .noExec)
        #expect(mount.clear == [.readOnly, .noSuid])
        #expect(mount.isRecursive)
    }

    @Test func whatABindMountCannotUseIsLeftOutWithAWarning() throws {
        var spec = Spec.smallest
        spec.mounts = [Mount(destination: "/data", source: "/srv", options: ["rbind", "mode=755", "ro", "nosiud"])]
        let plan = try plan(spec)
        guard case .bind(let mount) = plan.rootfs.mounts.first else { throw Missing() }
        #expect(mount.set == .readOnly)
        #expect(plan.warnings == ["mounts[0].options: no effect on a bind mount: \"mode=755\", \"nosiud\", did you mean \"nosuid\"?"])
    }

    @Test func aRemountOfABindMountHasNoUseForThemEither() throws {
        var spec = Spec.smallest
        spec.mounts = [Mount(destination: "/data", options: ["remount", "bind", "size=1m"])]
        let plan = try plan(spec)
        guard case .reconfigure(let change) = plan.rootfs.mounts.first else { throw Missing() }
        #expect(change.parameters == [])
        #expect(plan.warnings == ["mounts[0].options: no effect on a bind mount: \"size=1m\""])
    }

    @Test func aRelativeDestinationIsTakenFromTheRootWithAWarning() throws {
        var spec = Spec.smallest
        spec.mounts = [Mount(destination: "data", type: "tmpfs", source: "tmpfs")]
        let plan = try plan(spec)
        guard case .attach(let mount) = plan.rootfs.mounts.first else { throw Missing() }
        #expect(mount.target == "/data")
        #expect(plan.warnings == ["mounts[0].destination: should be absolute, is \"data\"; taken from /"])
    }

    @Test(arguments: [("proc", "/anywhere"), ("sysfs", "/anywhere"), ("bind", "/proc"), ("rbind", "/sys")])
    func procAndSysAreMountedOnRealFoldersOnly(_ type: String, _ destination: String) throws {
        var spec = Spec.smallest
        spec.mounts = [Mount(destination: destination, type: type, source: "/proc")]
        #expect(try policy(plan(spec).rootfs.mounts.first) == .realDirectory)
    }

    @Test func aFileOfProcIsMountedOverInsideProc() throws {
        var spec = Spec.smallest
        spec.mounts = [Mount(destination: "/proc/cpuinfo", type: "bind", source: "/var/lib/lxcfs/proc/cpuinfo")]
        #expect(try policy(plan(spec).rootfs.mounts.first) == .insideProc)
    }

    @Test func aReadOnlyDevIsMadeReadOnlyAfterItsNodes() throws {
        var spec = Spec.smallest
        spec.mounts = [Mount(destination: "/dev", type: "tmpfs", source: "tmpfs", options: ["ro", "nosuid"])]
        let steps = try plan(spec).rootfs.mounts
        guard case .attach(let mount) = steps.first, case .reconfigure(let change) = steps.last else { throw Missing() }
        #expect(mount.flags == .noSuid)
        #expect(change.set == .readOnly)
        #expect(change.target == "/dev")
    }

    @Test func nothingIsMadeInADevThatBelongsToSomebodyElse() throws {
        var spec = Spec.smallest
        spec.mounts = [Mount(destination: "/dev", source: "/dev", options: ["rbind"])]
        #expect(try plan(spec).rootfs.mounts.count == 1)
    }

    @Test func nodesAndLinksComeAfterTheMounts() throws {
        var spec = Spec.smallest
        spec.mounts = [Mount(destination: "/dev", type: "tmpfs"), Mount(destination: "/dev/pts", type: "devpts")]
        let kinds = try plan(spec).rootfs.mounts.map { step in
            switch step {
            case .makeNode: "node"
            case .makeLink: "link"
            default: "mount"
            }
        }
        #expect(kinds == ["mount", "mount"] + Array(repeating: "node", count: 6) + Array(repeating: "link", count: 6))
    }

    @Test func coreIsLinkedOnlyWhereTheHostHasIt() throws {
        let core = RootfsStep.makeLink(DeviceLink(path: "/dev/core", target: "/proc/kcore", replaces: false))
        #expect(try plan(.smallest, on: .v1).rootfs.mounts.contains(core))
        #expect(try !plan(.smallest, on: .v2).rootfs.mounts.contains(core))
    }

    @Test func aConfiguredDeviceReplacesTheDefaultOneOfItsPath() throws {
        var spec = Spec.smallest
        spec.linux?.devices = [LinuxDevice(path: "/dev/null", type: .character, major: 1, minor: 3, fileMode: 0o020600)]
        let nodes = try plan(spec).rootfs.mounts.compactMap { step -> DeviceNode? in
            if case .makeNode(let node) = step { node } else { nil }
        }
        #expect(nodes.filter { $0.path == "/dev/null" }.map(\.permissions) == [0o600])
        #expect(nodes.count == 6)
    }

    @Test func nodesAreBoundWhereTheyCannotBeMade() throws {
        var host = HostFacts.v2
        #expect(try boundNodes(on: host) == [false])
        host.capabilities.remove(CapabilitySet(.mknod))
        #expect(try boundNodes(on: host) == [true])
        host = .v2
        host.isInitialUserNamespace = false
        #expect(try boundNodes(on: host) == [true])
    }

    private func boundNodes(on host: HostFacts) throws -> Set<Bool> {
        let nodes = try plan(.smallest, on: host).rootfs.mounts.compactMap { step -> Bool? in
            if case .makeNode(let node) = step { node.bindsHostNode } else { nil }
        }
        return Set(nodes)
    }

    @Test func readOnlyPathsComeBeforeMaskedOnes() throws {
        var spec = Spec.smallest
        spec.linux?.maskedPaths = ["/proc/kcore"]
        spec.linux?.readonlyPaths = ["/proc/kcore", "/proc/sys/"]
        #expect(
            try plan(spec).rootfs.protections == [
                .makeReadOnly(path: "/proc/kcore", origin: "linux.readonlyPaths[0]"),
                .makeReadOnly(path: "/proc/sys", origin: "linux.readonlyPaths[1]"),
                .mask(path: "/proc/kcore", origin: "linux.maskedPaths[0]"),
            ])
    }

    @Test func aCgroupMountOnV1ShowsTheContainersOwnFolders() throws {
        guard case .attachCgroupHierarchies(let mount) = try cgroupMount(namespaces: [], on: .v1) else { throw Missing() }
        #expect(mount.views.first { $0.name == "memory" }?.content == .bind(source: "/sys/fs/cgroup/memory/user.slice/web1"))
        #expect(mount.links.first == DeviceLink(path: "cpu", target: "cpu,cpuacct", replaces: false))
    }

    @Test func aCgroupMountInACgroupNamespaceIsANewMount() throws {
        guard case .attachCgroupHierarchies(let mount) = try cgroupMount(namespaces: [.cgroup], on: .v1) else { throw Missing() }
        #expect(mount.views.last == CgroupHierarchyView(name: "systemd", content: .mount(options: "none,name=systemd")))
    }

    @Test func aCgroupMountOnV2IsCgroup2OrTheContainersFolder() throws {
        guard case .attach(let mount) = try cgroupMount(namespaces: [], on: .v2) else { throw Missing() }
        #expect(mount.type == "cgroup2")
        #expect(mount.ifRefused == .bind(source: "/sys/fs/cgroup/web1"))
    }

    private func cgroupMount(namespaces: [LinuxNamespaceType], on host: HostFacts) throws -> RootfsStep? {
        var spec = Spec.smallest
        spec.linux?.namespaces? += namespaces.map { LinuxNamespace(type: $0) }
        spec.mounts = [Mount(destination: "/sys/fs/cgroup", type: "cgroup", source: "cgroup")]
        return try plan(spec, on: host).rootfs.mounts.first
    }

    private func bind(_ mount: Mount) throws -> BindMount {
        var spec = Spec.smallest
        spec.mounts = [mount]
        guard case .bind(let step) = try plan(spec).rootfs.mounts.first else { throw Missing() }
        return step
    }

    private func policy(_ step: RootfsStep?) throws -> TargetPolicy {
        switch step {
        case .attach(let mount): mount.targetPolicy
        case .bind(let mount): mount.targetPolicy
        default: throw Missing()
        }
    }

    private struct Missing: Error {}
}
