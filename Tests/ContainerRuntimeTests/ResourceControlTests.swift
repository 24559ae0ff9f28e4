import Foundation
import Planning
import Testing

@testable import ContainerRuntime

/// A copy of the fixture tree (spec-fixtures/resctrl) in the place of resctrl, which needs a processor that no emulator has.
///
/// The files that the kernel would put into a new group are put there by the test.
private final class FixtureResctrl: Sendable {
    let root: String
    private static let fixtures = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .appendingPathComponent("../../spec-fixtures/resctrl").standardized.path

    init() throws {
        root = FileManager.default.temporaryDirectory.appendingPathComponent("swruntime-rdt-\(UUID().uuidString)").path
        try FileManager.default.copyItem(atPath: FixtureResctrl.fixtures + "/root", toPath: root)
        try FileManager.default.createDirectory(atPath: root + "/mon_groups", withIntermediateDirectories: false)
    }

    deinit { try? FileManager.default.removeItem(atPath: root) }

    /// Makes the files of a class, as the kernel does when its folder is made.
    func fill(_ group: String, schemata: String? = nil) throws {
        try copy("group", into: group)
        try FileManager.default.createDirectory(atPath: root + "/" + group + "/mon_groups", withIntermediateDirectories: false)
        try schemata?.write(toFile: root + "/" + group + "/schemata", atomically: false, encoding: .utf8)
    }

    /// Makes the files of a monitoring group, as the kernel does when its folder is made.
    func fillMonitor(_ group: String) throws { try copy("monitor", into: group) }

    private func copy(_ fixture: String, into group: String) throws {
        let source = FixtureResctrl.fixtures + "/" + fixture
        try FileManager.default.createDirectory(atPath: root + "/" + group, withIntermediateDirectories: true)
        for file in try FileManager.default.contentsOfDirectory(atPath: source) {
            try FileManager.default.copyItem(atPath: source + "/" + file, toPath: root + "/" + group + "/" + file)
        }
    }

    /// Empties a file, so that it shows what is written: the kernel takes a write as a command, a plain file keeps what the write does not reach.
    func empty(_ file: String) throws { try "".write(toFile: root + "/" + file, atomically: false, encoding: .utf8) }

    func text(_ file: String) throws -> String { try String(contentsOfFile: root + "/" + file, encoding: .utf8) }
    func exists(_ path: String) -> Bool { FileManager.default.fileExists(atPath: root + "/" + path) }
    func remove(_ path: String) throws { try FileManager.default.removeItem(atPath: root + "/" + path) }
}

private func rdtPlan(
    _ group: String, ifMissing: RdtPlan.MissingGroupPolicy = .make, removed: Bool = false, _ schemata: [String] = [], monitor: String? = nil
) -> RdtPlan {
    RdtPlan(
        group: group, ifMissing: ifMissing, isRemovedWithContainer: removed,
        schemata: schemata.enumerated().map { RdtSchema(text: $1, origin: "linux.intelRdt.schemata[\($0)]") }, monitor: monitor)
}

@Suite("the group of resctrl, in a fixture tree as the kernel documents it") struct ResourceControlTests {
    // row: L21, L24, L25
    @Test func aMissingGroupIsMadeConfiguredAndGivenTheProcess() throws {
        let resctrl = try FixtureResctrl()
        var group = try PlannedRdtGroup(rdtPlan("web1", removed: true, ["L3:0=f;1=f"]), root: resctrl.root)
        #expect(!resctrl.exists("web1"))
        try group.makeFolders()
        #expect(resctrl.exists("web1"))
        try resctrl.fill("web1")
        try resctrl.empty("web1/schemata")
        try group.configure()
        try group.assign(4242)
        #expect(try resctrl.text("web1/schemata") == "L3:0=f;1=f\n")
        #expect(try resctrl.text("web1/tasks") == "4242")
        #expect(try resctrl.text("tasks") == "1\n2\n1042\n")
    }

    // row: L22
    @Test func theRootClassTakesTheProcessAndIsNeitherMadeNorRemoved() throws {
        let resctrl = try FixtureResctrl()
        var group = try PlannedRdtGroup(rdtPlan("", ifMissing: .fail), root: resctrl.root)
        try resctrl.empty("tasks")
        try group.makeFolders()
        try group.configure()
        try group.assign(7)
        #expect(try resctrl.text("tasks") == "7")
        #expect(group.handle == RdtHandle(group: resctrl.root, removesGroup: false, monitor: nil))
    }

    // row: L25
    @Test func aGroupThatIsThereKeepsItsSchemata() throws {
        let resctrl = try FixtureResctrl()
        try resctrl.fill("gold", schemata: "    L3:0=0000f;1=fffff\nMB:0= 50;1=100\n")
        var group = try PlannedRdtGroup(rdtPlan("gold", ["L3:0=f", "MB:0=50"]), root: resctrl.root)
        try group.makeFolders()
        try group.configure()
        #expect(try resctrl.text("gold/schemata") == "    L3:0=0000f;1=fffff\nMB:0= 50;1=100\n")
        #expect(!group.handle.removesGroup)
    }

    // row: L25
    @Test func aGroupThatIsThereIsTakenWithTheSchemataOfTheFixtureMachine() throws {
        let resctrl = try FixtureResctrl()
        try resctrl.fill("gold")
        let group = try PlannedRdtGroup(rdtPlan("gold", ["L3:0=fffff;1=fffff", "MB:0=100;1=100"]), root: resctrl.root)
        #expect(!group.isMissing)
        #expect(throws: RuntimeError.self) { try PlannedRdtGroup(rdtPlan("gold", ["L3:0=7ff;1=7ff"]), root: resctrl.root) }
        #expect(try resctrl.text("gold/schemata") == resctrl.text("schemata"))
    }

    // row: L25
    @Test func aGroupThatIsThereWithOtherSchemataIsRefused() throws {
        let resctrl = try FixtureResctrl()
        try resctrl.fill("gold")
        let error = #expect(throws: RuntimeError.self) {
            try PlannedRdtGroup(rdtPlan("gold", ["L3:0=fffff", "MB:0=50"]), root: resctrl.root)
        }
        #expect(error?.pointer == "linux.intelRdt.schemata[1]")
        #expect(error?.doing == "must equal what \(resctrl.root)/gold/schemata has, is MB:0=50")
    }

    // row: L25
    @Test func aClassWithoutSchemataHasToBeThere() throws {
        let resctrl = try FixtureResctrl()
        let error = #expect(throws: RuntimeError.self) { try PlannedRdtGroup(rdtPlan("gold", ifMissing: .fail), root: resctrl.root) }
        #expect(error?.pointer == "linux.intelRdt.closID")
        #expect(!resctrl.exists("gold"))
    }

    // row: L27
    @Test func aMonitoringGroupIsMadeInTheGroupAndGivenTheProcess() throws {
        let resctrl = try FixtureResctrl()
        try resctrl.fill("gold")
        var group = try PlannedRdtGroup(rdtPlan("gold", ifMissing: .fail, monitor: "web1"), root: resctrl.root)
        try group.makeFolders()
        try resctrl.fillMonitor("gold/mon_groups/web1")
        try group.assign(9)
        #expect(try resctrl.text("gold/tasks") == "9")
        #expect(try resctrl.text("gold/mon_groups/web1/tasks") == "9")
    }

    // row: L27
    @Test func aMonitoringGroupThatCannotBeMadeIsAnError() throws {
        let resctrl = try FixtureResctrl()
        try resctrl.fill("gold")
        try resctrl.remove("gold/mon_groups")
        var group = try PlannedRdtGroup(rdtPlan("gold", ifMissing: .fail, monitor: "web1"), root: resctrl.root)
        let error = #expect(throws: RuntimeError.self) { try group.makeFolders() }
        #expect(error?.pointer == "linux.intelRdt.enableMonitoring")
    }

    // row: L26
    @Test func onlyAGroupThatWasMadeForTheContainerIsRemovedWithIt() throws {
        let resctrl = try FixtureResctrl()
        var own = try PlannedRdtGroup(rdtPlan("web1", removed: true), root: resctrl.root)
        try own.makeFolders()
        var named = try PlannedRdtGroup(rdtPlan("gold", ["L3:0=f"]), root: resctrl.root)
        try named.makeFolders()
        try own.handle.remove()
        try named.handle.remove()
        #expect(!resctrl.exists("web1"))
        #expect(resctrl.exists("gold"))
        // Once more: what is gone already is fine.
        try own.handle.remove()
    }

    // row: L26
    @Test func aGroupNamedAfterTheContainerThatWasThereBeforeStays() throws {
        let resctrl = try FixtureResctrl()
        try resctrl.fill("web1")
        var group = try PlannedRdtGroup(rdtPlan("web1", removed: true), root: resctrl.root)
        try group.makeFolders()
        try group.handle.remove()
        #expect(resctrl.exists("web1"))
    }

    // row: L27
    @Test func theMonitoringGroupIsRemovedWithTheContainer() throws {
        let resctrl = try FixtureResctrl()
        try resctrl.fill("gold")
        var group = try PlannedRdtGroup(rdtPlan("gold", ifMissing: .fail, monitor: "web1"), root: resctrl.root)
        try group.makeFolders()
        try group.handle.remove()
        #expect(!resctrl.exists("gold/mon_groups/web1"))
        #expect(resctrl.exists("gold"))
    }

    @Test func aFailedCreateTakesAwayEveryFolderThatItMade() throws {
        let resctrl = try FixtureResctrl()
        var group = try PlannedRdtGroup(rdtPlan("gold", ["L3:0=f"]), root: resctrl.root)
        try group.makeFolders()
        // There are no files of the kernel's in it.
        #expect(throws: RuntimeError.self) { try group.configure() }
        group.removeMadeFolders()
        #expect(!resctrl.exists("gold"))
    }

    @Test func theKernelsOwnReasonIsTold() throws {
        let resctrl = try FixtureResctrl()
        try resctrl.fill("gold")
        try resctrl.remove("gold/tasks")
        try "mask f7 has non-consecutive 1-bits\n".write(
            toFile: resctrl.root + "/info/last_cmd_status", atomically: false, encoding: .utf8)
        let group = try PlannedRdtGroup(rdtPlan("gold", ifMissing: .fail), root: resctrl.root)
        let error = #expect(throws: RuntimeError.self) { try group.assign(1) }
        #expect(error?.doing == "put init into the group \(resctrl.root)/gold (mask f7 has non-consecutive 1-bits)")
    }
}
