import JSON
import OCISpec
import Testing

@Suite("The example configuration")
struct ExampleTests {
    @Test func itIsWrittenAsInTheFixture() throws {
        #expect(try Spec.example().configJSON() == Fixture.named("example.json", in: "config/valid").bytes)
    }

    @Test func withoutRootItIsWrittenAsInTheFixture() throws {
        let spec = Spec.example(rootless: (uid: 1000, gid: 1000))
        #expect(try spec.configJSON() == Fixture.named("example-rootless.json", in: "config/valid").bytes)
    }

    @Test func theCallersIdsBecomeRoot() {
        let linux = Spec.example(rootless: (uid: 1001, gid: 100)).linux
        #expect(linux?.uidMappings == [LinuxIDMapping(containerID: 0, hostID: 1001, size: 1)])
        #expect(linux?.gidMappings == [LinuxIDMapping(containerID: 0, hostID: 100, size: 1)])
    }

    @Test func aCgroupNamespaceIsAddedOnRequest() {
        #expect(
            Spec.example(cgroupNamespace: true).linux?.namespaces?.map(\.type) == [.pid, .network, .ipc, .uts, .mount, .cgroup])
        #expect(
            Spec.example(cgroupNamespace: true, rootless: (uid: 1, gid: 1)).linux?.namespaces?.map(\.type)
                == [.pid, .ipc, .uts, .mount, .cgroup, .user])
    }
}
