import Foundation
import JSON
import OCISpec
import Testing

@testable import Planning

/// One `linux.resources` of spec-fixtures/cgroup, with what it becomes on a host with cgroup v1 and with v2.
///
/// NAME.v1.expect and NAME.v2.expect hold one write a line (`file value`), on v2 the tests of the device program, `warning …` lines behind them, or `error path: rule` alone.
/// The device rules that each container gets are left out where the configuration has no `devices`.
struct ResourcesFixture: Sendable, CustomTestStringConvertible {
    let url: URL
    let version: String

    var testDescription: String { "\(url.deletingPathExtension().lastPathComponent) on \(version)" }

    var expected: [String] {
        get throws {
            let text = try String(contentsOf: url.deletingPathExtension().appendingPathExtension("\(version).expect"), encoding: .utf8)
            return text.split(separator: "\n").map { String($0) }
        }
    }

    func planned() throws -> [String] {
        let resources = try decode(LinuxResources.self, from: [UInt8](Data(contentsOf: url)))
        let spec = Spec(linux: Linux(resources: resources))
        do {
            let plan = try planCgroup(spec, id: "web1", on: version == "v1" ? .completeV1 : .completeV2)
            let writes = plan.writes.filter { $0.controller != "devices" || resources.devices != nil }
            return writes.map { "\($0.file) \($0.value)\(words($0.ifMissing))" }
                + (resources.devices == nil ? [] : plan.devices.map(tests(of:)) ?? []) + plan.warnings.map { "warning \($0)" }
        } catch {
            return ["error \(error)"]
        }
    }

    private func tests(of program: DeviceProgram) -> [String] {
        let otherwise = program.allowsOtherwise ? "allow otherwise" : "deny otherwise"
        return program.tests.map { "\($0.allows ? "allow" : "deny") \($0.text)" } + [otherwise]
    }

    private func words(_ policy: MissingFilePolicy) -> String {
        switch policy {
        case .fail: ""
        case .ignore: " (if there)"
        case .instead(let file, let value): " (or else \(file) \(value))"
        }
    }

    static let all: [ResourcesFixture] = Fixture.files(in: Fixture.root.appendingPathComponent("cgroup"))
        .filter { $0.pathExtension == "json" }
        .flatMap { url in ["v1", "v2"].map { ResourcesFixture(url: url, version: $0) } }
}

@Test(arguments: ResourcesFixture.all)
func resourcesBecomeTheExpectedWrites(_ fixture: ResourcesFixture) throws {
    #expect(try fixture.planned() == fixture.expected)
}

@Test func thereAreFixturesForResources() {
    #expect(ResourcesFixture.all.count >= 100)
}

@Test func writesNameTheirProperty() throws {
    let spec = Spec(linux: Linux(resources: LinuxResources(memory: LinuxMemory(limit: 1 << 20), cpu: LinuxCPU(cpus: "0"))))
    let plan = try planCgroup(spec, id: "web1", on: .v1)
    #expect(plan.writes.prefix(2).map(\.origin) == ["linux.resources.memory.limit", "linux.resources.cpu.cpus"])
}

@Test func eachLineOfAListNamesItsEntry() throws {
    let blockIO = LinuxBlockIO(
        weightDevice: [LinuxWeightDevice(major: 8, minor: 0, weight: 100)],
        throttleWriteBpsDevice: [
            LinuxThrottleDevice(major: 8, minor: 0, rate: 1), LinuxThrottleDevice(major: 8, minor: 16, rate: 1),
        ])
    let expected = ["weightDevice[0]", "throttleWriteBpsDevice[0]", "throttleWriteBpsDevice[1]"].map { "linux.resources.blockIO.\($0)" }
    for host in [HostFacts.completeV1, .completeV2] {
        let plan = try planResources(LinuxResources(blockIO: blockIO), on: host)
        #expect(plan.writes.filter { $0.controller != "devices" }.map(\.origin) == expected)
    }
}

@Test func whatVersion1LacksGoesToTheVersion2Beside() throws {
    var host = HostFacts.v1
    host.cgroups.hierarchies.removeAll { $0.controllers != ["memory"] }
    host.cgroups.unified = CgroupHierarchy(controllers: [], mountPoint: "/sys/fs/cgroup/unified", ownPath: "/")
    let resources = LinuxResources(
        memory: LinuxMemory(limit: 1), cpu: LinuxCPU(quota: 5000, cpus: "0"), pids: LinuxPids(limit: 5), blockIO: LinuxBlockIO(weight: 10),
        hugepageLimits: [LinuxHugepageLimit(pageSize: "2MB", limit: 0)], rdma: ["a": LinuxRdma(hcaHandles: 1)])
    let files = try planResources(resources, on: host).writes.map(\.file)
    #expect(
        files == [
            "memory.limit_in_bytes", "cpu.max", "cpuset.cpus", "pids.max", "io.bfq.weight", "hugetlb.2MB.max", "hugetlb.2MB.rsvd.max",
            "rdma.max",
        ])
}

@Test func whatNeitherVersionHasIsRefused() {
    var host = HostFacts.v1
    host.cgroups.unified = CgroupHierarchy(controllers: [], mountPoint: "/sys/fs/cgroup/unified", ownPath: "/")
    let problem = #expect(throws: SpecProblem.self) {
        try planResources(LinuxResources(network: LinuxNetwork(classID: 1)), on: host)
    }
    #expect(
        problem?.description == "linux.resources.network.classID: needs the cgroup v1 controller net_cls, which is not mounted on this host"
    )
}

@Test func limitsNeedTheirController() {
    var host = HostFacts.v1
    host.cgroups.hierarchies.removeAll { $0.controllers == ["pids"] }
    let spec = Spec(linux: Linux(resources: LinuxResources(pids: LinuxPids(limit: 5))))
    let problem = #expect(throws: SpecProblem.self) { try planCgroup(spec, id: "web1", on: host) }
    #expect(problem?.description == "linux.resources.pids.limit: needs the cgroup v1 controller pids, which is not mounted on this host")
}

@Test func hostsWithoutCgroupsTakeContainersWithoutLimits() throws {
    var host = HostFacts.v1
    host.cgroups = CgroupFacts(unified: nil, hierarchies: [])
    let plan = try planCgroup(.smallest, id: "web1", on: host)
    #expect(plan == CgroupPlan(handle: CgroupHandle(hierarchies: [], unified: nil), writes: []))
}

@Test func deviceRulesAreLeftOutInsideAUserNamespace() throws {
    var host = HostFacts.v1
    host.isInitialUserNamespace = false
    #expect(try planCgroup(.smallest, id: "web1", on: host).writes.isEmpty)
}

@Test(
    arguments: [
        (nil, nil), (0, nil), (1, 1), (2, 1), (3, 2), (512, 59), (1024, 100), (2048, 174), (262_144, 10_000), (UInt64.max, 10_000),
    ] as [(UInt64?, UInt64?)])
func sharesBecomeWeights(_ shares: UInt64?, _ weight: UInt64?) {
    #expect(cpuWeight(shares: shares) == weight)
}

@Test(
    arguments: [
        (nil, 100, nil), (-1, 100, "max"), (300, 100, "200"), (100, 100, "0"), (100, nil, "max"), (Int64.max, 1, "9223372036854775806"),
    ] as [(Int64?, Int64?, String?)])
func swapIsCountedApartOnV2(_ swap: Int64?, _ limit: Int64?, _ maximum: String?) {
    #expect(swapMaximum(swap: swap, limit: limit) == maximum)
}

@Test(arguments: [(10, 1), (11, 11), (100, 910), (500, 4950), (999, 9989), (1000, 10_000)] as [(UInt16, UInt64)])
func weightsOfBlockIOAreStretchedOnV2(_ weight: UInt16, _ expected: UInt64) {
    #expect(ioWeight(weight) == expected)
}

@Test(arguments: [("", [""]), ("1", ["1"]), ("a\nb", ["a", "b"]), ("a\n\nb\n", ["a", "b"]), ("\n", [])] as [(String, [String])])
func eachLineOfAUnifiedValueIsWrittenByItself(_ value: String, _ lines: [String]) {
    #expect(unifiedLines(value) == lines)
}
