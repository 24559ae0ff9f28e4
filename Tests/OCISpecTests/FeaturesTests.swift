import JSON
import OCISpec
import Testing

@Suite("Features documents")
struct FeaturesTests {
    @Test func keysStandInRuncsOrderAndWhatIsUnknownIsLeftOut() throws {
        let features = Features(
            ociVersionMin: "1.0.0",
            ociVersionMax: "1.3.0",
            hooks: ["prestart"],
            mountOptions: [],
            linux: LinuxFeatures(
                namespaces: ["cgroup"],
                cgroup: CgroupFeatures(v1: true, rdma: false),
                seccomp: SeccompFeatures(enabled: true, knownFlags: ["SECCOMP_FILTER_FLAG_LOG"]),
                apparmor: EnabledFeature(enabled: true),
                intelRdt: IntelRdtFeatures(enabled: true, monitoring: true),
                memoryPolicy: MemoryPolicyFeatures(modes: ["MPOL_BIND"]),
                mountExtensions: MountExtensionsFeatures(idmap: EnabledFeature(enabled: true)),
                netDevices: EnabledFeature(enabled: false)),
            annotations: ["b": "2", "a": "1"],
            potentiallyUnsafeConfigAnnotations: ["bundle"])
        #expect(try features.json() == Fixture.named("features.json", in: "state").bytes)
    }

    @Test func whatIsWrittenCanBeRead() throws {
        let bytes = try Fixture.named("features.json", in: "state").bytes
        #expect(try JSON.decode(Features.self, from: bytes).json() == bytes)
    }
}
