import KernelABI
import OCISpec
import Planning
import Testing

@Suite struct PlanContainerTests {
    @Test func aContainerCanBePlannedWithoutAProcess() throws {
        var spec = Spec.smallest
        spec.process = nil
        #expect(try plan(spec).program == nil)
    }

    @Test func aLaterMinorVersionIsWarnedAbout() throws {
        var spec = Spec.smallest
        spec.ociVersion = "1.99.0"
        #expect(try plan(spec).warnings == ["ociVersion: is 1.99.0, newer than 1.3.0; what it adds is ignored"])
        spec.ociVersion = "1.0.2-dev"
        #expect(try plan(spec).warnings == [])
    }

    @Test func theCgroupNamespaceIsMadeByTheChild() throws {
        var spec = Spec.smallest
        spec.linux?.namespaces?.append(LinuxNamespace(type: .cgroup))
        let spawn = try plan(spec).spawn
        #expect(spawn.newNamespaces == .newMount)
        #expect(spawn.makesCgroupNamespace)
    }

    @Test func theMountNamespaceIsJoinedLast() throws {
        var spec = Spec.smallest
        spec.linux?.namespaces = [
            LinuxNamespace(type: .mount, path: "/m"), LinuxNamespace(type: .network, path: "/n"), LinuxNamespace(type: .uts, path: "/u"),
        ]
        #expect(try plan(spec).spawn.joins.map(\.path) == ["/n", "/u", "/m"])
        #expect(try plan(spec).spawn.joins.map(\.origin) == ["linux.namespaces[1]", "linux.namespaces[2]", "linux.namespaces[0]"])
    }

    @Test func theRuntimesOwnMountNamespaceIsNotToBeJoined() throws {
        var spec = Spec.smallest
        spec.linux?.namespaces = [LinuxNamespace(type: .mount, path: "/m")]
        let problem = SpecProblem("linux.namespaces[0].path", "must not be the runtime's own mount namespace")
        #expect(try plan(spec).spawn.joins.map(\.ifOwn) == [.refuse(problem, own: "/proc/self/ns/mnt")])
    }

    @Test(arguments: [
        ("net.ipv4.ip_forward", LinuxNamespaceType.network, "net"), ("kernel.shmmax", .ipc, "ipc"), ("kernel.domainname", .uts, "uts"),
    ])
    func aParameterIsNotToBeSetInTheRuntimesOwnNamespace(_ name: String, _ type: LinuxNamespaceType, _ file: String) throws {
        var spec = Spec.smallest
        spec.linux?.namespaces?.append(LinuxNamespace(type: type, path: "/n"))
        #expect(try plan(spec).spawn.joins.map(\.ifOwn) == [.share])
        spec.linux?.sysctl = [name: "1"]
        let problem = SpecProblem(
            "linux.sysctl[\"\(name)\"]", "needs \(type == .ipc ? "an" : "a") \(type.rawValue) namespace that is not the runtime's own")
        #expect(try plan(spec).spawn.joins.map(\.ifOwn) == [.refuse(problem, own: "/proc/self/ns/\(file)")])
    }

    @Test func theHostNameIsNotToBeSetInTheRuntimesOwnNamespace() throws {
        var spec = Spec.smallest
        spec.linux?.namespaces?.append(LinuxNamespace(type: .uts, path: "/u"))
        spec.hostname = "web"
        let problem = SpecProblem("hostname", "needs a uts namespace that is not the runtime's own")
        #expect(try plan(spec).spawn.joins.map(\.ifOwn) == [.refuse(problem, own: "/proc/self/ns/uts")])
    }

    @Test func aMountNamespaceThatIsNotListedIsNotMadeByTheClone() throws {
        var spec = Spec.smallest
        spec.linux = nil
        #expect(try plan(spec).spawn.newNamespaces == [])
    }

    @Test func loopbackIsSetUpInANewNetworkNamespaceOnly() throws {
        var spec = Spec.smallest
        #expect(try plan(spec).network == [])
        spec.linux?.namespaces?.append(LinuxNamespace(type: .network, path: "/run/netns/web"))
        #expect(try plan(spec).network == [])
        spec.linux?.namespaces?[1].path = nil
        #expect(try plan(spec).network == [.setLoopbackUp])
    }

    @Test func sysctlNamesBecomePathsAsSysctl8ReadsThem() throws {
        var spec = Spec.smallest
        spec.linux?.namespaces?.append(LinuxNamespace(type: .network))
        spec.linux?.sysctl = ["net.ipv4.conf.eth0/1.forwarding": "0", "net/ipv4/conf/eth0.2/forwarding": "1"]
        #expect(
            try plan(spec).settings == [
                .sysctl(
                    name: "net/ipv4/conf/eth0.1/forwarding", value: "0", origin: "linux.sysctl[\"net.ipv4.conf.eth0/1.forwarding\"]"),
                .sysctl(
                    name: "net/ipv4/conf/eth0.2/forwarding", value: "1", origin: "linux.sysctl[\"net/ipv4/conf/eth0.2/forwarding\"]"),
            ])
    }

    @Test func hooksKeepTheirOrderAndPlace() throws {
        var spec = Spec.smallest
        spec.hooks = Hooks(poststop: [Hook(path: "/a", args: ["a", "b"], env: [], timeout: 3), Hook(path: "/c")])
        #expect(
            try plan(spec).hooks.poststop == [
                HookStep(origin: "hooks.poststop[0]", path: "/a", arguments: ["a", "b"], environment: [], timeoutSeconds: 3),
                HookStep(origin: "hooks.poststop[1]", path: "/c", arguments: [], environment: nil, timeoutSeconds: nil),
            ])
    }

    @Test func thePlanOfTheSameConfigurationIsTheSame() throws {
        var spec = Spec.smallest
        spec.linux?.namespaces?.append(LinuxNamespace(type: .network))
        spec.linux?.sysctl = Dictionary(uniqueKeysWithValues: (0..<20).map { ("net.core.x\($0)", "1") })
        let first = try plan(spec)
        spec.linux?.sysctl = Dictionary(uniqueKeysWithValues: (0..<20).reversed().map { ("net.core.x\($0)", "1") })
        #expect(try plan(spec) == first)
    }
}

@Suite struct PlanDescriptionTests {
    @Test func aLineIsThePhaseInAColumnAndTheStep() throws {
        let line = try #require(try PlanDescription(plan(.smallest)).lines.first { $0.phase == "spawn" })
        #expect(line.description == "spawn    clone mount")
    }

    @Test func theTextEndsEachLineWithALineFeed() throws {
        let description = try PlanDescription(plan(.smallest))
        #expect(description.text == description.lines.map { $0.description + "\n" }.joined())
    }

    @Test func aValueWithSpacesStandsInQuotes() throws {
        var spec = Spec.smallest
        spec.process?.args = ["echo", "a b", "", "tab\there"]
        #expect(try PlanDescription(plan(spec)).lines.last?.step == "execute echo \"a b\" \"\" \"tab\\u0009here\"")
    }

    @Test func thePlanIsPrintedInTheOrderInWhichItIsCarriedOut() throws {
        var spec = Spec.smallest
        spec.hostname = "box"
        spec.root?.readonly = true
        spec.linux?.namespaces = [LinuxNamespace(type: .mount), LinuxNamespace(type: .uts)]
        spec.linux?.maskedPaths = ["/proc/kcore"]
        spec.hooks = Hooks(createContainer: [Hook(path: "/bin/hook")])
        let lines = PlanDescription(try plan(spec)).lines.map(\.description)
        let milestones = lines.filter { line in
            [
                "spawn    clone", "rootfs   make node /dev/null", "hooks", "rootfs   mask", "rootfs   make /",
                "rootfs   pivot",
                "settings", "identity uid", "program  execute",
            ].contains { line.hasPrefix($0) }
        }
        #expect(
            milestones == [
                "spawn    clone mount,uts",
                "rootfs   make node /dev/null character device 1:3 mode 0666",
                "hooks    createContainer /bin/hook",
                "rootfs   mask /proc/kcore",
                "rootfs   make / read-only",
                "rootfs   pivot to /b/rootfs",
                "settings hostname box",
                "identity uid 0 gid 0 no groups umask 0022",
                "program  execute true",
            ])
    }
}
