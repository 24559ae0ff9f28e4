import Foundation
import Kernel
import KernelABI
import Planning
import Testing

@testable import Cgroups

/// What the v1 driver does in a plain folder: no kernel watches here, so that only our own calls are seen.
struct V1ScratchTests {
    let scratch: Scratch
    let driver = V1Driver()

    init() throws { scratch = try Scratch() }

    private func plan(_ directories: [CgroupDirectory], unified: CgroupDirectory? = nil, _ writes: [CgroupWrite] = []) -> CgroupPlan {
        CgroupPlan(handle: CgroupHandle(hierarchies: directories, unified: unified), writes: writes)
    }

    @Test func missingParentsAreMadeBelowTheMountPoint() throws {
        let created = try driver.create(plan([scratch.hierarchy(["pids"], path: "a/b/c")]))
        let root = scratch.path + "/pids"
        #expect(created.folders == ["\(root)/a", "\(root)/a/b", "\(root)/a/b/c"])
    }

    @Test func mountPointsAreNotMade() throws {
        let gone = CgroupDirectory(controllers: ["pids"], mountPoint: scratch.path + "/gone", path: "web1")
        let error = #expect(throws: CgroupError.self) { try driver.create(plan([gone])) }
        #expect(error?.cause?.errno == .ENOENT)
        #expect(!Scratch.exists(gone.mountPoint))
    }

    @Test func failuresLeaveNoFolder() throws {
        let pids = try scratch.hierarchy(["pids"], path: "a/b")
        let gone = CgroupDirectory(controllers: ["cpu"], mountPoint: scratch.path + "/gone", path: "web1")
        #expect(throws: CgroupError.self) { try driver.create(plan([pids, gone])) }
        #expect(!Scratch.exists(scratch.path + "/pids/a"))
    }

    @Test func foundFoldersStayAfterAFailure() throws {
        let pids = try scratch.hierarchy(["pids"])
        try Kernel.makeDirectory(pids.absolutePath, mode: .worldSearchable)
        let gone = CgroupDirectory(controllers: ["cpu"], mountPoint: scratch.path + "/gone", path: "web1")
        #expect(throws: CgroupError.self) { try driver.create(plan([pids, gone])) }
        #expect(Scratch.exists(pids.absolutePath))
    }

    @Test func claimedCgroupsAreRefusedUntilTheClaimEnds() throws {
        let pids = try scratch.hierarchy(["pids"])
        let handle = plan([pids]).handle
        func claimAgain() throws(CgroupError) { _ = try claimCgroup(handle) }
        let first = try claimCgroup(handle)
        let error = #expect(throws: CgroupError.self) { try claimAgain() }
        #expect(error == .claimed(folder: pids.absolutePath))
        _ = consume first
        try claimAgain()
    }

    @Test func foldersThatTheirMakerHasNotClaimedAreTakenOver() throws {
        let pids = try scratch.hierarchy(["pids"])
        try Kernel.makeDirectory(pids.absolutePath, mode: 0o1755)
        let created = try driver.create(plan([pids]))
        #expect(created.made.hierarchies == [pids])
        #expect(created.folders == [pids.absolutePath])
    }

    @Test func claimedFoldersHaveNoMark() throws {
        let pids = try scratch.hierarchy(["pids"])
        let created = try driver.create(plan([pids]))
        #expect(created.made.hierarchies == [pids])
        #expect(try Kernel.status(pids.absolutePath, followSymlinks: false).permissions == .worldSearchable)
    }

    @Test func removalHoldsOffCreates() throws {
        let pids = try scratch.hierarchy(["pids"])
        try Kernel.makeDirectory(pids.absolutePath, mode: .worldSearchable)
        let handle = plan([pids]).handle
        func claim() throws(CgroupError) { _ = try claimCgroup(handle) }
        let hold = try holdCgroup(handle)
        let isClaimed = hold.isClaimed
        #expect(!isClaimed)
        let error = #expect(throws: CgroupError.self) { try claim() }
        #expect(error == .claimed(folder: pids.absolutePath))
        _ = consume hold
    }

    @Test func removalKnowsWhatACreateHasClaimed() throws {
        let handle = plan([try scratch.hierarchy(["pids"])]).handle
        let claim = try claimCgroup(handle)
        let hold = try holdCgroup(handle)
        let isClaimed = hold.isClaimed
        #expect(isClaimed)
        _ = consume claim
    }

    @Test func foundFoldersWithProcessesAreRefused() throws {
        let pids = try scratch.hierarchy(["pids"])
        try scratch.put("12\n13\n", at: pids.absolutePath + "/cgroup.procs")
        try scratch.put("14\n0\n", at: pids.absolutePath + "/inner/cgroup.procs")
        let error = #expect(throws: CgroupError.self) { try driver.create(plan([pids])) }
        #expect(error == .notEmpty(folder: pids.absolutePath, processes: 3))
    }

    @Test func foundFoldersThatAreFrozenAreRefused() throws {
        let freezer = try scratch.hierarchy(["freezer"])
        try scratch.put("FREEZING\n", at: freezer.absolutePath + "/freezer.state")
        let error = #expect(throws: CgroupError.self) { try driver.create(plan([freezer])) }
        #expect(error == .frozen(folder: freezer.absolutePath))
    }

    @Test func valuesGoToTheFolderOfTheirController() throws {
        let cpu = try scratch.hierarchy(["cpu", "cpuacct"])
        let pids = try scratch.hierarchy(["pids"])
        let handle = plan([cpu, pids]).handle
        try scratch.put("", at: cpu.absolutePath + "/cpu.shares")
        try scratch.put("", at: pids.absolutePath + "/pids.max")
        try driver.apply([write("cpu", "cpu.shares", "512"), write("pids", "pids.max", "max")], in: handle)
        #expect(try scratch.text(of: cpu.absolutePath + "/cpu.shares") == "512")
        #expect(try scratch.text(of: pids.absolutePath + "/pids.max") == "max")
    }

    @Test func missingFilesThatMayBeMissingArePassedOver() throws {
        let cpu = try scratch.hierarchy(["cpu"])
        try driver.apply([write("cpu", "cpu.idle", "0", ifMissing: .ignore)], in: plan([cpu]).handle)
    }

    @Test func aControllerThatVersion1LacksIsThatOfTheVersion2Beside() throws {
        let pids = try scratch.hierarchy(["pids"])
        let unified = try scratch.hierarchy([""])
        try scratch.put("", at: unified.absolutePath + "/hugetlb.2MB.max")
        try driver.apply([write("hugetlb", "hugetlb.2MB.max", "7")], in: plan([pids], unified: unified).handle)
        #expect(try scratch.text(of: unified.absolutePath + "/hugetlb.2MB.max") == "7")
    }

    @Test func missingFilesAreNamed() throws {
        let cpu = try scratch.hierarchy(["cpu"])
        let error = #expect(throws: CgroupError.self) { try driver.apply([write("cpu", "cpu.idle", "1")], in: plan([cpu]).handle) }
        #expect(
            error?.description
                == "linux.resources.cpu.idle: openat(2) \(cpu.absolutePath)/cpu.idle: ENOENT (no such file or directory): "
                + "this kernel does not offer the setting")
    }

    @Test func linksAreNotFollowed() throws {
        let cpu = try scratch.hierarchy(["cpu"])
        try scratch.put("", at: scratch.path + "/victim")
        try Kernel.makeDirectory(cpu.absolutePath, mode: .worldSearchable)
        try FileManager.default.createSymbolicLink(
            atPath: cpu.absolutePath + "/cpu.shares", withDestinationPath: scratch.path + "/victim")
        #expect(throws: CgroupError.self) { try driver.apply([write("cpu", "cpu.shares", "2")], in: plan([cpu]).handle) }
        #expect(try scratch.text(of: scratch.path + "/victim") == "")
    }

    @Test func cpusetsAreFilledFromAboveUnlessPlanned() throws {
        let cpuset = try scratch.hierarchy(["cpuset"], path: "a/web1")
        for (folder, value) in [("", "0-3\n"), ("/a", "\n"), ("/a/web1", "\n")] {
            for file in ["cpuset.cpus", "cpuset.mems"] { try scratch.put(value, at: cpuset.mountPoint + folder + "/" + file) }
        }
        try scratch.put("", at: cpuset.absolutePath + "/cgroup.procs")
        _ = try driver.create(plan([cpuset], [write("cpuset", "cpuset.cpus", "1")]))
        func text(_ name: String) throws -> String { try scratch.text(of: cpuset.mountPoint + "/" + name) }
        // A plain file keeps what the shorter value does not cover, here nothing: the line feed of the empty value is overwritten.
        #expect(try text("a/cpuset.cpus") == "0-3")
        #expect(try text("a/web1/cpuset.mems") == "0-3")
        #expect(try text("a/web1/cpuset.cpus") == "\n")
    }

    @Test func foundCpusetsKeepTheirChoice() throws {
        let cpuset = try scratch.hierarchy(["cpuset"])
        for file in ["cpuset.cpus", "cpuset.mems"] {
            try scratch.put("0-3\n", at: cpuset.mountPoint + "/" + file)
            try scratch.put("2\n", at: cpuset.absolutePath + "/" + file)
        }
        _ = try driver.create(plan([cpuset]))
        #expect(try scratch.text(of: cpuset.absolutePath + "/cpuset.cpus") == "2\n")
    }

    @Test func entrancesEndWithMemoryAndLeaveOutWhereAProcessIsBorn() throws {
        let memory = try scratch.hierarchy(["memory"])
        let pids = try scratch.hierarchy(["pids"])
        let unified = try scratch.hierarchy(["unified"])
        let handle = plan([memory, pids], unified: unified).handle
        let tasks = [pids.absolutePath + "/tasks", memory.absolutePath + "/tasks"]
        #expect(driver.entrances(to: handle, isBornInUnified: true) == tasks)
        #expect(driver.entrances(to: handle, isBornInUnified: false) == tasks + [unified.absolutePath + "/cgroup.procs"])
    }

    @Test func enteringWritesZeroToEachEntrance() throws {
        let files = ["a", "b"].map { "\(scratch.path)/\($0)/tasks" }
        for file in files { try scratch.put("", at: file) }
        try enterCgroup(files)
        #expect(try files.map { try scratch.text(of: $0) } == ["0", "0"])
    }

    @Test func nestedFoldersAreRemovedAndParentsStay() throws {
        let pids = try scratch.hierarchy(["pids"], path: "a/web1")
        let created = try driver.create(plan([pids]))
        for path in ["/x", "/x/y", "/z"] { try Kernel.makeDirectory(pids.absolutePath + path, mode: .worldSearchable) }
        try driver.remove(created.handle)
        #expect(!Scratch.exists(pids.absolutePath))
        #expect(Scratch.exists(scratch.path + "/pids/a"))
    }

    @Test func foldersThatAreGoneCountAsRemoved() throws {
        try driver.remove(plan([try scratch.hierarchy(["pids"])]).handle)
    }

    @Test(arguments: ["", "/", "..", "a/../..", "."])
    func removalStaysInsideTheHierarchy(_ path: String) throws {
        let pids = try scratch.hierarchy(["pids"], path: path)
        let error = #expect(throws: CgroupError.self) { try driver.remove(plan([pids]).handle) }
        #expect(error?.cause?.errno == .EINVAL)
        #expect(Scratch.exists(pids.mountPoint))
    }

    @Test func goneCgroupsHaveNoProcessesAndAreNotFrozen() throws {
        let handle = plan([try scratch.hierarchy(["freezer"])]).handle
        #expect(try driver.pids(in: handle) == [])
        #expect(try !driver.isFrozen(handle))
    }
}

struct ChooseDriverTests {
    @Test func aUnifiedHierarchyAloneIsForV2() {
        let directory = CgroupDirectory(controllers: [], mountPoint: "/sys/fs/cgroup", path: "web1")
        #expect(chooseDriver(for: CgroupHandle(hierarchies: [], unified: directory)) is V2Driver)
        #expect(chooseDriver(for: CgroupHandle(hierarchies: [directory], unified: directory)) is V1Driver)
        #expect(chooseDriver(for: CgroupHandle(hierarchies: [directory], unified: nil)) is V1Driver)
    }
}
