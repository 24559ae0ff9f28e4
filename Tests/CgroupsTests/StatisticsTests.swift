import Foundation
import Kernel
import Planning
import Testing

@testable import Cgroups

struct StatisticsTests {
    let scratch: Scratch

    init() throws { scratch = try Scratch() }

    private func v1(_ files: [String: [String: String]]) throws -> CgroupHandle {
        var hierarchies: [CgroupDirectory] = []
        for (controllers, texts) in files.sorted(by: { $0.key < $1.key }) {
            let directory = try scratch.hierarchy(controllers.split(separator: ",").map { String($0) })
            for (name, text) in texts { try scratch.put(text, at: directory.absolutePath + "/" + name) }
            hierarchies.append(directory)
        }
        return CgroupHandle(hierarchies: hierarchies, unified: nil)
    }

    private func v2(_ files: [String: String]) throws -> CgroupHandle {
        let unified = try scratch.hierarchy([])
        for (name, text) in files { try scratch.put(text, at: unified.absolutePath + "/" + name) }
        return CgroupHandle(hierarchies: [], unified: unified)
    }

    private func statistics(_ handle: CgroupHandle) -> CgroupStatistics {
        var reader = FileReader()
        return cgroupStatistics(of: handle, with: &reader)
    }

    @Test func v1sProcessorTimeIsInNanoseconds() throws {
        let cpu = statistics(
            try v1([
                "cpu,cpuacct": [
                    "cpu.stat": "nr_periods 10\nnr_throttled 3\nthrottled_time 5000\n", "cpuacct.usage": "123456\n",
                    "cpuacct.usage_percpu": "100000 23456 \n", "cpuacct.stat": "user 2\nsystem 1\n",
                    "cpuacct.usage_all": "cpu user system\n0 70000 30000\n1 20000 3456\n",
                ]
            ])
        ).cpu
        #expect(cpu.usageNanoseconds == 123_456)
        #expect(cpu.usagePerCPU == [100_000, 23_456])
        #expect(cpu.userPerCPU == [70_000, 20_000])
        #expect(cpu.kernelPerCPU == [30_000, 3456])
        #expect(cpu.userNanoseconds == 20_000_000)
        #expect(cpu.kernelNanoseconds == 10_000_000)
        #expect([cpu.periods, cpu.throttledPeriods, cpu.throttledNanoseconds] == [10, 3, 5000])
    }

    @Test func v2sProcessorTimeIsBroughtToNanoseconds() throws {
        let cpu = statistics(
            try v2([
                "cpu.stat": "usage_usec 5\nuser_usec 3\nsystem_usec 2\nnr_periods 4\nnr_throttled 1\nthrottled_usec 9\n",
                "cpu.pressure": "some avg10=1.00 avg60=0.00 avg300=0.00 total=2\n",
            ])
        ).cpu
        #expect([cpu.usageNanoseconds, cpu.userNanoseconds, cpu.kernelNanoseconds] == [5000, 3000, 2000])
        #expect([cpu.periods, cpu.throttledPeriods, cpu.throttledNanoseconds] == [4, 1, 9000])
        #expect(cpu.pressure?.some.average10 == 100)
    }

    @Test func v2sSwapIsToldTogetherWithMemory() throws {
        let handle = try v2([
            "memory.current": "100\n", "memory.max": "1000\n", "memory.peak": "200\n", "memory.swap.current": "10\n",
            "memory.swap.max": "50\n", "memory.stat": "anon 60\nfile 40\n",
        ])
        let memory = statistics(handle).memory
        #expect(memory.usage == .init(limitBytes: 1000, usageBytes: 100, maximumBytes: 200))
        #expect(memory.swap == .init(limitBytes: 1050, usageBytes: 110))
        #expect(memory.cacheBytes == 40)
        #expect(memory.raw == [.init(name: "anon", value: 60), .init(name: "file", value: 40)])
    }

    @Test func v2WithoutLimitsHasTheLargestNumber() throws {
        let handle = try v2(["memory.current": "100\n", "memory.max": "max\n", "memory.swap.current": "0\n", "memory.swap.max": "max\n"])
        let memory = statistics(handle).memory
        #expect(memory.usage.limitBytes == .max)
        #expect(memory.swap.limitBytes == .max)
    }

    @Test func theSchedulerThatCountedIsAsked() throws {
        let blockIO = statistics(
            try v1([
                "blkio": [
                    "blkio.bfq.io_service_bytes_recursive": "Total 0\n",
                    "blkio.throttle.io_service_bytes_recursive": "8:0 Read 7\nTotal 7\n",
                    "blkio.throttle.io_serviced_recursive": "Total 0\n",
                    "blkio.time_recursive": "8:0 3\n",
                ]
            ])
        ).blockIO
        #expect(blockIO.serviceBytes == [.init(major: 8, minor: 0, operation: "Read", value: 7)])
        #expect(blockIO.serviced.isEmpty)
        #expect(blockIO.time == [.init(major: 8, minor: 0, operation: "", value: 3)])
    }

    @Test func whatCannotBeReadIsLeftOut() throws {
        let gone = CgroupDirectory(controllers: ["memory", "cpu"], mountPoint: scratch.path, path: "gone")
        #expect(statistics(CgroupHandle(hierarchies: [gone], unified: gone)) == CgroupStatistics())
        #expect(statistics(CgroupHandle(hierarchies: [], unified: nil)) == CgroupStatistics())
        var reader = FileReader()
        #expect(cgroupUsage(of: CgroupHandle(hierarchies: [gone], unified: gone), with: &reader) == CgroupUsage())
    }

    @Test func aFileLongerThanTheBufferIsReadWhole() throws {
        let lines = (0..<5000).map { "name\($0) \($0)\n" }.joined()
        #expect(statistics(try v2(["memory.stat": lines])).memory.raw.count == 5000)
    }

    @Test func theFewFiguresAreTheSameOnBothVersions() throws {
        let old = try v1([
            "cpu": ["cpu.stat": "nr_periods 1\nnr_throttled 2\nthrottled_time 3000\n"], "cpuacct": ["cpuacct.usage": "4000\n"],
            "memory": ["memory.usage_in_bytes": "5\n", "memory.limit_in_bytes": "9223372036854771712\n"],
            "pids": ["pids.current": "6\n", "pids.max": "7\n"],
            "blkio": ["blkio.throttle.io_service_bytes_recursive": "8:0 Read 8\n8:0 Write 9\n8:0 Total 17\nTotal 17\n"],
        ])
        let new = try v2([
            "cpu.stat": "usage_usec 4\nnr_throttled 2\nthrottled_usec 3\n", "memory.current": "5\n", "memory.max": "max\n",
            "pids.current": "6\n", "pids.max": "7\n", "io.stat": "8:0 rbytes=8 wbytes=9 rios=1 wios=1\n",
        ])
        var reader = FileReader()
        let usage = cgroupUsage(of: old, with: &reader)
        #expect(usage == cgroupUsage(of: new, with: &reader))
        #expect(usage.cpuNanoseconds == 4000)
        #expect(usage.throttledNanoseconds == 3000)
        #expect(usage.memoryBytes == 5)
        #expect(usage.memoryLimitBytes == nil)
        #expect([usage.readBytes, usage.writtenBytes, usage.pids, usage.pidsLimit] == [8, 9, 6, 7])
    }

    @Test func aGroupOfResctrlTellsItsShareAndWhatWentThrough() throws {
        let root = scratch.path + "/resctrl"
        for (file, text) in [
            "info/L3/cbm_mask": "fffff\n", "info/L3/min_cbm_bits": "1\n", "info/L3/num_closids": "16\n", "schemata": "L3:0=fffff\n",
            "web1/schemata": "    L3:0=f\n    MB:0=20\n", "web1/mon_data/mon_L3_00/llc_occupancy": "4096\n",
            "web1/mon_data/mon_L3_00/mbm_total_bytes": "9\n", "web1/mon_data/mon_L3_00/mbm_local_bytes": "8\n",
        ] {
            try scratch.put(text, at: root + "/" + file)
        }
        var reader = FileReader()
        let rdt = cgroupStatistics(of: CgroupHandle(hierarchies: [], unified: nil), rdtGroup: root + "/web1", with: &reader).rdt
        #expect(rdt?.cacheBitMask == "fffff")
        #expect(rdt?.rootCacheSchema == "L3:0=fffff")
        #expect(rdt?.cacheSchema == "L3:0=f")
        #expect(rdt?.bandwidthSchema == "MB:0=20")
        #expect(rdt?.bandwidthClasses == nil)
        #expect(rdt?.bandwidth == [.init(totalBytes: 9, localBytes: 8)])
        #expect(rdt?.cacheOccupancyBytes == [4096])
    }
}
