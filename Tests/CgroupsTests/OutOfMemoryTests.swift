import Foundation
import Kernel
import KernelABI
import Planning
import Testing

@testable import Cgroups

struct OutOfMemoryTests {
    let scratch: Scratch

    init() throws { scratch = try Scratch() }

    @Test func killsAreCountedInV1sOOMControl() throws {
        let memory = try scratch.hierarchy(["memory"])
        try scratch.put("oom_kill_disable 0\nunder_oom 0\noom_kill 2\n", at: memory.absolutePath + "/memory.oom_control")
        #expect(outOfMemoryKills(in: CgroupHandle(hierarchies: [memory], unified: nil)) == 2)
    }

    @Test func killsAreCountedInV2sEvents() throws {
        let unified = try scratch.hierarchy([""])
        try scratch.put("low 0\nhigh 0\nmax 7\noom 3\noom_kill 3\noom_group_kill 0\n", at: unified.absolutePath + "/memory.events")
        #expect(outOfMemoryKills(in: CgroupHandle(hierarchies: [], unified: unified)) == 3)
    }

    @Test func withoutAFileNothingWasKilled() {
        #expect(outOfMemoryKills(in: CgroupHandle(hierarchies: [], unified: nil)) == 0)
    }

    @Test(.enabled(if: HostCgroup.isUsable, "needs root and a writable cgroup v1 freezer"))
    func theKernelCountsAKillOnTheHost() throws {
        let host = try HostCgroup("oom")
        let driver = V1Driver()
        let created = try driver.create(host.plan())
        defer { try? driver.remove(created.made) }
        try driver.apply(
            [write("memory", "memory.limit_in_bytes", "1048576"), write("memory", "memory.memsw.limit_in_bytes", "1048576")],
            in: created.handle)
        // `tail` keeps what has no line feed in memory.
        let process = try startProcess(
            in: driver.entrances(to: created.handle, isBornInUnified: false), script: "exec tail /dev/zero")
        process.waitUntilExit()
        #expect(outOfMemoryKills(in: created.handle) == 1)
    }
}
