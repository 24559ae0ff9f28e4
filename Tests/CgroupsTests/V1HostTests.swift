import Foundation
import Kernel
import KernelABI
import Planning
import Testing

@testable import Cgroups

@Suite("V1 driver on the host", .enabled(if: HostCgroup.isUsable, "needs root and a writable cgroup v1 freezer"), .timeLimit(.minutes(1)))
struct V1HostTests {
    let driver = V1Driver()

    @Test func createdFoldersAreInEveryHierarchyAndGoAgain() throws {
        let host = try HostCgroup("create")
        let created = try driver.create(host.plan())
        let folders = created.handle.hierarchies.map(\.absolutePath)
        #expect(folders.allSatisfy(Scratch.exists))
        #expect(created.made == created.handle)
        try driver.remove(created.made)
        #expect(!folders.contains(where: Scratch.exists))
    }

    @Test func parentsAreMadeAndTheirCpusetIsFilled() throws {
        let host = try HostCgroup("deep")
        let created = try driver.create(host.plan(below: "/a/b"))
        defer { for folder in created.folders.reversed() { try? Kernel.removeDirectory(folder) } }
        let cpus = try value(of: "/sys/fs/cgroup/cpuset/cpuset.cpus")
        #expect(try value(of: "/sys/fs/cgroup/cpuset/\(host.name)/a/b/cpuset.cpus") == cpus)
    }

    @Test func limitsAreInTheFiles() throws {
        let host = try HostCgroup("limits")
        let plan = host.plan([
            write("memory", "memory.limit_in_bytes", "33554432"), write("memory", "memory.memsw.limit_in_bytes", "33554432"),
            write("pids", "pids.max", "7"), write("cpuset", "cpuset.cpus", "0"), write("devices", "devices.deny", "a"),
            write("devices", "devices.allow", "c 1:3 rwm"), write("devices", "devices.allow", "c 5:0 rw"),
        ])
        let created = try driver.create(plan)
        defer { try? driver.remove(created.made) }
        try driver.apply(plan.writes, in: created.handle)
        #expect(try value(of: "/sys/fs/cgroup/memory/\(host.name)/memory.memsw.limit_in_bytes") == "33554432")
        #expect(try value(of: "/sys/fs/cgroup/pids/\(host.name)/pids.max") == "7")
        #expect(try value(of: "/sys/fs/cgroup/cpuset/\(host.name)/cpuset.cpus") == "0")
        #expect(try value(of: "/sys/fs/cgroup/devices/\(host.name)/devices.list") == "c 1:3 rwm\nc 5:0 rw")
    }

    @Test func higherMemoryLimitsReplaceLowerOnes() throws {
        let host = try HostCgroup("raise")
        func limits(_ bytes: String) -> [CgroupWrite] {
            [write("memory", "memory.limit_in_bytes", bytes), write("memory", "memory.memsw.limit_in_bytes", bytes)]
        }
        let created = try driver.create(host.plan())
        defer { try? driver.remove(created.made) }
        try driver.apply(limits("33554432"), in: created.handle)
        try driver.apply(limits("67108864"), in: created.handle)
        #expect(try value(of: "/sys/fs/cgroup/memory/\(host.name)/memory.limit_in_bytes") == "67108864")
    }

    @Test func refusedValuesNamePropertyFileAndWhatIsThere() throws {
        let host = try HostCgroup("refused")
        let created = try driver.create(host.plan())
        defer { try? driver.remove(created.made) }
        let error = #expect(throws: CgroupError.self) { try driver.apply([write("cpuset", "cpuset.cpus", "4000")], in: created.handle) }
        let cpus = try value(of: "/sys/fs/cgroup/cpuset/cpuset.cpus")
        let file = "/sys/fs/cgroup/cpuset/\(host.name)/cpuset.cpus"
        #expect(
            error?.description.hasPrefix("linux.resources.cpuset.cpus: write(2) \(file) 4000: ") == true
                && error?.description.hasSuffix(": the cgroup above has the CPUs \(cpus)") == true, "\(String(describing: error))")
    }

    @Test func processesEnterByTheirEntrances() throws {
        let host = try HostCgroup("enter")
        let created = try driver.create(host.plan())
        defer { try? driver.remove(created.made) }
        let process = try startProcess(in: driver.entrances(to: created.handle, isBornInUnified: false))
        defer { kill(process.processIdentifier, SIGKILL) }
        let pid = process.processIdentifier
        let memberships = parseCgroupMembership(try Kernel.readFile("/proc/\(pid)/cgroup", limit: 1 << 16))
        #expect(memberships.allSatisfy { $0.path == "/\(host.name)" })
        #expect(try driver.pids(in: created.handle) == [pid])
    }

    @Test func cgroupsInUseAreRefused() throws {
        let host = try HostCgroup("used")
        let created = try driver.create(host.plan())
        defer { try? driver.remove(created.made) }
        let process = try startProcess(in: driver.entrances(to: created.handle, isBornInUnified: false))
        defer { kill(process.processIdentifier, SIGKILL) }
        let error = #expect(throws: CgroupError.self) { try driver.create(host.plan()) }
        #expect(error?.description.hasPrefix("container's cgroup is not empty: 1 process(es) found") == true)
    }

    @Test func frozenCgroupsAreRefused() throws {
        let host = try HostCgroup("frozen")
        let created = try driver.create(host.plan())
        defer { try? driver.remove(created.made) }
        try driver.setFrozen(true, created.handle)
        let error = #expect(throws: CgroupError.self) { try driver.create(host.plan()) }
        #expect(error?.description.hasPrefix("container's cgroup unexpectedly frozen") == true)
    }

    @Test func newCgroupsBelowAFrozenOneAreRefusedAndGo() throws {
        let host = try HostCgroup("outer")
        let outer = try driver.create(host.plan())
        defer { try? driver.remove(outer.made) }
        try driver.setFrozen(true, outer.handle)
        let error = #expect(throws: CgroupError.self) { try driver.create(host.plan(below: "/inner")) }
        #expect(error?.description.hasPrefix("container's cgroup unexpectedly frozen") == true)
        #expect(try outer.handle.hierarchies.flatMap { try childNames(of: $0.absolutePath) } == [])
    }

    @Test func foldersThatWereThereAreNotOurs() throws {
        let host = try HostCgroup("found")
        let first = try driver.create(host.plan())
        defer { try? driver.remove(first.made) }
        let second = try driver.create(host.plan())
        #expect(second.made == CgroupHandle(hierarchies: [], unified: nil))
    }

    @Test func frozenProcessesStandStillAndGoOn() throws {
        let host = try HostCgroup("freeze")
        let created = try driver.create(host.plan())
        defer { try? driver.remove(created.made) }
        let process = try startProcess(in: driver.entrances(to: created.handle, isBornInUnified: false))
        defer { kill(process.processIdentifier, SIGKILL) }
        try driver.setFrozen(true, created.handle)
        #expect(try driver.isFrozen(created.handle))
        try driver.setFrozen(false, created.handle)
        #expect(try !driver.isFrozen(created.handle))
    }

    @Test func removalKillsWhatIsLeftFrozenAndNested() throws {
        let host = try HostCgroup("busy")
        let created = try driver.create(host.plan())
        let nested = try driver.create(host.plan(below: "/inner/most"))
        _ = try startProcess(in: driver.entrances(to: nested.handle, isBornInUnified: false), script: "sleep 300 & sleep 301 & wait")
        try driver.setFrozen(true, created.handle)
        try driver.remove(created.handle)
        #expect(!created.handle.hierarchies.map(\.absolutePath).contains(where: Scratch.exists))
    }

    @Test func removalOutrunsAForkBomb() throws {
        let host = try HostCgroup("bomb")
        let created = try driver.create(host.plan())
        try driver.apply([write("pids", "pids.max", "100")], in: created.handle)
        // Unlike a shell, perl goes on where a fork is refused.
        _ = try startProcess(in: driver.entrances(to: created.handle, isBornInUnified: false), script: "exec perl -e 'fork while 1'")
        while try driver.pids(in: created.handle).count < 90 { sched_yield() }
        try driver.remove(created.handle)
        #expect(!created.handle.hierarchies.map(\.absolutePath).contains(where: Scratch.exists))
    }

    @Test func signalsReachEveryProcessOfTheTree() throws {
        let host = try HostCgroup("signal")
        let created = try driver.create(host.plan())
        let nested = try driver.create(host.plan(below: "/inner"))
        defer { try? driver.remove(created.made) }
        let process = try startProcess(in: driver.entrances(to: nested.handle, isBornInUnified: false))
        // A test's children inherit a mask that blocks whatever can be blocked.
        try driver.signalAll(.SIGSTOP, in: created.handle)
        while try Kernel.processStatus(process.processIdentifier)?.state != "T" { sched_yield() }
    }
}
