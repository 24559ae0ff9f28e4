import OCISpec
import Planning
import Testing

/// Rules that no fixture in spec-fixtures/config/invalid/rules holds, and how problems are reported.
@Suite struct ValidateTests {
    @Test func theSmallestConfigurationBreaksNoRule() {
        #expect(problems(in: .smallest, on: .v1) == [])
    }

    @Test func allProblemsAreFoundInTheOrderOfTheChapters() {
        var spec = Spec.smallest
        spec.root = nil
        spec.hostname = "web"
        spec.process?.cwd = "tmp"
        spec.linux?.maskedPaths = ["kcore"]
        #expect(
            problems(in: spec, on: .v1) == [
                SpecProblem("root", "is missing"),
                SpecProblem("hostname", "needs a uts namespace"),
                SpecProblem("process.cwd", "must be absolute, is \"tmp\""),
                SpecProblem("linux.maskedPaths[0]", "must be absolute, is \"kcore\""),
            ])
    }

    @Test func validateStopsAtTheFirstProblem() {
        var spec = Spec.smallest
        spec.root?.path = ""
        spec.process?.cwd = "tmp"
        #expect(throws: SpecProblem("root.path", "must not be empty")) { try validate(spec, on: .v1) }
    }

    @Test func propagationNeedsAMountNamespace() {
        var spec = Spec.smallest
        spec.linux?.namespaces = []
        spec.mounts = [Mount(destination: "/data", source: "/srv", options: ["rbind", "rprivate", "rshared"])]
        #expect(found(spec) == ["mounts[0].options[2]: needs a mount namespace, is \"rshared\""])
        spec.linux?.namespaces = [LinuxNamespace(type: .mount, path: "/proc/4242/ns/mnt")]
        #expect(found(spec) == [])
    }

    @Test(arguments: ["2.0.0", "0.9.0"]) func anotherMajorVersionIsRefused(_ version: String) {
        var spec = Spec.smallest
        spec.ociVersion = version
        #expect(found(spec) == ["ociVersion: must be 1.x.y, is \"\(version)\""])
    }

    @Test(arguments: ["1.0.0", "1.0.2-dev", "1.99.0"]) func everyMinorVersionIsAccepted(_ version: String) {
        var spec = Spec.smallest
        spec.ociVersion = version
        #expect(found(spec) == [])
    }

    @Test func aWordThatIsNoVersionIsRefused() {
        var spec = Spec.smallest
        spec.ociVersion = "banana"
        #expect(found(spec) == ["ociVersion: must be a version such as 1.3.0, is \"banana\""])
    }

    @Test func aLongValueIsCutInItsMiddle() {
        var spec = Spec.smallest
        spec.process?.cwd = String(repeating: "a", count: 100) + String(repeating: "z", count: 100)
        let rule = "must be absolute, is \"" + String(repeating: "a", count: 32) + "…" + String(repeating: "z", count: 32) + "\""
        #expect(problems(in: spec, on: .v1) == [SpecProblem("process.cwd", rule)])
    }

    @Test func controlCharactersAreEscaped() {
        var spec = Spec.smallest
        spec.process?.cwd = "a\u{1b}[2J\n"
        #expect(found(spec) == ["process.cwd: must be absolute, is \"a\\u001b[2J\\u000a\""])
    }

    // MARK: Mounts

    @Test(arguments: ["/proc/sys", "/proc/../proc/self/attr/exec", "proc/kcore"])
    func aMountBelowProcIsRefused(_ destination: String) {
        let target =
            destination == "/proc/../proc/self/attr/exec"
            ? "/proc/self/attr/exec" : destination == "/proc/sys" ? "/proc/sys" : "/proc/kcore"
        #expect(found(mounting(destination)) == ["mounts[0].destination: must not lie below /proc, is \"\(target)\""])
    }

    @Test(arguments: [
        "/proc/cpuinfo", "/proc/diskstats", "/proc/meminfo", "/proc/stat", "/proc/swaps", "/proc/uptime", "/proc/loadavg", "/proc/slabinfo",
        "/proc/net/dev", "/proc/sys/kernel/ns_last_pid", "/proc/sys/crypto/fips_enabled", "/process", "/proc",
    ])
    func theFilesThatLxcfsReplacesMayBeMountedOver(_ destination: String) {
        #expect(found(mounting(destination)) == [])
    }

    @Test func onlyProcMayBeMountedAtProc() {
        var spec = Spec.smallest
        spec.mounts = [Mount(destination: "/proc/", type: "tmpfs", source: "tmpfs")]
        #expect(found(spec) == ["mounts[0].type: must be proc at /proc, is \"tmpfs\""])
    }

    @Test(arguments: [nil, "", "none"]) func aMountWithoutBindNeedsAType(_ type: String?) {
        var spec = Spec.smallest
        spec.mounts = [Mount(destination: "/data", type: type, source: "/srv", options: ["ro"])]
        #expect(
            found(spec) == ["mounts[0].type: must be a file system unless options holds bind, rbind or remount, is \"\(type ?? "")\""])
    }

    @Test(arguments: ["bind", "rbind"]) func theTypeBindIsABindMountToo(_ type: String) {
        var spec = Spec.smallest
        spec.mounts = [Mount(destination: "/data", type: type, options: ["ro"])]
        #expect(found(spec) == ["mounts[0].source: must be present for a bind mount"])
    }

    // MARK: Ids

    @Test func theRootOfAUserNamespaceMustBeMapped() {
        var spec = Spec.withUserNamespace
        spec.process?.user = User(uid: 5, gid: 5)
        spec.linux?.uidMappings = [LinuxIDMapping(containerID: 5, hostID: 100_000, size: 10)]
        #expect(found(spec) == ["linux.uidMappings: must map id 0, which sets the container up"])
    }

    @Test func aMapMayReachUpToTheLastID() {
        var spec = Spec.withUserNamespace
        spec.linux?.uidMappings = [LinuxIDMapping(containerID: 0, hostID: 0, size: .max)]
        #expect(found(spec) == [])
    }

    @Test func aMapWithTheLargestNumbersDoesNotTrap() {
        var spec = Spec.withUserNamespace
        spec.linux?.uidMappings = [LinuxIDMapping(containerID: .max, hostID: .max, size: .max)]
        #expect(
            found(spec) == [
                "linux.uidMappings[0].containerID: must not reach beyond id 4294967294",
                "linux.uidMappings[0].hostID: must not reach beyond id 4294967294",
            ])
    }

    @Test func rangesThatTouchDoNotOverlap() {
        var spec = Spec.withUserNamespace
        spec.linux?.uidMappings = [
            LinuxIDMapping(containerID: 0, hostID: 100_000, size: 10), LinuxIDMapping(containerID: 10, hostID: 100_010, size: 10),
        ]
        #expect(found(spec) == [])
    }

    @Test func aDeviceCannotBelongToNoOne() {
        var spec = Spec.smallest
        spec.linux?.devices = [LinuxDevice(path: "/dev/x", type: .fifo, uid: .max)]
        #expect(found(spec) == ["linux.devices[0].uid: must be at most 4294967294, is 4294967295"])
    }

    // MARK: Devices, sysctl, hooks

    @Test func onePathCannotBeTwoDevices() {
        var spec = Spec.smallest
        spec.linux?.devices = [
            LinuxDevice(path: "/dev/x", type: .character, major: 1, minor: 3),
            LinuxDevice(path: "/dev/x", type: .character, major: 1, minor: 5),
        ]
        #expect(found(spec) == ["linux.devices[1].path: must not be that of another device, linux.devices[0]"])
    }

    @Test func theSameDeviceTwiceIsHarmless() {
        var spec = Spec.smallest
        let device = LinuxDevice(path: "/dev/x", type: .character, major: 1, minor: 3)
        spec.linux?.devices = [device, device]
        #expect(found(spec) == [])
    }

    @Test(arguments: [
        ("net.ipv4.ip_forward", "a network"), ("net/ipv4/ip_forward", "a network"), ("fs.mqueue.msg_max", "an ipc"),
        ("kernel.sem", "an ipc"),
        ("kernel.domainname", "a uts"), ("user.max_user_namespaces", "a user"),
    ])
    func aParameterNeedsTheNamespaceThatHasIt(_ name: String, _ namespace: String) {
        var spec = Spec.smallest
        spec.linux?.sysctl = [name: "1"]
        #expect(problems(in: spec, on: .v1).map(\.rule) == ["needs \(namespace) namespace"])
    }

    @Test(arguments: [
        ("kernel.pid_max", "must belong to a namespace"), ("vm.swappiness", "must belong to a namespace"),
        ("network.x", "must belong to a namespace"),
        ("kernel.msgmx", "must belong to a namespace"), ("net", "must belong to a namespace"),
        ("", "must be a name such as net.ipv4.ip_forward"), ("/net/x", "must be a name such as net.ipv4.ip_forward"),
        ("net..x", "must be a name such as net.ipv4.ip_forward"), ("net/./x", "must be a name such as net.ipv4.ip_forward"),
        ("net/../kernel/panic", "must not contain \"..\""), ("kernel.hostname", "must be set by hostname"),
        ("kernel/hostname", "must be set by hostname"),
    ])
    func aParameterOfTheHostIsRefused(_ name: String, _ rule: String) {
        var spec = Spec.smallest
        spec.linux?.namespaces = LinuxNamespaceType.allCases.filter { $0 != .user }.map { LinuxNamespace(type: $0) }
        spec.linux?.sysctl = [name: "1"]
        #expect(problems(in: spec, on: .v1).map(\.rule) == [rule])
    }

    @Test func aLimitThatTheHostCannotKeepIsAProblem() {
        var spec = Spec.smallest
        spec.linux?.resources = LinuxResources(memory: LinuxMemory(limit: 1 << 30, swappiness: 10))
        #expect(problems(in: spec, on: .v1) == [])
        #expect(problems(in: spec, on: .v2).map(\.path) == ["linux.resources.memory.swappiness"])
    }

    @Test func limitsAreJudgedSectionBySection() {
        var spec = Spec.smallest
        spec.linux?.resources = LinuxResources(memory: LinuxMemory(limit: -2), cpu: LinuxCPU(period: 1), pids: LinuxPids(limit: -2))
        #expect(
            problems(in: spec, on: .v1).map(\.path) == [
                "linux.resources.memory.limit", "linux.resources.cpu.period", "linux.resources.pids.limit",
            ])
    }

    private func mounting(_ destination: String) -> Spec {
        var spec = Spec.smallest
        spec.mounts = [Mount(destination: destination, source: "/srv", options: ["bind"])]
        return spec
    }

    private func found(_ spec: Spec) -> [String] {
        problems(in: spec, on: .v1).map(\.description)
    }
}

extension Spec {
    /// The smallest configuration with a new user namespace.
    fileprivate static var withUserNamespace: Spec {
        var spec = Spec.smallest
        spec.linux?.namespaces?.append(LinuxNamespace(type: .user))
        spec.linux?.uidMappings = [LinuxIDMapping(containerID: 0, hostID: 100_000, size: 65536)]
        spec.linux?.gidMappings = [LinuxIDMapping(containerID: 0, hostID: 100_000, size: 65536)]
        return spec
    }
}
