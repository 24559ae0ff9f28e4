import KernelABI
import OCISpec
import Testing

@testable import Planning

/// What a process does to a device, as the kernel hands it to a program.
private struct Access: Hashable, CustomStringConvertible {
    var kind: UInt32
    var major: UInt32
    var minor: UInt32
    /// Bits: 1 make a node, 2 read, 4 write.
    var bits: UInt32

    var description: String { "\(kind == 2 ? "c" : "b") \(major):\(minor) \(bits)" }
}

private enum Fault: Error {
    case endOfProgram
    case unknown(EBPFInstruction)
}

/// Runs a program as the kernel would; `nil` would be a program that the kernel does not take.
private func run(_ program: [EBPFInstruction], _ access: Access) throws -> Bool {
    var registers = [UInt64](repeating: 0xdead_beef, count: 11)
    let context: [Int16: UInt32] = [0: access.bits << 16 | access.kind, 4: access.major, 8: access.minor]
    var counter = 0
    while program.indices.contains(counter) {
        let instruction = program[counter]
        counter += 1
        let target = Int(instruction.destination)
        let constant = UInt64(bitPattern: Int64(instruction.constant))
        func jump(if condition: Bool) { if condition { counter += Int(instruction.offset) } }
        switch instruction.code {
        case 0x61:
            guard instruction.source == 1, let word = context[instruction.offset] else { throw Fault.unknown(instruction) }
            registers[target] = UInt64(word)
        case 0xb7: registers[target] = constant
        case 0xbf: registers[target] = registers[Int(instruction.source)]
        case 0x57: registers[target] &= constant
        case 0x77: registers[target] >>= constant
        case 0x05: jump(if: true)
        case 0x15: jump(if: registers[target] == constant)
        case 0x55: jump(if: registers[target] != constant)
        case 0x45: jump(if: registers[target] & constant != 0)
        case 0x95: return registers[0] == 1
        default: throw Fault.unknown(instruction)
        }
    }
    throw Fault.endOfProgram
}

/// What the specification says: the rules apply in their order, so that the last one that names a device and an access decides. Denied is what no rule
/// names. Behind config.json's rules stand those for the devices that each container gets.
private func isAllowed(_ access: Access, by rules: [LinuxDeviceCgroup]) -> Bool {
    for (bit, letter) in [(1, "m"), (2, "r"), (4, "w")] as [(UInt32, Character)] where access.bits & bit != 0 {
        let last = (rules + alwaysAllowed).last { rule in
            let kind = rule.type ?? .all
            let isOfKind = kind == .all || (kind == .character) == (access.kind == 2)
            func matches(_ number: Int64?, _ other: UInt32) -> Bool { number == nil || number == -1 || number == Int64(other) }
            return isOfKind && matches(rule.major, access.major) && matches(rule.minor, access.minor)
                && rule.access?.contains(letter) == true
        }
        if last?.allow != true { return false }
    }
    return true
}

private func allow(_ type: LinuxDeviceCgroupType, _ major: Int64?, _ minor: Int64?, _ access: String) -> LinuxDeviceCgroup {
    LinuxDeviceCgroup(allow: true, type: type, major: major, minor: minor, access: access)
}

private func deny(_ type: LinuxDeviceCgroupType, _ major: Int64?, _ minor: Int64?, _ access: String) -> LinuxDeviceCgroup {
    LinuxDeviceCgroup(allow: false, type: type, major: major, minor: minor, access: access)
}

private let alwaysAllowed = [
    allow(.character, nil, nil, "m"), allow(.block, nil, nil, "m"), allow(.character, 1, 3, "rwm"), allow(.character, 1, 5, "rwm"),
    allow(.character, 1, 7, "rwm"), allow(.character, 1, 8, "rwm"), allow(.character, 1, 9, "rwm"), allow(.character, 5, 0, "rwm"),
    allow(.character, 5, 2, "rwm"), allow(.character, 136, nil, "rwm"), allow(.character, 10, 200, "rwm"),
]

/// Every kind, access, and number that is named, with its neighbours and the ends of what the kernel has.
private func edges(of rules: [LinuxDeviceCgroup]) -> [Access] {
    func around(_ numbers: [Int64?], most: Int64) -> [UInt32] {
        var found: Set<Int64> = [0, most]
        for case let number? in numbers where number >= 0 { found.formUnion([number - 1, number, number + 1]) }
        return found.filter { (0...most).contains($0) }.map { UInt32($0) }.sorted()
    }
    let all = rules + alwaysAllowed
    let majors = around(all.map(\.major), most: 4095)
    let minors = around(all.map(\.minor), most: 1_048_575)
    var edges: [Access] = []
    for kind in [1, 2] as [UInt32] {
        for major in majors {
            for minor in minors {
                for bits in 1...7 as ClosedRange<UInt32> { edges.append(Access(kind: kind, major: major, minor: minor, bits: bits)) }
            }
        }
    }
    return edges
}

private func program(_ rules: [LinuxDeviceCgroup]) throws -> [EBPFInstruction] {
    let program = try DeviceProgram(rules)
    return program.instructions
}

/// The first access that a program judges otherwise than the rules; no program at all allows everything.
private func difference(_ program: [EBPFInstruction], _ rules: [LinuxDeviceCgroup]) throws -> Access? {
    try edges(of: rules).first { try (program.isEmpty ? true : run(program, $0)) != isAllowed($0, by: rules) }
}

/// Numbers from few, so that rules overlap.
private func generatedRules(_ generator: inout SplitMix) -> [LinuxDeviceCgroup] {
    let kinds: [LinuxDeviceCgroupType?] = [nil, .all, .block, .character, .character]
    let accesses = ["rwm", "rwm", "rwm", "rw", "r", "w", "m", "rm"]
    return (0..<Int(generator.next() % 12)).map { _ in
        LinuxDeviceCgroup(
            allow: generator.next() % 3 != 0, type: generator.pick(kinds),
            major: generator.pick([nil, -1, 1, 1, 2, 5, 4095]), minor: generator.pick([nil, nil, -1, 0, 3, 5, 1_048_575]),
            access: generator.pick(accesses))
    }
}

private struct SplitMix {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var z = state
        z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
        z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
        return z ^ (z >> 31)
    }

    mutating func pick<Element>(_ choices: [Element]) -> Element {
        choices[Int(next() % UInt64(choices.count))]
    }
}

/// Wrong ones for a right one; of jumps one to the next instruction and one too far, as one of the two may mean the same.
private func changed(_ instruction: EBPFInstruction) -> [EBPFInstruction] {
    var wrong = instruction
    switch instruction.code {
    case EBPFCode.jumpIfEqual: wrong.code = EBPFCode.jumpUnlessEqual
    case EBPFCode.jumpUnlessEqual: wrong.code = EBPFCode.jumpIfEqual
    case EBPFCode.jump:
        wrong.offset = 0
        return [wrong, EBPFInstruction(code: EBPFCode.jump, offset: instruction.offset + 1)]
    case EBPFCode.loadWord: wrong.offset = (instruction.offset + 4) % 12
    case EBPFCode.moveRegister: return [EBPFInstruction(code: EBPFCode.moveRegister, destination: 5, source: 3)]
    // Bits of reading: making a node is always allowed.
    case EBPFCode.and, EBPFCode.jumpIfAnyBit: wrong.constant ^= 2
    default: wrong.constant ^= 1
    }
    return [wrong]
}

@Suite struct DeviceProgramTests {
    @Test(
        arguments: [
            [], [deny(.all, nil, nil, "rwm")], [allow(.all, nil, nil, "rwm"), deny(.block, 8, 0, "rw")],
            [deny(.all, nil, nil, "rwm"), allow(.character, 10, 229, "rwm"), allow(.block, 8, nil, "r"), allow(.block, nil, 3, "w")],
            [allow(.character, 10, nil, "rwm"), deny(.character, 10, 229, "w"), allow(.character, 10, 229, "m")],
            [allow(.all, nil, nil, "r"), allow(.all, nil, nil, "wm"), deny(.all, 1, 3, "w")],
            [allow(.all, nil, nil, "rwm"), deny(.character, 1, nil, "rwm"), deny(.character, nil, 5, "rwm")],
            [allow(.character, nil, nil, "rwm"), allow(.block, nil, nil, "rwm")],
        ])
    func programsJudgeAsTheRulesDo(_ rules: [LinuxDeviceCgroup]) throws {
        #expect(try difference(program(rules), rules) == nil)
    }

    @Test(arguments: 0..<8)
    func programsJudgeAsGeneratedRulesDo(_ seed: UInt64) throws {
        var generator = SplitMix(state: seed)
        for _ in 0..<12 {
            let rules = generatedRules(&generator)
            #expect(try difference(program(rules), rules) == nil, "\(rules)")
        }
    }

    @Test func aProgramWithAnyOneInstructionChangedIsTold() throws {
        let rules = [deny(.all, nil, nil, "rwm"), allow(.character, 10, 229, "rw"), allow(.block, 8, nil, "r"), deny(.block, 8, 2, "r")]
        let correct = try program(rules)
        for index in correct.indices where correct[index].code != EBPFCode.exit {
            let isTold = changed(correct[index]).contains { instruction in
                var wrong = correct
                wrong[index] = instruction
                // A fault of the program tells too.
                do { return try difference(wrong, rules) != nil } catch { return true }
            }
            #expect(isTold, "instruction \(index): \(correct[index])")
        }
    }

    @Test func aRuleLeftOutIsTold() throws {
        let rules = [
            deny(.all, nil, nil, "rwm"), allow(.character, 10, nil, "rwm"), deny(.character, 10, 229, "w"), allow(.block, 8, 0, "rw"),
            allow(.all, 7, 1, "r"), allow(.block, nil, 9, "w"),
        ]
        for index in rules.indices.dropFirst() {
            var others = rules
            others.remove(at: index)
            #expect(try difference(program(others), rules) != nil, "\(rules[index])")
        }
    }

    @Test func theDefaultProgramIsShort() throws {
        let count = try program([]).count
        #expect(count == 27)
        #expect(try program([deny(.all, nil, nil, "rwm")]) == program([]))
    }

    @Test func devicesThatEachContainerGetsCostNothingWhenTheyAreNamedAgain() throws {
        let engine = [deny(.all, nil, nil, "rwm")] + alwaysAllowed
        #expect(try program(engine) == program([]))
    }

    @Test func nullIsFoundAfterAFewInstructions() throws {
        let program = try program([])
        let first = program.firstIndex { $0.code == EBPFCode.jumpIfEqual && $0.destination == EBPFProgram.Subject.minor.rawValue }
        #expect(first == 8)
        #expect(first.map { program[$0].constant } == 3)
    }

    @Test func rulesThatAllowEverythingNeedNoProgram() throws {
        #expect(try program([allow(.all, nil, nil, "rwm")]).isEmpty)
        #expect(try program([allow(.block, nil, nil, "rwm"), deny(.block, 8, 0, "r"), allow(.all, nil, nil, "rwm")]).isEmpty)
    }

    @Test func theLongestListFitsTheJumps() throws {
        let rules = (0..<4096).map { $0 % 2 == 0 ? allow(.block, $0 % 4096, 1, "r") : deny(.block, $0 - 1, 2, "w") }
        let program = try program([allow(.all, nil, nil, "rwm")] + rules.dropLast())
        #expect(program.count < 32768)
        for (index, instruction) in program.enumerated() {
            #expect(instruction.offset >= 0 && index + Int(instruction.offset) < program.count)
        }
    }

    @Test func rulesThatAreOverriddenAreStillChecked() {
        let rules = [LinuxDeviceCgroup(allow: true, type: .block, major: -2, access: "r"), allow(.all, nil, nil, "rwm")]
        #expect(throws: SpecProblem.self) { try DeviceProgram(rules) }
    }

    @Test func programsAreLeftOutWhereTheRuntimeMayNotAttachThem() throws {
        var nested = HostFacts.v2
        nested.isInitialUserNamespace = false
        var rootless = HostFacts.v2
        rootless.effectiveUserID = 1000
        rootless.capabilities = []
        #expect(try planCgroup(.smallest, id: "web1", on: .v2).devices != nil)
        #expect(try planCgroup(.smallest, id: "web1", on: nested).devices == nil)
        #expect(try planCgroup(.smallest, id: "web1", on: rootless).devices == nil)
        #expect(try planCgroup(.smallest, id: "web1", on: .v1).devices == nil)
    }

    @Test func resourcesWithoutDevicesLeaveTheRulesAsTheyAre() throws {
        #expect(try planResources(LinuxResources(), on: .v2).devices == nil)
        #expect(try planResources(LinuxResources(), on: .v1).writes.isEmpty)
    }

    @Test func kernelsWithoutProgramsMatterOnlyToRulesThatAreAskedFor() throws {
        #expect(try DeviceProgram([]).ifMissing == .ignore)
        #expect(try DeviceProgram([deny(.all, nil, nil, "rwm")]).ifMissing == .fail)
    }
}
