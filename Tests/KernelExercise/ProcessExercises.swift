import Glibc
import Kernel
import KernelABI

func cloneTellsParentAndChildApart() throws {
    var memory = 1
    let status = try inChild([.newPID, .newMount, .newUTS, .newIPC, .newNetwork, .newCgroup]) {
        memory = 2
        return ownPID() == 1 && parentPID() == 0 ? 7 : 8
    }
    expectEqual(status, .exited(code: 7), "the child's end")
    expectEqual(memory, 1, "the parent's memory")
}

func cloneWorksWithoutClone3() throws {
    let make: (CloneArguments) throws(SyscallError) -> CloneOutcome = { arguments throws(SyscallError) in
        try cloneWithoutClone3(arguments.flags.union(.pidfd))
    }
    let status = try inChild([.newPID, .newMount], by: make) { ownPID() == 1 ? 7 : 8 }
    expectEqual(status, .exited(code: 7), "the child's end")
}

func cloneWithoutClone3ClearsSignalHandlers() throws {
    try exitOnTermination()
    expect(try statusLine("SigCgt") != "0000000000000000", "no handler was set")
    let make: (CloneArguments) throws(SyscallError) -> CloneOutcome = { arguments throws(SyscallError) in
        try cloneWithoutClone3(arguments.flags.union(.pidfd))
    }
    for status in [
        try inChild(.clearSignalHandlers, by: make) { try statusLine("SigCgt") == "0000000000000000" ? 7 : 8 },
        try inChild(.clearSignalHandlers) { try statusLine("SigCgt") == "0000000000000000" ? 7 : 8 },
    ] { expectEqual(status, .exited(code: 7), "the child's end") }
}

func cloneIsBornInACgroup() throws {
    let mounts = try text("/proc/self/mountinfo").split(separator: "\n")
    guard let hierarchy = mounts.first(where: { $0.contains(" - cgroup2 ") })?.split(separator: " ")[4] else { fail("no cgroup v2 here") }
    let name = "kernel-exercise-\(ownPID())"
    let path = "\(hierarchy)/\(name)"
    try makeDirectory(path, mode: 0o755)
    defer { try? removeDirectory(path) }
    let cgroup = try open(path, .directory)
    switch try clone(CloneArguments(flags: [], cgroup: cgroup.number)) {
    case .child:
        exitNow(((try? text("/proc/self/cgroup")) ?? "").contains("0::") && ((try? text("/proc/self/cgroup")) ?? "").contains(name) ? 7 : 8)
    case .parent(let child):
        let status = try wait(child.pidfd)
        try removeDirectory(path)
        expectEqual(status, .exited(code: 7), "the child's end")
    }
}

func cloneGetsItsIDsFromTheParent() throws {
    let gate = try socketPair()
    switch try clone(CloneArguments(flags: .newUser)) {
    case .child:
        do {
            _ = try receive(gate.second, limit: 1)
            try setGroups([5])
            try setGroupIDs(real: 0, effective: 0, saved: 0)
            try setUserIDs(real: 0, effective: 0, saved: 0)
            exitNow(effectiveUserID() == 0 ? 7 : 8)
        } catch {
            fail("child: \(error)")
        }
    case .parent(let child):
        let map = IDMapping(containerID: 0, hostID: 100_000, size: 65536).line
        try writeFile("/proc/\(child.pid)/uid_map", map)
        try writeFile("/proc/\(child.pid)/gid_map", map)
        try send(gate.first, [1])
        expectEqual(try wait(child.pidfd), .exited(code: 7), "the child's end")
    }
}

func programsAreExecuted() throws {
    let program = PreparedProgram(path: "/bin/sh", arguments: ["sh", "-c", "exit $CODE"], environment: ["CODE=5", "OTHER=äöü"])
    expectEqual(try inChild { try program.execute() }, .exited(code: 5), "the program's end")
    let direct = try inChild { try execute("/bin/sh", arguments: ["sh", "-c", "exit $#", "sh", "a", "", "b"], environment: []) }
    expectEqual(direct, .exited(code: 3), "the count of arguments")
}

func openFilesAreExecuted() throws {
    let shell = try open("/bin/sh", .path)
    let status = try inChild { try executeDescriptor(shell, arguments: ["sh", "-c", "exit 6"], environment: []) }
    expectEqual(status, .exited(code: 6), "the program's end")
}

func aSubreaperAdoptsOrphans() throws {
    try setChildSubreaper()
    let first = try inChild {
        _ = try makeGrandchild { 9 }; return 0
    }
    expectEqual(first, .exited(code: 0), "the child's end")
    guard let (pid, status) = try waitAny(noHang: false) else { fail("nothing to wait for") }
    expect(pid != 0, "the orphan has no number")
    expectEqual(status, .exited(code: 9), "the orphan's end")
    expectFailure(.ECHILD, "waiting without children") { () throws(SyscallError) in _ = try waitAny(noHang: true) }
}

func aWaitingChildIsLeftWaiting() throws {
    expectEqual(try waitingChild(), nil, "the waiting child without children")
    switch try clone(CloneArguments(flags: [])) {
    case .child: exitNow(4)
    case .parent(let child):
        _ = try poll([PollRequest(number: child.pidfd.number, events: .readable)], timeoutMilliseconds: nil)
        expectEqual(try waitingChild(), child.pid, "the waiting child")
        expectEqual(try wait(child.pidfd), .exited(code: 4), "the child's end")
    }
}

func aDescriptorIsTakenFromAnotherProcess() throws {
    let ready = try socketPair()
    switch try clone(CloneArguments(flags: [])) {
    case .child:
        do {
            let file = try memoryFile(named: "taken", contents: Array("taken".utf8))
            try send(ready.second, [UInt8(file.number)])
            _ = try receive(ready.second, limit: 1)
            exitNow(0)
        } catch {
            fail("child: \(error)")
        }
    case .parent(let child):
        let number = try receive(ready.first, limit: 1)
        expectEqual(number.count, 1, "the length of the message")
        let taken = try takeDescriptor(Int32(number[0]), from: child.pidfd)
        expectEqual(try readAll(taken, limit: 100, subject: "taken"), Array("taken".utf8), "the contents")
        try send(ready.first, [1])
        expectEqual(try wait(child.pidfd), .exited(code: 0), "the child's end")
    }
}

func aChildDiesWithItsParent() throws {
    try setChildSubreaper()
    let ready = try socketPair()
    let first = try inChild {
        _ = try makeGrandchild {
            try setParentDeathSignal(.SIGKILL)
            try send(ready.second, [1])
            // Nobody ever sends: only the signal ends this.
            _ = try receive(ready.second, limit: 1)
            return 9
        }
        _ = try receive(ready.first, limit: 1)
        return 0
    }
    expectEqual(first, .exited(code: 0), "the child's end")
    guard let (_, status) = try waitAny(noHang: false) else { fail("nothing to wait for") }
    expectEqual(status, .signaled(signal: .SIGKILL), "the grandchild's end")
}

private func makeGrandchild(_ body: () throws -> Int32) throws -> Int32 {
    switch try clone(CloneArguments(flags: [])) {
    case .parent(let child): return child.pid
    case .child:
        do {
            exitNow(try body())
        } catch {
            fail("grandchild: \(error)")
        }
    }
}

func aProcessGroupIsEndedAsAWhole() throws {
    let ready = try socketPair()
    switch try clone(CloneArguments(flags: [])) {
    case .child:
        do {
            try setProcessGroup()
            _ = try makeGrandchild {
                try send(ready.second, [1])
                _ = try receive(ready.second, limit: 1)
                return 0
            }
            _ = try receive(ready.second, limit: 1)
            exitNow(0)
        } catch {
            fail("child: \(error)")
        }
    case .parent(let child):
        let mine = ready.keepFirst()
        _ = try receive(mine, limit: 1)
        try signal(group: child.pid, .SIGKILL)
        expectEqual(try wait(child.pidfd), .signaled(signal: .SIGKILL), "the leader's end")
        // The end of file shows that the grandchild is gone as well.
        expectEqual(try receive(mine, limit: 1), [], "what is left to read")
    }
}

func aFirstProcessEndsOnTermination() throws {
    for (number, expected) in [(Signal.SIGTERM, Int32(143)), (.SIGINT, 130), (.SIGHUP, 129)] {
        let ready = try socketPair()
        switch try clone(CloneArguments(flags: .newPID)) {
        case .child:
            do {
                try blockSignals()
                try exitOnTermination()
                try send(ready.second, [1])
                while true { _ = try receive(ready.second, limit: 1) }
            } catch {
                fail("child: \(error)")
            }
        case .parent(let child):
            _ = try receive(ready.first, limit: 1)
            try signal(child.pidfd, number)
            expectEqual(try wait(child.pidfd), .exited(code: expected), "the end after \(number)")
        }
    }
}

func nothingOfTheCallersSignalsStays() throws {
    _ = Glibc.signal(SIGUSR1, SIG_IGN)
    _ = Glibc.signal(SIGPIPE, SIG_IGN)
    _ = Glibc.signal(40, SIG_IGN)
    try exitOnTermination()
    try blockSignals()
    expect(try statusLine("SigIgn") != "0000000000000000", "nothing is ignored")
    expect(try statusLine("SigBlk") != "0000000000000000", "nothing is blocked")
    try resetSignals()
    expectEqual(try statusLine("SigIgn"), "0000000000000000", "what is ignored")
    expectEqual(try statusLine("SigBlk"), "0000000000000000", "what is blocked")
    expectEqual(try statusLine("SigCgt"), "0000000000000000", "what is caught")
}

func signalsAreRead() throws {
    let signals: SignalSet = [.SIGUSR1, .SIGCHLD]
    try blockSignals(signals)
    let descriptor = try signalDescriptor(signals)
    expectEqual(try readSignal(descriptor), nil, "the signal waiting at first")
    try signal(pid: ownPID(), .SIGUSR1)
    expectEqual(try readSignal(descriptor)?.signal, .SIGUSR1, "the signal sent")
    let pid: Int32
    switch try clone(CloneArguments(flags: [])) {
    case .child: exitNow(0)
    case .parent(let child):
        pid = child.pid
        _ = try poll([PollRequest(number: descriptor.number, events: .readable)], timeoutMilliseconds: nil)
        _ = try wait(child.pidfd)
    }
    guard let received = try readSignal(descriptor) else { fail("no signal of the child") }
    expectEqual(received.signal, .SIGCHLD, "the child's signal")
    expectEqual(received.pid, pid, "the sender")
    expectEqual(try readSignal(descriptor), nil, "the signal waiting at last")
}
