import KernelABI
import OCISpec
import Testing

@testable import Planning

/// An error of a compiler, made by changing what it reads, what it asks, or what it wrote.
enum PlantedError: String, CaseIterable {
    case rangeEdgeOneTooHigh, rangeEdgeOneTooLow, highHalfNotCompared, lowHalfNotCompared, greaterForGreaterOrEqual, lessForLessOrEqual
    case precedenceReversed, laterUnconditionalRuleWins, x32BitIgnored, x32LetThrough, callTooMany, wrongErrno, wrongDefaultErrno,
        missingSubArchitecture
    case wrongSelector, multiplexerForgotten, directNumberForgotten, conditionsOred, maskIgnored, secondValueIgnored,
        repeatedConditionsAnded
    case killsThreadOnly, traceNumberLost, unknownArchitectureLetThrough, ruleLostOnOneArchitecture, pseudoNumberTaken, wrongArgument
    case notEqualForEqual, logForAllow, newerCallsGetDefault
}

@Suite struct PlantedErrorTests {
    @Test func theUnchangedCompilerPasses() throws {
        let verdict = try compare(compileSeccomp(sample, syscalls: .libseccomp), Reference(sample), of: sample)
        #expect(verdict.differences.count == 0, "\(verdict.differences.prefix(2))")
        #expect(verdict.oursErr.count == 0)
        #expect(verdict.libseccompErrs.count == 0, "\(verdict.libseccompErrs.prefix(2))")
    }

    @Test(arguments: PlantedError.allCases)
    func theGateFinds(_ error: PlantedError) throws {
        var asked = sample
        if error == .x32LetThrough { asked.architectures = [.amd64, .x86] }
        let verdict = try compare(compile(with: error), Reference(asked), of: asked)
        #expect(verdict.differences.count > 0)
    }
}

private func compile(with error: PlantedError) throws -> [BPFInstruction] {
    var profile = sample
    var table = SyscallTable.libseccomp
    func look(_ change: @escaping @Sendable (String, SeccompArchitecture, Int32) -> Int32?) {
        table = SyscallTable(native: .amd64) { name, architecture in
            SyscallTable.libseccomp.number(of: name, on: architecture).flatMap { change(name, architecture, $0) }
        }
    }
    func change(_ name: String, _ body: (inout LinuxSyscall) -> Void) {
        profile.syscalls = (profile.syscalls ?? []).map { rule in
            var rule = rule
            if rule.names == [name] { body(&rule) }
            return rule
        }
    }
    switch error {
    case .precedenceReversed: profile.syscalls?.reverse()
    case .laterUnconditionalRuleWins: profile.syscalls?.removeAll { $0.names == ["ptrace"] && $0.action == .allow }
    case .x32BitIgnored: look { $1 == .x32 ? $2 & 0x3fff_ffff : $2 }
    case .callTooMany: profile.syscalls?.append(LinuxSyscall(names: ["mount"], action: .allow))
    case .wrongErrno: change("socket") { $0.errnoRet = 23 }
    case .wrongDefaultErrno: profile.defaultErrnoRet = 2
    case .missingSubArchitecture: profile.architectures = [.amd64, .x32]
    case .wrongSelector: look { $2 == -102 ? -103 : $2 }
    case .multiplexerForgotten: look { $0 == "socketcall" ? -10060 : $2 }
    case .directNumberForgotten: look { $2 == -202 ? -201 : $2 }
    case .conditionsOred:
        change("kill") { rule in
            rule.args = rule.args.map { $0 + $0 }
        }
    case .maskIgnored: change("clone") { $0.args?[0].op = .equal }
    case .secondValueIgnored: change("unshare") { $0.args?[0].valueTwo = nil }
    case .repeatedConditionsAnded: change("mmap") { $0.args?.removeLast() }
    case .greaterForGreaterOrEqual: change("fcntl") { $0.args?[0].op = .greaterThan }
    case .lessForLessOrEqual: change("dup2") { $0.args?[0].op = .lessThan }
    case .killsThreadOnly: change("kill") { $0.action = .killThread }
    case .traceNumberLost: change("fcntl") { $0.errnoRet = nil }
    case .ruleLostOnOneArchitecture:
        look { name, architecture, number in name == "personality" && architecture == .x86 ? -10000 : number }
    case .pseudoNumberTaken: look { $2 < 0 ? 0 - $2 : $2 }
    case .wrongArgument: change("ioctl") { $0.args?[0].index = 2 }
    case .notEqualForEqual: change("personality") { $0.args?[0].op = .notEqual }
    case .logForAllow: change("_llseek") { $0.action = .log }
    case .x32LetThrough, .rangeEdgeOneTooHigh, .rangeEdgeOneTooLow, .highHalfNotCompared, .lowHalfNotCompared,
        .unknownArchitectureLetThrough,
        .newerCallsGetDefault:
        break
    }
    return changed(try compileSeccomp(profile, syscalls: table), with: error)
}

/// The errors that are planted in the program itself.
private func changed(_ program: [BPFInstruction], with error: PlantedError) -> [BPFInstruction] {
    var program = program
    /// The first branch after a load of `offset`.
    func branch(after offset: UInt32) -> Int {
        let load = program.firstIndex { $0.code == BPFCode.loadWord && $0.constant == offset } ?? 0
        return program[load...].firstIndex { $0.code & 7 == 5 && $0.code != BPFCode.jump } ?? 0
    }
    switch error {
    case .rangeEdgeOneTooHigh: program[branch(after: 0)].constant += 1
    case .rangeEdgeOneTooLow: program[branch(after: 0)].constant -= 1
    case .highHalfNotCompared: program[branch(after: 20)].jumpFalse = program[branch(after: 20)].jumpTrue
    case .lowHalfNotCompared: program[branch(after: 16)].jumpFalse = program[branch(after: 16)].jumpTrue
    case .unknownArchitectureLetThrough:
        for index in program.indices where program[index] == BPFInstruction(code: BPFCode.give, constant: 0) {
            program[index].constant = SeccompReturn.allow.rawValue
        }
    case .newerCallsGetDefault:
        for index in program.indices where program[index] == BPFInstruction(code: BPFCode.give, constant: 0x0005_0026) {
            program[index].constant = 0x0005_0001
        }
    default: break
    }
    return program
}

/// A profile in which each of the errors matters.
private let sample = LinuxSeccomp(
    defaultAction: .errno, architectures: [.amd64, .x86, .x32],
    syscalls: [
        LinuxSyscall(names: ["read", "write", "exit_group", "openat"], action: .allow),
        LinuxSyscall(names: ["_llseek"], action: .allow),
        LinuxSyscall(names: ["personality"], action: .allow, args: [LinuxSeccompArg(index: 0, value: 8, op: .equal)]),
        LinuxSyscall(
            names: ["clone"], action: .allow, args: [LinuxSeccompArg(index: 0, value: 0x7e02_0000, valueTwo: 0, op: .maskedEqual)]),
        LinuxSyscall(
            names: ["unshare"], action: .allow, args: [LinuxSeccompArg(index: 0, value: 0xff00, valueTwo: 0x1200, op: .maskedEqual)]),
        LinuxSyscall(
            names: ["ioctl"], action: .errno, errnoRet: 13, args: [LinuxSeccompArg(index: 1, value: 0x1_0000_0005, op: .greaterThan)]),
        LinuxSyscall(names: ["fcntl"], action: .trace, errnoRet: 7, args: [LinuxSeccompArg(index: 1, value: 5, op: .greaterOrEqual)]),
        LinuxSyscall(names: ["dup2"], action: .trap, args: [LinuxSeccompArg(index: 0, value: 0x2_0000_0000, op: .lessOrEqual)]),
        LinuxSyscall(
            names: ["kill"], action: .killProcess,
            args: [LinuxSeccompArg(index: 0, value: 1, op: .equal), LinuxSeccompArg(index: 1, value: 9, op: .equal)]),
        LinuxSyscall(names: ["socket"], action: .errno, errnoRet: 22, args: [LinuxSeccompArg(index: 2, value: 9, op: .notEqual)]),
        LinuxSyscall(names: ["bind", "semget"], action: .allow),
        LinuxSyscall(names: ["ptrace"], action: .allow),
        LinuxSyscall(names: ["ptrace"], action: .errno, errnoRet: 3),
        LinuxSyscall(
            names: ["mmap"], action: .log,
            args: [LinuxSeccompArg(index: 2, value: 7, op: .equal), LinuxSeccompArg(index: 2, value: 5, op: .equal)]),
        LinuxSyscall(names: ["futex_time64", "clone3"], action: .allow),
    ])
