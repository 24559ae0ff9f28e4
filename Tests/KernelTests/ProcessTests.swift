import Foundation
import KernelABI
import Testing

@testable import Kernel

@Suite(.timeLimit(.minutes(1))) struct ProcessTests {
    @Test func aProcessIsDescribedByItsLineInProc() throws {
        let line = Array(
            "4242 (cat) S 17 4242 4242 0 -1 4194560 96 0 1 0 2 3 4 5 20 0 1 0 8675309 2289664 128 18446744073709551615 1 1\n".utf8)
        let status = try #require(parse(line))
        #expect(status.state == "S")
        #expect(status.parentPID == 17)
        #expect(status.flags == ProcessFlags(rawValue: 4_194_560))
        #expect(status.startTime == 8_675_309)
    }

    @Test(arguments: ["a b", ") R 1 2", "((((", "1 2 3 4", "x) S 9 9 9 9 9 9 9 9 9 9 9 9 9 9 9 9 9 9 9 9 9 (", ""])
    func aNameChosenToMisleadDoesNot(_ name: String) throws {
        let line = Array("1 (\(name)) Z 7 1 1 0 -1 64 0 0 0 0 0 0 0 0 20 0 1 0 55 0 0\n".utf8)
        let status = try #require(parse(line))
        #expect(status.state == "Z")
        #expect(status.isZombie)
        #expect(status.parentPID == 7)
        #expect(!status.hasExecuted)
        #expect(status.startTime == 55)
    }

    @Test(arguments: ["", ")", "1 (a)", "1 (a) ", "1 (a) S", "1 (a) S 1 2 3 4", "1 (a) S 1 1 1 0 -1 64 0 0 0 0 0 0 0 0 20 0 1 0 55"])
    func aLineThatIsCutIsNoStatus(_ line: String) {
        #expect(parse(Array(line.utf8)) == nil)
    }

    @Test func thisProcessRunsAndHasExecuted() throws {
        let status = try #require(try processStatus(ownPID()))
        #expect(status.parentPID == parentPID())
        #expect(status.hasExecuted)
        #expect(!status.isZombie)
    }

    @Test func aHandleOnProcTellsTheSame() throws {
        let procfs = try Kernel.open("/proc", [.path, .directory])
        #expect(try processStatus(1, procfs: procfs)?.startTime == processStatus(1)?.startTime)
        #expect(try processStatus(0x3fff_ffff, procfs: procfs) == nil)
    }

    @Test func aProcessThatIsNotThereHasNoStatus() throws {
        #expect(try processStatus(0x3fff_ffff) == nil)
    }

    @Test func aChildsExitStatusArrives() throws {
        let pid = try spawn("/bin/sh", "-c", "exit 7")
        let process = try openProcess(pid)
        #expect(try wait(process) == .exited(code: 7))
        #expect(try processStatus(pid) == nil)
    }

    @Test func aSignalEndsAChild() throws {
        let pid = try spawn("/bin/sleep", "60")
        let process = try openProcess(pid)
        #expect(try wait(pid: pid, noHang: true) == nil)
        try signal(process, .SIGKILL)
        let status = try wait(process)
        #expect(status == .signaled(signal: .SIGKILL))
        #expect(status.exitCode == 137)
    }

    @Test func aProcessThatEndedIsAZombieUntilItIsWaitedFor() throws {
        let pid = try spawn("/bin/true")
        let process = try openProcess(pid)
        #expect(try poll([PollRequest(number: process.number, events: .readable)], timeoutMilliseconds: 30_000) == [.readable])
        #expect(try processStatus(pid)?.isZombie == true)
        try signal(process, .SIGTERM)
        #expect(try wait(pid: pid, noHang: false) == .exited(code: 0))
        #expect(errno { () throws(SyscallError) in try signal(process, .SIGTERM) } == .ESRCH)
    }

    @Test func noProcessIsWaitedForThatIsNoChild() throws {
        let process = try openProcess(1)
        #expect(errno { () throws(SyscallError) in _ = try wait(process) } == .ECHILD)
    }

    @Test func noProcessIsOpenedThatIsNotThere() {
        #expect(errno { () throws(SyscallError) in _ = try openProcess(0x3fff_ffff) } == .ESRCH)
    }

    @Test(arguments: [0, -1, -5] as [Int32])
    func aNumberThatMeansMoreThanOneProcessIsRefused(_ pid: Int32) {
        #expect(errno { () throws(SyscallError) in try signal(pid: pid, Signal(rawValue: 0)) } == .EINVAL)
        #expect(errno { () throws(SyscallError) in try signal(group: pid, Signal(rawValue: 0)) } == .EINVAL)
    }

    @Test func signalZeroOnlyLooks() throws {
        try signal(pid: ownPID(), Signal(rawValue: 0))
        #expect(errno { () throws(SyscallError) in try signal(pid: 0x3fff_ffff, Signal(rawValue: 0)) } == .ESRCH)
    }

    @Test func anImpossibleProgramIsAnError() {
        #expect(
            errno { () throws(SyscallError) in
                try execute("/no/such/program", arguments: ["program"], environment: [])
            } == .ENOENT)
        #expect(errno { () throws(SyscallError) in try execute("/etc/passwd", arguments: ["passwd"], environment: []) } == .EACCES)
    }

    @Test func stringsAreLaidOutAsCWantsThem() {
        let array = CStringArray(["first", "", "zwölf"])
        #expect(array.pointers[0].map { String(cString: $0) } == "first")
        #expect(array.pointers[1].map { String(cString: $0) } == "")
        #expect(array.pointers[2].map { String(cString: $0) } == "zwölf")
        #expect(array.pointers[3] == nil)
    }

    @Test func aNamespaceFileTellsItsKind() throws {
        let kinds: [(String, CloneFlags)] = [
            ("mnt", .newMount), ("uts", .newUTS), ("ipc", .newIPC), ("user", .newUser), ("pid", .newPID), ("net", .newNetwork),
            ("cgroup", .newCgroup), ("time", .newTime),
        ]
        for (name, kind) in kinds {
            #expect(try namespaceKind(of: try Kernel.open("/proc/self/ns/\(name)", [.nonBlocking])) == kind, "\(name)")
        }
    }

    @Test(arguments: ["/dev/null", "/etc/passwd", "/proc/self/status", "/"])
    func anotherFileHasNoKind(_ path: String) throws {
        #expect(
            errno { () throws(SyscallError) in _ = try namespaceKind(of: try Kernel.open(path, [.nonBlocking])) } == .EINVAL)
    }

    private func parse(_ line: [UInt8]) -> ProcessStatus? {
        ProcessStatus(stat: line.span)
    }

    private func spawn(_ program: String, _ arguments: String...) throws -> Int32 {
        var pid: pid_t = 0
        let strings = ([program] + arguments).map { strdup($0) } + [nil]
        defer { for string in strings { free(string) } }
        try #require(posix_spawn(&pid, program, nil, nil, strings, nil) == 0)
        return pid
    }
}
