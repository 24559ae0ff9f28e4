import OCISpec
import Planning
import Testing

@Suite struct PlanRdtTests {
    // row: L21
    @Test func withoutTheSectionNothingIsPlanned() throws {
        #expect(try plan(.smallest).rdt == nil)
    }

    // row: L24, L26
    @Test func withoutAClassTheGroupBearsTheContainersNameAndGoesWithIt() throws {
        let made = try rdt(LinuxIntelRdt())
        #expect(made == RdtPlan(group: "web1", ifMissing: .make, isRemovedWithContainer: true, schemata: [], monitor: nil))
    }

    // row: L25, L27
    @Test func aClassWithoutSchemataHasToBeThereAndStays() throws {
        let made = try rdt(LinuxIntelRdt(closID: "gold", enableMonitoring: true))
        #expect(made == RdtPlan(group: "gold", ifMissing: .fail, isRemovedWithContainer: false, schemata: [], monitor: "web1"))
    }

    @Test func aClassWithSchemataIsMadeWhereItIsMissing() throws {
        #expect(try rdt(LinuxIntelRdt(closID: "gold", memBwSchema: "MB:0=50"))?.ifMissing == .make)
    }

    // row: L22
    @Test func aSlashIsTheRootClass() throws {
        #expect(try rdt(LinuxIntelRdt(closID: "/"))?.group == "")
    }

    // row: L24
    @Test func theSchemataAreWrittenInTheOrderOfTheSpecification() throws {
        let made = try rdt(LinuxIntelRdt(schemata: ["L2:0=3", "MB:1=10"], l3CacheSchema: "L3:0=f", memBwSchema: "MB:0=50"))
        #expect(made?.schemata.map(\.text) == ["L3:0=f", "MB:0=50", "L2:0=3", "MB:1=10"])
        #expect(
            made?.schemata.map(\.origin) == [
                "linux.intelRdt.l3CacheSchema", "linux.intelRdt.memBwSchema", "linux.intelRdt.schemata[0]", "linux.intelRdt.schemata[1]",
            ])
    }

    @Test func bandwidthInTheCacheSchemaGivesWayToItsOwnProperty() throws {
        #expect(
            try rdt(LinuxIntelRdt(l3CacheSchema: "L3:0=f\nMB:0=10", memBwSchema: "MB:0=50"))?.schemata.map(\.text) == ["L3:0=f", "MB:0=50"])
        #expect(try rdt(LinuxIntelRdt(l3CacheSchema: "L3:0=f\nMB:0=10"))?.schemata.map(\.text) == ["L3:0=f\nMB:0=10"])
    }

    @Test func aContainerNamedLikeAFolderOfResctrlNeedsAClass() throws {
        var spec = Spec.smallest
        spec.linux?.intelRdt = LinuxIntelRdt()
        #expect(throws: SpecProblem.self) {
            try planContainer(try validate(spec, on: .v1), id: "info", bundle: "/b", options: CreateOptions(), on: .v1, syscalls: .sample)
        }
    }

    @Test func schemataAreComparedByTheirNumbers() {
        let file = Array("    L3:0=0000f;1=fffff\n    MB:0= 50;1=100\n".utf8)
        #expect(mismatch(["L3:0=f"], file) == nil)
        #expect(mismatch(["L3: 1=FFFFF;0=00F", "MB:1=100"], file) == nil)
        #expect(mismatch(["L3:0=f", "MB:0=5"], file) == "MB:0=5")
        #expect(mismatch(["L3:2=f"], file) == "L3:2=f")
        #expect(mismatch(["nonsense"], file) == "nonsense")
    }

    @Test func resctrlIsFoundAmongTheMounts() {
        let other = "30 25 0:27 / /sys/fs/pstore rw,nosuid - pstore pstore rw\n"
        #expect(resctrlMountPoint(mountinfo: Array(other.utf8)) == nil)
        let line = "31 25 0:28 / /mnt/res\\040ctrl rw,relatime shared:9 - resctrl resctrl rw\n"
        #expect(resctrlMountPoint(mountinfo: Array((other + line).utf8)) == "/mnt/res ctrl")
    }

    private func mismatch(_ schemata: [String], _ file: [UInt8]) -> String? {
        firstMismatch(schemata.map { RdtSchema(text: $0, origin: "") }, inFile: file)?.text
    }

    private func rdt(_ section: LinuxIntelRdt) throws -> RdtPlan? {
        var spec = Spec.smallest
        spec.linux?.intelRdt = section
        return try plan(spec).rdt
    }
}
