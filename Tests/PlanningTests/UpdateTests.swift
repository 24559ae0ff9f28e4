import OCISpec
import Testing

@testable import Planning

@Suite struct UpdateTests {
    private func plan(
        _ changes: LinuxResources, of current: LinuxResources = LinuxResources(), _ found: CgroupReadings = CgroupReadings(),
        v2: Bool = false
    ) throws -> UpdatePlan {
        try planUpdate(changes, of: current, found, on: v2 ? UpdateTests.v2 : UpdateTests.v1)
    }

    private static let v1 = host(
        CgroupFacts(
            unified: nil,
            hierarchies: ["memory", "cpu", "cpuset", "pids", "devices", "blkio"].map {
                CgroupHierarchy(controllers: [$0], mountPoint: "/sys/fs/cgroup/\($0)", ownPath: "/")
            }))
    private static let v2 = host(
        CgroupFacts(unified: CgroupHierarchy(controllers: [], mountPoint: "/sys/fs/cgroup", ownPath: "/"), hierarchies: []))

    private static func host(_ cgroups: CgroupFacts) -> HostFacts {
        HostFacts(effectiveUserID: 0, isInitialUserNamespace: true, capabilities: [], cgroups: cgroups, hasKernelCore: false)
    }

    private func lines(_ plan: UpdatePlan) -> [String] {
        plan.change.writes.map { "\($0.file) \($0.value)" }
    }

    @Test func onlyWhatIsNamedIsWritten() throws {
        let current = LinuxResources(memory: LinuxMemory(limit: 200, swap: 400), cpu: LinuxCPU(shares: 512), pids: LinuxPids(limit: 9))
        #expect(try lines(plan(LinuxResources(memory: LinuxMemory(limit: 300)), of: current)) == ["memory.limit_in_bytes 300"])
        #expect(try lines(plan(LinuxResources(memory: LinuxMemory(swap: 500)), of: current)) == ["memory.memsw.limit_in_bytes 500"])
        #expect(try lines(plan(LinuxResources(), of: current)) == [])
    }

    @Test func swapAloneIsReckonedAnewWithTheLimitOnV2() throws {
        let current = LinuxResources(memory: LinuxMemory(limit: 200, swap: 400))
        let planned = try plan(LinuxResources(memory: LinuxMemory(limit: 300)), of: current, v2: true)
        #expect(lines(planned) == ["memory.swap.max 100", "memory.max 300"])
        #expect(planned.resources.memory == LinuxMemory(limit: 300, swap: 400))
    }

    @Test func unlimitedMemoryMakesSwapUnlimited() throws {
        let planned = try plan(
            LinuxResources(memory: LinuxMemory(limit: -1)), of: LinuxResources(memory: LinuxMemory(limit: 200, swap: 400)))
        #expect(lines(planned) == ["memory.limit_in_bytes -1", "memory.memsw.limit_in_bytes -1"])
        #expect(planned.resources.memory == LinuxMemory(limit: -1, swap: -1))
    }

    @Test func aLimitAboveTheSwapThatHoldsIsRefused() {
        #expect(
            throws: SpecProblem(
                "linux.resources.memory.limit", "must be at most linux.resources.memory.swap, which holds with 400 bytes, is 500")
        ) {
            try plan(LinuxResources(memory: LinuxMemory(limit: 500)), of: LinuxResources(memory: LinuxMemory(limit: 200, swap: 400)))
        }
    }

    @Test(
        arguments: [
            ("max 50000", 30_000, nil, "30000 50000"), ("20000 50000", nil, 70_000, "20000 70000"),
            ("max 100000", nil, 70_000, "max 70000"),
        ] as [(String, Int64?, UInt64?, String)])
    func theOtherHalfOfTheBandwidthIsTheKernels(found: String, quota: Int64?, period: UInt64?, expected: String) throws {
        let changes = LinuxResources(cpu: LinuxCPU(quota: quota, period: period))
        #expect(try lines(plan(changes, CgroupReadings(cpuMaximum: found), v2: true)) == ["cpu.max \(expected)"])
    }

    @Test func checkBeforeUpdateComparesWithWhatIsUsed() throws {
        let found = CgroupReadings(memoryUsage: 100, memoryAndSwapUsage: 150)
        let check = LinuxMemory(limit: 99, checkBeforeUpdate: true)
        #expect(throws: SpecProblem("linux.resources.memory.limit", "must be at least the 100 bytes in use (checkBeforeUpdate), is 99")) {
            try plan(LinuxResources(memory: check), found)
        }
        _ = try plan(LinuxResources(memory: LinuxMemory(limit: 100, checkBeforeUpdate: true)), found)
        _ = try plan(LinuxResources(memory: LinuxMemory(limit: 99)), found)
    }

    @Test func deviceRulesBecomeTheLinesThatDiffer() throws {
        func rules(_ minor: Int64, _ access: String) -> [LinuxDeviceCgroup] {
            [
                LinuxDeviceCgroup(allow: false, access: "rwm"),
                LinuxDeviceCgroup(allow: true, type: .character, major: 10, minor: minor, access: access),
            ]
        }
        let planned = try plan(LinuxResources(devices: rules(1, "rw")), of: LinuxResources(devices: rules(1, "rm")))
        #expect(lines(planned) == ["devices.allow c 10:1 w", "devices.deny c 10:1 m"])
        #expect(planned.change.undoingDevices.map { "\($0.file) \($0.value)" } == ["devices.allow c 10:1 m", "devices.deny c 10:1 w"])
        #expect(try lines(plan(LinuxResources(devices: []), of: LinuxResources(devices: rules(1, "rm")))) == [])
    }

    @Test func listsAreMergedByTheirKeys() {
        let old = LinuxResources(
            blockIO: LinuxBlockIO(throttleReadBpsDevice: [
                LinuxThrottleDevice(major: 8, minor: 0, rate: 1), LinuxThrottleDevice(major: 8, minor: 1, rate: 2),
            ]), unified: ["a.b": "1", "a.c": "2"])
        let merged = old.merged(
            with: LinuxResources(
                blockIO: LinuxBlockIO(weight: 0, throttleReadBpsDevice: [LinuxThrottleDevice(major: 8, minor: 0, rate: 9)]),
                unified: ["a.c": "3"]))
        #expect(merged.blockIO?.throttleReadBpsDevice?.map(\.rate) == [2, 9])
        #expect(merged.blockIO?.weight == nil)
        #expect(merged.unified == ["a.b": "1", "a.c": "3"])
    }
}
