import Kernel
import KernelABI

/// A filter that answers pidfd_open, which has the same number everywhere, with `answer`, and allows all else.
private func filter(answering answer: SeccompReturn) -> [BPFInstruction] {
    let load: UInt16 = 0x20
    let jumpIfEqual: UInt16 = 0x15
    let give: UInt16 = 0x06
    return [
        BPFInstruction(code: load, constant: 0), BPFInstruction(code: jumpIfEqual, jumpTrue: 0, jumpFalse: 1, constant: 434),
        BPFInstruction(code: give, constant: answer.rawValue), BPFInstruction(code: give, constant: SeccompReturn.allow.rawValue),
    ]
}

func aFilterJudgesSystemCalls() throws {
    try setNoNewPrivileges()
    try installFilter(filter(answering: .errno.with(33)), flags: .log)
    expectEqual(try statusLine("Seccomp"), "2", "the mode")
    expectFailure(.EDOM, "a call that the filter answers") { () throws(SyscallError) in _ = try openProcess(ownPID()) }
    expect(parentPID() > 0, "a call that it allows")
}

func aFilterWantsPrivilegeOrNone() throws {
    try setCapabilities(effective: [], permitted: [], inheritable: [])
    expectFailure(.EACCES, "a filter without privilege") { () throws(SyscallError) in
        try installFilter(filter(answering: .allow), flags: [])
    }
}

func whatTheKernelKnowsOfFiltersIsAsked() throws {
    expect(try knowsSeccompFlags([]), "no flags")
    expect(try knowsSeccompFlags([.synchronizeThreads, .log, .allowSpeculation]), "flags of Linux 4.17")
    expect(try !knowsSeccompFlags(SeccompFlags(rawValue: 1 << 31)), "a flag that does not exist")
    expect(try !knowsSeccompFlags(.waitKillable), "a flag that needs a listener")
    for action: SeccompReturn in [.killProcess, .killThread, .trap, .errno, .notify, .trace, .log, .allow] {
        expect(knowsSeccompAction(action), "action \(action)")
    }
    expect(!knowsSeccompAction(SeccompReturn(rawValue: 0x7000_0000)), "an action that does not exist")
}

func aListenerIsAnnounced() throws {
    let link = try socketPair()
    switch try clone(CloneArguments(flags: [])) {
    case .child:
        do {
            try setNoNewPrivileges()
            let listener = try installFilter(filter(answering: .notify), flags: [], announcing: 9, on: link.second)
            _ = try receive(link.second, limit: 1)
            _ = consume listener
            // Nobody can answer any more.
            expectFailure(.ENOSYS, "a call that is notified") { () throws(SyscallError) in _ = try openProcess(ownPID()) }
            exitNow(0)
        } catch {
            fail("child: \(error)")
        }
    case .parent(let child):
        let message = try receive(link.first, limit: 8)
        expectEqual(message.count, 5, "the length of the message")
        expectEqual(message[0], 9, "the word")
        let number = Int32(message[1]) | Int32(message[2]) << 8 | Int32(message[3]) << 16 | Int32(message[4]) << 24
        let listener = try takeDescriptor(number, from: child.pidfd)
        expectEqual(try readLink("/proc/self/fd/\(listener.number)"), "anon_inode:seccomp notify", "the descriptor")
        _ = consume listener
        try send(link.first, [1])
        expectEqual(try wait(child.pidfd), .exited(code: 0), "the child's end")
    }
}
