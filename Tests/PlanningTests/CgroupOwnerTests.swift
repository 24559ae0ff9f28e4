import KernelABI
import OCISpec
import Testing

@testable import Planning

@Suite struct CgroupOwnerTests {
    /// A user 7 in a user namespace and a cgroup namespace, with the cgroup mounted.
    private func spec(
        options: [String] = [], source: String = "cgroup", destination: String = "/sys/fs/cgroup/",
        namespaces: [LinuxNamespaceType] = [.user, .cgroup, .mount],
        map: LinuxIDMapping = LinuxIDMapping(containerID: 0, hostID: 100_000, size: 8)
    ) -> Spec {
        var spec = Spec.smallest
        spec.process?.user = User(uid: 7, gid: 0)
        spec.mounts = [Mount(destination: destination, type: "cgroup", source: source, options: options)]
        spec.linux?.namespaces = namespaces.map { LinuxNamespace(type: $0) }
        spec.linux?.uidMappings = [map]
        return spec
    }

    // row: L12
    @Test func theUserOfTheProgramGetsTheCgroup() {
        #expect(cgroupOwner(spec(), on: .v2) == 100_007)
        #expect(cgroupOwner(spec(options: ["nosuid", "ro", "rw"]), on: .v2) == 100_007)
    }

    @Test func withoutAUserNamespaceTheNumberIsTheHosts() {
        #expect(cgroupOwner(spec(namespaces: [.cgroup]), on: .v2) == 7)
    }

    @Test func whatIsNotWritableStays() {
        #expect(cgroupOwner(spec(options: ["ro"]), on: .v2) == nil)
        #expect(cgroupOwner(spec(source: "other"), on: .v2) == nil)
        #expect(cgroupOwner(spec(destination: "/other"), on: .v2) == nil)
    }

    @Test func aSharedCgroupNamespaceStays() {
        #expect(cgroupOwner(spec(namespaces: [.user]), on: .v2) == nil)
    }

    @Test func usersWithoutAMappingGetNothing() {
        #expect(cgroupOwner(spec(map: LinuxIDMapping(containerID: 0, hostID: 100_000, size: 7)), on: .v2) == nil)
        #expect(cgroupOwner(spec(map: LinuxIDMapping(containerID: 0, hostID: .max, size: 8)), on: .v2) == nil)
    }

    @Test func versionOneStays() {
        #expect(cgroupOwner(spec(), on: .v1) == nil)
    }

    @Test func aUserOfTheHostGivesNothingAway() {
        var host = HostFacts.v2
        host.effectiveUserID = 1000
        #expect(cgroupOwner(spec(), on: host) == nil)
    }

    @Test func thePlanTellsIt() throws {
        var spec = spec()
        spec.linux?.gidMappings = [LinuxIDMapping(containerID: 0, hostID: 200_000, size: 8)]
        let plan = try plan(spec, on: .v2)
        #expect(plan.cgroup.owner == 100_007)
        #expect(PlanDescription(plan).text.contains("give v2 to user 100007, with the files that the kernel names for delegation"))
    }
}
