import ContainerRuntime
import Planning
import Testing

@testable import RuntimeCLI

private func bytes(_ text: String) -> [UInt8] { Array(text.utf8) }
private func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }

struct DurationTests {
    @Test(
        arguments: [
            ("5s", 5_000_000_000), ("500ms", 500_000_000), ("1m30s", 90_000_000_000), ("1.5s", 1_500_000_000), ("2h", 7_200_000_000_000),
            (".5s", 500_000_000), ("1.s", 1_000_000_000), ("10us", 10_000), ("10µs", 10_000), ("7ns", 7), ("0", 0), ("0s", 0),
            ("-1s", -1_000_000_000),
            ("+1s", 1_000_000_000), ("1.9999ns", 1), ("2562047h", 9_223_369_200_000_000_000),
        ] as [(String, Int64)])
    func aTimeSpanIsReadAsGoReadsIt(text: String, expected: Int64) {
        #expect(nanoseconds(ofDuration: text) == expected)
    }

    @Test(arguments: ["", "5", "s", ".s", "5x", "5 s", "s5", "1m30", "--1s", "9999999999h", "99999999999999999999s", "1e3s", "-", "0x1s"])
    func whatIsNoTimeSpanIsNone(text: String) {
        #expect(nanoseconds(ofDuration: text) == nil)
    }
}

struct ShareTests {
    @Test(
        arguments: [
            (1, 2, 5_000), (0, 7, 0), (1, 3, 3_333), (7, 2, 35_000), (.max, .max, 10_000), (.max, 10_000, .max), (.max, 1, .max),
        ] as [(UInt64, UInt64, UInt64)])
    func aShareIsCountedInHundredthsOfAPercent(part: UInt64, whole: UInt64, expected: UInt64) {
        #expect(hundredths(part, of: whole) == expected)
    }
}

struct StatisticsLineTests {
    @Test func withoutFiguresTheObjectsThatRuncKeepsAreLeft() {
        #expect(
            text(statisticsLine(id: "c1", CgroupStatistics()))
                == #"{"type":"stats","id":"c1","data":{"cpu":{},"cpuset":{"cpu_exclusive":0,"mem_hardwall":0,"mem_exclusive":0,"#
                + #""memory_migrate":0,"memory_spread_page":0,"memory_spread_slab":0,"memory_pressure":0,"sched_load_balance":0,"#
                + #""sched_relax_domain_level":0},"memory":{},"pids":{},"blkio":{},"hugetlb":{},"intel_rdt":{},"network_interfaces":null}}"#
                + "\n")
    }

    @Test func figuresStandInRuncsOrder() {
        var statistics = CgroupStatistics()
        statistics.cpu.usageNanoseconds = 30
        statistics.cpu.usagePerCPU = [10, 20]
        statistics.cpu.userPerCPU = [4, 8]
        statistics.cpu.kernelPerCPU = [6, 12]
        statistics.cpu.kernelNanoseconds = 18
        statistics.cpu.periods = 5
        statistics.cpu.throttledNanoseconds = 6
        statistics.cpu.pressure = Pressure(some: .init(average10: 150, average60: 7, totalMicroseconds: 9), full: .init())
        statistics.cpuset = .init()
        statistics.cpuset?.cpus = [0, 1]
        statistics.cpuset?.mems = [0]
        statistics.cpuset?.schedLoadBalance = 1
        statistics.cpuset?.schedRelaxDomainLevel = -1
        statistics.memory.cacheBytes = 1
        statistics.memory.usage = .init(limitBytes: .max, usageBytes: 2, maximumBytes: 3, failures: 0)
        statistics.memory.raw = [.init(name: "b", value: 2), .init(name: "a", value: 0)]
        statistics.pids.current = 1
        statistics.pids.limit = 50
        statistics.blockIO.serviceBytes = [.init(major: 254, minor: 0, operation: "Write", value: 0)]
        statistics.hugepages = [.init(size: "2MB")]
        #expect(
            text(statisticsLine(id: "c1", statistics))
                == #"{"type":"stats","id":"c1","data":{"cpu":{"usage":{"total":30,"percpu":[10,20],"percpu_kernel":[6,12],"percpu_user":[4,8],"#
                + #""kernel":18,"user":0},"throttling":{"periods":5,"throttledTime":6},"psi":{"some":{"avg10":1.5,"avg60":0.07,"avg300":0,"#
                + #""total":9},"full":{"avg10":0,"avg60":0,"avg300":0,"total":0}}},"cpuset":{"cpus":[0,1],"cpu_exclusive":0,"mems":[0],"#
                + #""mem_hardwall":0,"mem_exclusive":0,"memory_migrate":0,"memory_spread_page":0,"memory_spread_slab":0,"memory_pressure":0,"#
                + #""sched_load_balance":1,"sched_relax_domain_level":-1},"memory":{"cache":1,"usage":{"limit":18446744073709551615,"usage":2,"#
                + #""max":3,"failcnt":0},"raw":{"a":0,"b":2}},"pids":{"current":1,"limit":50},"blkio":{"ioServiceBytesRecursive":"#
                + #"[{"major":254,"op":"Write"}]},"hugetlb":{"2MB":{"failcnt":0}},"intel_rdt":{},"network_interfaces":null}}"# + "\n")
    }

    @Test func aLossOfMemoryIsALine() {
        #expect(text(outOfMemoryLine(id: "c1")) == #"{"type":"oom","id":"c1"}"# + "\n")
    }

    @Test(arguments: [(0, "0"), (150, "1.5"), (7, "0.07"), (10_000, "100"), (1234, "12.34"), (110, "1.1")] as [(UInt64, String)])
    func hundredthsAreWrittenAsGoWritesANumber(hundredths: UInt64, expected: String) {
        #expect(decimal(hundredths: hundredths) == expected)
    }
}

struct PsTests {
    private let printed = bytes(
        "UID        PID  PPID CMD\nroot         1     0 init\nroot        42     1 sh -c a b\nroot       421     1 sleep 9\nroot         -     - -\n"
    )

    @Test func theTableHoldsTheLinesOfTheProcesses() throws {
        #expect(
            text(try processTable(printed, of: [421, 1]))
                == "UID        PID  PPID CMD\nroot         1     0 init\nroot       421     1 sleep 9\n")
    }

    @Test func withoutProcessesTheTableIsItsHeading() throws {
        #expect(text(try processTable(printed, of: [])) == "UID        PID  PPID CMD\n")
    }

    @Test(arguments: ["", "COMMAND\nsh\n", "TPID\n1\n"])
    func aTableWithoutNumbersIsRefused(printed: String) {
        #expect { try processTable(bytes(printed), of: [1]) } throws: { "\($0)" == "couldn't find PID field in ps output" }
    }

    @Test func aLineWithoutANumberIsRefused() {
        #expect { try processTable(bytes("PID CMD\nx y\n"), of: [1]) } throws: { "\($0)" == "unable to parse pid: \"x\"" }
    }

    @Test func numbersAreAnArrayOrNull() {
        #expect(text(processArray([42, 7])) == "[42,7]\n")
        #expect(text(processArray([])) == "null\n")
    }

    @Test func whatStandsBehindTheIDIsForPs() throws {
        guard case .success(.ps(let command)) = CommandLineReading(["swruntime", "ps", "-f", "json", "c1", "-f", "-o", "pid"]).command
        else {
            Issue.record("not understood")
            return
        }
        #expect(command.id == "c1")
        #expect(command.format == .json)
        #expect(command.words == ["-f", "-o", "pid"])
    }
}

struct StatsTests {
    private func reading(_ seconds: UInt64, cpuNanoseconds: UInt64?) -> Reading {
        var usage = CgroupUsage()
        usage.cpuNanoseconds = cpuNanoseconds
        usage.throttledNanoseconds = 2_340_000_000
        usage.memoryBytes = 5 << 20
        usage.memoryLimitBytes = 10 << 20
        usage.readBytes = 1536
        usage.pids = 3
        usage.cpuPressure = 1234
        return Reading(
            time: "2026-11-22T05:54:34Z", monotonicNanoseconds: seconds * 1_000_000_000,
            containers: [ContainerUsage(id: "web1", status: .running, usage: usage)])
    }

    @Test func theTableIsForPeople() {
        #expect(
            text(usageTable(reading(3, cpuNanoseconds: 1_500_000_000), former: reading(1, cpuNanoseconds: 1_000_000_000)))
                == """
                ID      CPU %   THROTTLED  MEMORY  LIMIT   MEM %   READ    WRITTEN  PIDS    WAIT % CPU/MEM/IO
                web1    25.0    2.3s       5.0MiB  10.0MiB  50.0    1.5KiB  -        3       12.3/-/-

                """.replacing("LIMIT   MEM", with: "LIMIT    MEM"))
    }

    @Test func theLineIsForPrograms() {
        #expect(
            text(usageLine(reading(3, cpuNanoseconds: 1_500_000_000), former: reading(1, cpuNanoseconds: 1_000_000_000)))
                == #"{"time":"2026-11-22T05:54:34Z","containers":[{"id":"web1","status":"running","cpuPercent":25,"cpuNanoseconds":1500000000,"#
                + #""throttledNanoseconds":2340000000,"memoryBytes":5242880,"memoryLimitBytes":10485760,"readBytes":1536,"pids":3,"#
                + #""cpuPressurePercent":12.34}]}"# + "\n")
    }

    @Test func theShareOfTheProcessorNeedsTwoReadings() {
        let now = reading(3, cpuNanoseconds: 1_500_000_000)
        #expect(now.processorShare(at: 0, since: nil) == nil)
        #expect(now.processorShare(at: 0, since: reading(3, cpuNanoseconds: 1)) == nil)
        #expect(now.processorShare(at: 0, since: reading(1, cpuNanoseconds: nil)) == nil)
        #expect(now.processorShare(at: 0, since: reading(1, cpuNanoseconds: 2_000_000_000)) == nil, "another container has the id since")
    }

    @Test(
        arguments: [
            (0, "0B"), (1023, "1023B"), (1536, "1.5KiB"), (200 << 20, "200MiB"), (UInt64.max, "15.9EiB"),
        ] as [(UInt64, String)])
    func sizesHaveAFewDigits(bytes: UInt64, expected: String) {
        #expect(size(bytes) == expected)
    }
}
