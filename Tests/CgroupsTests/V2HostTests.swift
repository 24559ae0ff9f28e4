import Foundation
import Kernel
import KernelABI
import Planning
import Testing

import struct OCISpec.LinuxDeviceCgroup

@testable import Cgroups

/// The v2 driver on the host's cgroup2 hierarchy, which a hybrid host has too, if with few controllers.
@Suite(
    "V2 driver on the host", .enabled(if: HostCgroup.isUnifiedUsable, "needs root and a writable cgroup2 hierarchy"),
    .timeLimit(.minutes(1)))
struct V2HostTests {
    let driver = V2Driver()

    private func plan(_ purpose: String, below: String = "") throws -> CgroupPlan {
        let unified = try #require(HostCgroup.unified)
        let name = "swruntime-test-\(ProcessInfo.processInfo.processIdentifier)-v2-\(purpose)\(below)"
        let directory = CgroupDirectory(controllers: [], mountPoint: unified.mountPoint, path: name)
        return CgroupPlan(handle: CgroupHandle(hierarchies: [], unified: directory), writes: [])
    }

    private func start(in handle: CgroupHandle, script: String = "exec sleep 300") throws -> Process {
        try startProcess(in: driver.entrances(to: handle, isBornInUnified: false), script: script)
    }

    @Test func createdFoldersAreCgroupsAndGoAgain() throws {
        let created = try driver.create(try plan("create"))
        let folder = try #require(created.made.unified?.absolutePath)
        #expect(try Kernel.filesystemMagic(at: folder) == .cgroup2)
        try driver.remove(created.made)
        #expect(!Scratch.exists(folder))
    }

    @Test func birthplacesAreTheContainersFolder() throws {
        let plan = try plan("birth")
        let claim = try claimCgroup(plan.handle)
        let created = try driver.create(plan, claim)
        defer { try? driver.remove(created.made) }
        let path = try #require(created.handle.unified?.absolutePath)
        let number = claim.birthplace
        let birthplace = try #require(number)
        #expect(try Kernel.status(ofNumber: birthplace).inode == Kernel.status(path, followSymlinks: false).inode)
    }

    @Test func missingControllersAreNamed() throws {
        let created = try driver.create(try plan("missing"))
        defer { try? driver.remove(created.made) }
        // Controllers are handed on from the mount point down: that may not be the host's root.
        let mountPoint = try #require(created.handle.unified).absolutePath
        let inner = CgroupHandle(hierarchies: [], unified: CgroupDirectory(controllers: [], mountPoint: mountPoint, path: "web1"))
        _ = try driver.create(CgroupPlan(handle: inner, writes: []))
        let error = #expect(throws: CgroupError.self) { try driver.apply([write("nosuch", "nosuch.max", "1")], in: inner) }
        #expect(error?.origin == "linux.resources.nosuch.max")
        #expect(error?.cause?.errno == .ENOENT)
    }

    @Test func cgroupsInUseAreRefused() throws {
        let created = try driver.create(try plan("used"))
        defer { try? driver.remove(created.made) }
        _ = try start(in: created.handle)
        let error = #expect(throws: CgroupError.self) { try driver.create(try plan("used")) }
        #expect(error?.description.hasPrefix("container's cgroup is not empty: 1 process(es) found") == true)
    }

    @Test func frozenCgroupsAreRefused() throws {
        let created = try driver.create(try plan("frozen"))
        defer { try? driver.remove(created.made) }
        try driver.setFrozen(true, created.handle)
        let error = #expect(throws: CgroupError.self) { try driver.create(try plan("frozen")) }
        #expect(error?.description.hasPrefix("container's cgroup unexpectedly frozen") == true)
    }

    @Test func newCgroupsBelowAFrozenOneAreRefusedAndGo() throws {
        let outer = try driver.create(try plan("outer"))
        defer { try? driver.remove(outer.made) }
        try driver.setFrozen(true, outer.handle)
        let error = #expect(throws: CgroupError.self) { try driver.create(try plan("outer", below: "/inner")) }
        #expect(error?.description.hasPrefix("container's cgroup unexpectedly frozen") == true)
        #expect(try childNames(of: #require(outer.handle.unified).absolutePath) == [])
    }

    @Test func frozenProcessesStandStillAndGoOn() throws {
        let created = try driver.create(try plan("freeze"))
        defer { try? driver.remove(created.made) }
        _ = try start(in: created.handle)
        try driver.setFrozen(true, created.handle)
        #expect(try value(of: (created.handle.unified?.absolutePath ?? "") + "/cgroup.events").contains("frozen 1"))
        #expect(try driver.isFrozen(created.handle))
        try driver.setFrozen(false, created.handle)
        #expect(try !driver.isFrozen(created.handle))
    }

    /// Whether a process of the cgroup may open the host's /dev/kmsg, which no container gets without a rule.
    private func canOpenLog(in handle: CgroupHandle) throws -> Bool {
        let process = try start(in: handle, script: "exec 3>/dev/kmsg")
        process.waitUntilExit()
        return process.terminationStatus == 0
    }

    private let closed = LinuxDeviceCgroup(allow: false, access: "rwm")
    private let log = LinuxDeviceCgroup(allow: true, type: .character, major: 1, minor: 11, access: "rw")
    private let everything = LinuxDeviceCgroup(allow: true, access: "rwm")

    private func folder(of created: CreatedCgroup) throws -> FileDescriptor {
        try Kernel.open(#require(created.handle.unified).absolutePath, [.readOnly, .directory])
    }

    @Test func deviceProgramsDecide() throws {
        var plan = try plan("devices")
        plan.devices = try DeviceProgram([])
        let created = try driver.create(plan)
        defer { try? driver.remove(created.made) }
        #expect(try !canOpenLog(in: created.handle))
        try attach(DeviceProgram([closed, log]), to: created.handle)
        #expect(try canOpenLog(in: created.handle))
    }

    @Test func deviceProgramsTakeTheFormersPlace() throws {
        let created = try driver.create(try plan("exchange"))
        defer { try? driver.remove(created.made) }
        for rules in [[], [log], [], [log]] { try attach(DeviceProgram(rules), to: created.handle) }
        #expect(try canOpenLog(in: created.handle))
        let count = try Kernel.devicePrograms(named: "swruntime_dev", of: folder(of: created)).count
        #expect(count == 1)
    }

    @Test func aProgramThatAllowsEverythingIsNone() throws {
        let created = try driver.create(try plan("open"))
        defer { try? driver.remove(created.made) }
        for rules in [[], [everything]] { try attach(DeviceProgram(rules), to: created.handle) }
        #expect(try canOpenLog(in: created.handle))
        let count = try Kernel.devicePrograms(named: "swruntime_dev", of: folder(of: created)).count
        #expect(count == 0)
    }

    @Test func programsOfOthersStayInForce() throws {
        let created = try driver.create(try plan("others"))
        defer { try? driver.remove(created.made) }
        let other = try Kernel.loadDeviceProgram(DeviceProgram([]).instructions, name: "other")
        try Kernel.attachDeviceProgram(other, to: folder(of: created))
        try attach(DeviceProgram([log]), to: created.handle)
        #expect(try !canOpenLog(in: created.handle))
    }

    @Test func theExchangeLeavesNoGap() throws {
        let created = try driver.create(try plan("gap"))
        defer { try? driver.remove(created.made) }
        let other = LinuxDeviceCgroup(allow: true, type: .block, major: 7, minor: 99, access: "r")
        try attach(DeviceProgram([]), to: created.handle)
        let script =
            "i=0; while [ $i -lt 2000 ]; do (exec 3>/dev/kmsg) 2>/dev/null && exit 1; exec 4>/dev/null || exit 2; i=$((i + 1)); done"
        let process = try start(in: created.handle, script: script)
        var exchanges = 0
        while process.isRunning {
            for rules in [[other], []] { try attach(DeviceProgram(rules), to: created.handle) }
            exchanges += 2
        }
        #expect(process.terminationStatus == 0)
        #expect(exchanges > 10)
    }

    @Test func theLargestListIsTakenByTheVerifier() throws {
        let rules = (0..<4096).map { LinuxDeviceCgroup(allow: true, type: .block, major: $0 % 64 + 20, minor: $0, access: "rwm") }
        _ = try Kernel.loadDeviceProgram(DeviceProgram(rules).instructions, name: "")
    }

    @Test func faultyProgramsAreExplained() {
        let faulty = [EBPFInstruction(code: EBPFCode.exit)]
        #expect(throws: SyscallError.self) { try Kernel.loadDeviceProgram(faulty, name: "") }
        #expect(Kernel.deviceProgramFault(faulty)?.contains("R0") == true)
    }

    @Test func removalKillsWhatIsLeftFrozenAndNested() throws {
        let created = try driver.create(try plan("busy"))
        // One folder at a time: controllers are handed on above new parents only, and the host's root is not ours to change.
        _ = try driver.create(try plan("busy", below: "/inner"))
        let nested = try driver.create(try plan("busy", below: "/inner/most"))
        _ = try start(in: nested.handle, script: "sleep 300 & sleep 301 & wait")
        try driver.setFrozen(true, created.handle)
        try driver.remove(created.handle)
        #expect(try !Scratch.exists(#require(created.handle.unified).absolutePath))
    }
}
