import Foundation
import Kernel
import KernelABI
import Planning
import Testing

@testable import Cgroups

/// What the v2 driver does in a plain folder: no kernel watches here, so that only our own calls are seen.
struct V2ScratchTests {
    let scratch: Scratch
    let driver = V2Driver()

    init() throws { scratch = try Scratch() }

    private func handle(_ directory: CgroupDirectory) -> CgroupHandle { CgroupHandle(hierarchies: [], unified: directory) }

    /// Puts what a kernel would show in a folder with the controllers cpu and memory, none of them handed on.
    private func offerControllers(in folder: String) throws {
        try scratch.put("cpu memory\n", at: folder + "/cgroup.controllers")
        try scratch.put("", at: folder + "/cgroup.subtree_control")
    }

    @Test func newParentsAreToHandOnControllers() throws {
        let directory = try scratch.hierarchy([""], path: "a/web1")
        try offerControllers(in: directory.mountPoint)
        _ = try driver.create(CgroupPlan(handle: handle(directory), writes: []))
        // One write a controller; a plain file keeps the last.
        #expect(try scratch.text(of: directory.mountPoint + "/cgroup.subtree_control") == "+memory")
    }

    @Test func foldersAboveAreLeftAloneWhereTheyWereThere() throws {
        let directory = try scratch.hierarchy([""], path: "web1")
        try offerControllers(in: directory.mountPoint)
        _ = try driver.create(CgroupPlan(handle: handle(directory), writes: []))
        #expect(try scratch.text(of: directory.mountPoint + "/cgroup.subtree_control") == "")
    }

    @Test func controllersAreHandedOnWhereALimitNeedsThem() throws {
        let directory = try scratch.hierarchy([""], path: "a/web1")
        for folder in [directory.mountPoint, directory.mountPoint + "/a"] { try offerControllers(in: folder) }
        #expect(throws: CgroupError.self) { try driver.apply([write("memory", "memory.max", "1")], in: handle(directory)) }
        #expect(try scratch.text(of: directory.mountPoint + "/a/cgroup.subtree_control") == "+memory")
    }

    @Test func valuesAreWrittenInTheirOrder() throws {
        let directory = try scratch.hierarchy([""])
        for file in ["memory.max", "pids.max"] { try scratch.put("", at: directory.absolutePath + "/" + file) }
        try driver.apply(
            [write("memory", "memory.max", "1"), write("pids", "pids.max", "2"), write("memory", "memory.max", "3")], in: handle(directory))
        #expect(try scratch.text(of: directory.absolutePath + "/memory.max") == "3")
        #expect(try scratch.text(of: directory.absolutePath + "/pids.max") == "2")
    }

    @Test func missingFilesThatMayBeMissingArePassedOver() throws {
        try driver.apply([write("memory", "memory.swap.max", "max", ifMissing: .ignore)], in: handle(scratch.hierarchy([""])))
    }

    @Test func entrancesAreForThoseBornElsewhere() throws {
        let directory = try scratch.hierarchy([""])
        #expect(driver.entrances(to: handle(directory), isBornInUnified: true) == [])
        #expect(driver.entrances(to: handle(directory), isBornInUnified: false) == [directory.absolutePath + "/cgroup.procs"])
    }
}
