public import KernelABI
public import OCISpec

/// Compiles a profile to a program for seccomp(2).
///
/// Names that `syscalls` does not know are skipped. Flags and listener are not looked at.
///
/// - Throws: `SpecProblem` where the profile cannot be compiled: an architecture that `syscalls` does not know, more than 4,096 instructions.
public func compileSeccomp(_ profile: LinuxSeccomp, syscalls: SyscallTable) throws(SpecProblem) -> [BPFInstruction] {
    let native = syscalls.native
    let byDefault = result(profile.defaultAction, profile.defaultErrnoRet)
    var program = [
        load(offsetOfArchitecture),
        BPFInstruction(code: jumpIfEqual, jumpTrue: 1, jumpFalse: 0, constant: native.rawValue),
        give(.killThread),
    ]
    // A rule without conditions wins over those with some, wherever it stands.
    for isConditional in [false, true] {
        for rule in profile.syscalls ?? [] where (rule.args ?? []).isEmpty != isConditional {
            var tests: [BPFInstruction] = []
            for argument in rule.args ?? [] { tests = test(argument) + tests.map { $0 } }
            guard tests.count < 200 else { throw SpecProblem("linux.seccomp.syscalls", "must not have so many conditions") }
            for name in rule.names {
                guard let number = syscalls.number(of: name, on: native), number >= 0 else { continue }
                var block = [load(offsetOfNumber), BPFInstruction(code: jumpIfEqual, constant: UInt32(bitPattern: number))]
                block += tests
                block.append(give(result(rule.action, rule.errnoRet)))
                for index in block.indices where block[index].code & 7 == 5 {
                    let toNext = UInt8(block.count - 1 - index)
                    if index == 1 { block[index].jumpFalse = toNext }
                    if block[index].jumpTrue == unset { block[index].jumpTrue = toNext }
                    if block[index].jumpFalse == unset { block[index].jumpFalse = toNext }
                }
                program += block
            }
        }
    }
    program.append(give(byDefault))
    guard program.count <= 4096 else {
        throw SpecProblem("linux.seccomp.syscalls", "must compile to at most 4096 instructions, is \(program.count)")
    }
    return program
}

/// Stands for "to the end of the rule" until the rule's length is known.
private let unset = UInt8.max
private let offsetOfNumber: UInt32 = 0
private let offsetOfArchitecture: UInt32 = 4
private let jumpIfEqual: UInt16 = 0x15

private func load(_ offset: UInt32) -> BPFInstruction { BPFInstruction(code: 0x20, constant: offset) }
private func give(_ result: SeccompReturn) -> BPFInstruction { BPFInstruction(code: 0x06, constant: result.rawValue) }

private func result(_ action: LinuxSeccompAction, _ number: UInt32?) -> SeccompReturn {
    let data = UInt16(truncatingIfNeeded: number ?? 1)
    return switch action {
    case .kill, .killThread: .killThread
    case .killProcess: .killProcess
    case .trap: .trap
    case .errno: .errno.with(data)
    case .trace: .trace.with(data)
    case .allow: .allow
    case .log: .log
    case .notify: .notify
    }
}

/// Falls through where the condition holds, else jumps to the end of the rule.
private func test(_ argument: LinuxSeccompArg) -> [BPFInstruction] {
    let low = 16 + 8 * argument.index
    let high = low + 4
    let mask = argument.op == .maskedEqual ? argument.value : UInt64.max
    let value = argument.op == .maskedEqual ? argument.valueTwo ?? 0 : argument.value
    func half(_ offset: UInt32, _ mask: UInt32) -> [BPFInstruction] {
        [load(offset), BPFInstruction(code: 0x54, constant: mask)]
    }
    let highWord = UInt32(value >> 32)
    let lowWord = UInt32(truncatingIfNeeded: value)
    let loadHigh = half(high, UInt32(mask >> 32))
    let loadLow = half(low, UInt32(truncatingIfNeeded: mask))
    func jump(_ code: UInt16, _ constant: UInt32, _ isTrue: UInt8, _ isFalse: UInt8) -> BPFInstruction {
        BPFInstruction(code: code, jumpTrue: isTrue, jumpFalse: isFalse, constant: constant)
    }
    let greater: UInt16 = 0x25
    let greaterOrEqual: UInt16 = 0x35
    return switch argument.op {
    case .equal, .maskedEqual: loadHigh + [jump(jumpIfEqual, highWord, 0, unset)] + loadLow + [jump(jumpIfEqual, lowWord, 0, unset)]
    case .notEqual: loadHigh + [jump(jumpIfEqual, highWord, 0, 3)] + loadLow + [jump(jumpIfEqual, lowWord, unset, 0)]
    case .greaterThan, .greaterOrEqual:
        loadHigh + [jump(greater, highWord, 4, 0), jump(jumpIfEqual, highWord, 0, unset)] + loadLow
            + [jump(argument.op == .greaterThan ? greater : greaterOrEqual, lowWord, 0, unset)]
    case .lessThan, .lessOrEqual:
        loadHigh + [jump(greater, highWord, unset, 0), jump(jumpIfEqual, highWord, 0, 3)] + loadLow
            + [jump(argument.op == .lessThan ? greaterOrEqual : greater, lowWord, unset, 0)]
    }
}
