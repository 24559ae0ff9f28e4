import KernelABI
import OCISpec

@testable import Planning

/// A profile read word by word, without a program: which rules hold for a call, and whether it is newer than all that the profile names.
///
/// It knows no order among rules with conditions, so that it can say what happens only where those that hold agree.
struct Reading {
    let profile: LinuxSeccomp
    let architecture: SeccompArchitecture
    private var rulesByNumber: [UInt32: [Rule]] = [:]
    private var highest: UInt32?

    private struct Rule {
        let result: UInt32
        let selector: UInt32?
        let tests: [LinuxSeccompArg]
    }

    init(_ profile: LinuxSeccomp, on architecture: SeccompArchitecture) {
        self.profile = profile
        self.architecture = architecture
        let table = SyscallTable.libseccomp
        for rule in profile.syscalls ?? [] {
            let result = SeccompReturn(rule.action, number: rule.errnoRet).rawValue
            let isLeftOut = result == byDefault
            let tests = rule.args ?? []
            let isSplit = Set(tests.map { $0.index }).count < tests.count
            for name in rule.names {
                guard let number = table.number(of: name, on: architecture) else { continue }
                if number >= 0 { highest = max(highest ?? 0, UInt32(number)) }
                if let call = MultiplexedCall(pseudoNumber: number), let multiplexer = table.number(of: call.multiplexer, on: architecture),
                    multiplexer >= 0
                {
                    highest = max(highest ?? 0, UInt32(multiplexer), call.directNumber(on: architecture) ?? 0)
                }
                if isLeftOut { continue }
                for tests in isSplit ? tests.map({ [$0] }) : [tests] { add(number, result, tests) }
            }
        }
        if highest == 0 { highest = nil }
    }

    private mutating func add(_ number: Int32, _ result: UInt32, _ tests: [LinuxSeccompArg]) {
        if number >= 0 { rulesByNumber[UInt32(number), default: []].append(Rule(result: result, selector: nil, tests: tests)) }
        guard let call = MultiplexedCall(pseudoNumber: number),
            let multiplexer = SyscallTable.libseccomp.number(of: call.multiplexer, on: architecture), multiplexer >= 0
        else { return }
        rulesByNumber[UInt32(multiplexer), default: []].append(
            Rule(result: result, selector: call.selector, tests: tests.filter { $0.index != 0 }))
        if let direct = call.directNumber(on: architecture) {
            rulesByNumber[direct, default: []].append(Rule(result: result, selector: nil, tests: tests))
        }
    }

    var byDefault: UInt32 { SeccompReturn(profile.defaultAction, number: profile.defaultErrnoRet).rawValue }

    /// The numbers that rules are about.
    var numbers: [UInt32] { rulesByNumber.keys.sorted() }

    /// The values that the conditions on `number` compare with, and their neighbours.
    func edges(of number: UInt32) -> [UInt64] {
        var found: Set<UInt64> = []
        for rule in rulesByNumber[number] ?? [] {
            if let selector = rule.selector { found.formUnion(around(UInt64(selector))) }
            for test in rule.tests {
                found.formUnion(around(test.value))
                if test.op == .maskedEqual {
                    let two = test.valueTwo ?? 0
                    found.formUnion([two, two & test.value, two & test.value | ~test.value, two ^ (test.value & (~test.value &+ 1))])
                }
            }
        }
        return found.sorted()
    }

    private func around(_ value: UInt64) -> [UInt64] {
        [value, value &- 1, value &+ 1, value ^ 1 << 32, value ^ 1 << 63, value & 0xffff_ffff, value << 32, value | 0xffff_ffff]
    }

    /// Whether any rule on `number` has a condition.
    func hasConditions(_ number: UInt32) -> Bool {
        (rulesByNumber[number] ?? []).contains { $0.selector != nil || !$0.tests.isEmpty }
    }

    /// The results of the rules that hold: one is the decision, none the default, more leave it to the order.
    func results(_ number: UInt32, _ arguments: [UInt64]) -> Set<UInt32> {
        let rules = rulesByNumber[number] ?? []
        if let first = rules.first(where: { $0.selector == nil && $0.tests.allSatisfy { isAlwaysTrue($0) } }) { return [first.result] }
        return Set(
            rules.filter { rule in
                if let selector = rule.selector, width(arguments[0]) != UInt64(selector) { return false }
                return rule.tests.allSatisfy { holds($0, arguments) }
            }.map { $0.result })
    }

    private func isAlwaysTrue(_ test: LinuxSeccompArg) -> Bool { test.op == .maskedEqual && width(test.value) == 0 }

    private func width(_ value: UInt64) -> UInt64 { architecture.has64BitArguments ? value : value & 0xffff_ffff }

    private func holds(_ test: LinuxSeccompArg, _ arguments: [UInt64]) -> Bool {
        let argument = width(arguments[Int(test.index)])
        let value = width(test.value)
        return switch test.op {
        case .notEqual: argument != value
        case .lessThan: argument < value
        case .lessOrEqual: argument <= value
        case .equal: argument == value
        case .greaterOrEqual: argument >= value
        case .greaterThan: argument > value
        case .maskedEqual: argument & value == width(test.valueTwo ?? 0) & value
        }
    }

    /// Whether runc answers ENOSYS for `number` before it asks the filter.
    func isNewerThanProfile(_ number: UInt32) -> Bool {
        switch profile.defaultAction {
        case .allow, .log, .trace, .notify: return false
        case .kill, .killProcess, .killThread, .trap, .errno: break
        }
        guard let highest else { return false }
        if architecture == .amd64, number & 1 << 30 != 0 { return false }
        if architecture == .x32, number & 1 << 30 == 0 { return false }
        if architecture == .s390 || architecture == .s390x, number == 0 { return true }
        return number > highest
    }
}
