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

    @Test func anotherFileTakesTheValueInItsOwnNumbersWhereTheFirstIsMissing() throws {
        let directory = try scratch.hierarchy([""])
        try scratch.put("", at: directory.absolutePath + "/io.weight")
        let weight = write("io", "io.bfq.weight", "500", ifMissing: .instead(file: "io.weight", value: "default 4950"))
        try driver.apply([weight], in: handle(directory))
        #expect(try scratch.text(of: directory.absolutePath + "/io.weight") == "default 4950")
    }

    @Test func theFirstFileTakesTheValueWhereBothAreThere() throws {
        let directory = try scratch.hierarchy([""])
        for file in ["io.bfq.weight", "io.weight"] { try scratch.put("", at: directory.absolutePath + "/" + file) }
        let weight = write("io", "io.bfq.weight", "500", ifMissing: .instead(file: "io.weight", value: "default 4950"))
        try driver.apply([weight], in: handle(directory))
        #expect(try scratch.text(of: directory.absolutePath + "/io.bfq.weight") == "500")
        #expect(try scratch.text(of: directory.absolutePath + "/io.weight") == "")
    }

    @Test func bothFilesAreNamedWhereNeitherIsThere() throws {
        let directory = try scratch.hierarchy([""])
        try scratch.put("io\n", at: directory.absolutePath + "/cgroup.controllers")
        let weight = write("io", "io.bfq.weight", "500", ifMissing: .instead(file: "io.weight", value: "default 4950"))
        let error = #expect(throws: CgroupError.self) { try driver.apply([weight], in: handle(directory)) }
        #expect(
            error?.description.hasSuffix(
                "/web1/io.weight: ENOENT (no such file or directory): this kernel offers neither io.bfq.weight nor io.weight") == true)
    }

    @Test func aFileThatMayBeMissingIsLookedForAgainWithItsController() throws {
        let directory = try scratch.hierarchy([""], path: "a/web1")
        for folder in [directory.mountPoint, directory.mountPoint + "/a"] { try offerControllers(in: folder) }
        try scratch.put("", at: directory.absolutePath + "/cgroup.controllers")
        try driver.apply([write("memory", "memory.swap.max", "0", ifMissing: .ignore)], in: handle(directory))
        #expect(try scratch.text(of: directory.mountPoint + "/a/cgroup.subtree_control") == "+memory")
    }

    @Test func nothingIsHandedOnForAFileThatItsControllerDoesNotOffer() throws {
        let directory = try scratch.hierarchy([""], path: "web1")
        try offerControllers(in: directory.mountPoint)
        try scratch.put("memory\n", at: directory.absolutePath + "/cgroup.controllers")
        try driver.apply([write("memory", "memory.swap.max", "0", ifMissing: .ignore)], in: handle(directory))
        #expect(try scratch.text(of: directory.mountPoint + "/cgroup.subtree_control") == "")
    }

    @Test(
        arguments: [
            ("", "cpu memory", "does not hand the controller memory on"),
            ("", "cpu", "cgroup2 on this host does not have the controller memory"),
            ("memory", "memory", "this kernel does not offer the setting"),
        ])
    func aMissingFileIsExplained(_ own: String, _ above: String, _ words: String) throws {
        let directory = try scratch.hierarchy([""], path: "web1")
        try scratch.put(above, at: directory.mountPoint + "/cgroup.controllers")
        try scratch.put("", at: directory.mountPoint + "/cgroup.subtree_control")
        try scratch.put(own, at: directory.absolutePath + "/cgroup.controllers")
        let error = #expect(throws: CgroupError.self) { try driver.apply([write("memory", "memory.nosuch", "1")], in: handle(directory)) }
        #expect(error?.description.hasSuffix(words) == true, "\(error?.description ?? "")")
    }

    @Test func theSizesOfHugePagesAreNamedWhereOneIsMissing() throws {
        let directory = try scratch.hierarchy([""])
        for file in ["hugetlb.2MB.max", "hugetlb.2MB.current", "hugetlb.2MB.rsvd.max", "hugetlb.1GB.max"] {
            try scratch.put("", at: directory.absolutePath + "/" + file)
        }
        let error = #expect(throws: CgroupError.self) {
            try driver.apply([write("hugetlb", "hugetlb.3MB.max", "1")], in: handle(directory))
        }
        #expect(error?.description.hasSuffix("there are huge pages of 1GB, 2MB") == true)
    }

    @Test func entrancesAreForThoseBornElsewhere() throws {
        let directory = try scratch.hierarchy([""])
        #expect(driver.entrances(to: handle(directory), isBornInUnified: true) == [])
        #expect(driver.entrances(to: handle(directory), isBornInUnified: false) == [directory.absolutePath + "/cgroup.procs"])
    }
}
