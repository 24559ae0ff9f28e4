import KernelABI
import OCISpec

/// What the filter does for the numbers of one architecture as the kernel reports it, and the search for a number in it.
struct CallSearch {
    /// What happens to a call: the same for all arguments, or what stands at a place of the program.
    private enum Outcome: Equatable {
        case give(SeccompReturn)
        case goOn(at: BPFProgram.Place)
    }

    /// Numbers with the same outcome, up to the next range's start.
    private struct Range {
        let start: UInt32
        let outcome: Outcome
    }

    private let byDefault: SeccompReturn
    private var ranges: [Range] = []

    init(byDefault: SeccompReturn) {
        self.byDefault = byDefault
    }

    /// Lays out the numbers of `architectures`, which the kernel reports as one: x86-64 and x32, or a single one.
    mutating func add(
        _ architectures: [SeccompArchitecture], _ profile: SeccompProfile, _ syscalls: SyscallTable, _ program: inout BPFProgram
    ) throws(SpecProblem) {
        if let architecture = architectures.first, architecture != .amd64, architecture != .x32 {
            try add(architecture, from: 0, through: UInt32.max, profile, syscalls, &program)
            return
        }
        let bit = SeccompArchitecture.x32Bit
        if architectures.contains(.amd64) {
            try add(.amd64, from: 0, through: bit - 1, profile, syscalls, &program)
        } else {
            append(0, .give(.killThread))
        }
        if architectures.contains(.x32) {
            try add(.x32, from: bit, through: UInt32.max, profile, syscalls, &program)
            return
        }
        append(bit, .give(.killThread))
        if profile.refusesByDefault, ranges.contains(where: { $0.outcome == .give(.notImplemented) }) {
            // No number of x32: its bit is not set.
            append(bit << 1, .give(.notImplemented))
            append(bit << 1 | bit, .give(.killThread))
        }
        // A tracer makes -1 of the number to skip the call; the filter sees it then. See seccomp(2).
        append(UInt32.max, .give(byDefault))
    }

    /// Lays out the numbers from `first` through `last`.
    private mutating func add(
        _ architecture: SeccompArchitecture, from first: UInt32, through last: UInt32, _ profile: SeccompProfile,
        _ syscalls: SyscallTable, _ program: inout BPFProgram
    ) throws(SpecProblem) {
        let named = try NamedCalls(profile, on: architecture, syscalls)
        var next = first
        var index = 0
        while index < named.uses.count {
            let number = named.uses[index].number
            var end = index
            while end < named.uses.count, named.uses[end].number == number { end += 1 }
            if number >= next, number <= last {
                if number > next { append(next, .give(byDefault)) }
                append(number, try outcome(named.uses[index..<end], profile, architecture, &program))
                next = number &+ 1
            }
            index = end
        }
        append(next, .give(byDefault))
        if profile.refusesByDefault, let highest = named.highest, highest < last { append(highest + 1, .give(.notImplemented)) }
        // A call that an s390 kernel does not know reaches the filter as number 0, once setup(2).
        if profile.refusesByDefault, named.highest != nil, architecture == .s390 || architecture == .s390x {
            replaceFirst(.give(.notImplemented))
        }
    }

    private mutating func append(_ start: UInt32, _ outcome: Outcome) {
        if let last = ranges.last, last.start == start { ranges.removeLast() }
        if ranges.last?.outcome != outcome { ranges.append(Range(start: start, outcome: outcome)) }
    }

    /// Takes number 0 out of the first range.
    private mutating func replaceFirst(_ outcome: Outcome) {
        guard let first = ranges.first else { return }
        if ranges.count < 2 || ranges[1].start > 1 { ranges.insert(Range(start: 1, outcome: first.outcome), at: 1) }
        ranges[0] = Range(start: 0, outcome: outcome)
    }

    /// What the rules of one system call come to.
    private func outcome(
        _ uses: ArraySlice<NamedCalls.Use>, _ profile: SeccompProfile, _ architecture: SeccompArchitecture, _ program: inout BPFProgram
    ) throws(SpecProblem) -> Outcome {
        var order = SeccompRuleOrder()
        for use in uses {
            let rule = profile.rules[use.rule]
            var conditions: [SeccompCondition] = []
            if use.selector != 0 {
                conditions.append(SeccompCondition(selector: use.selector, is64Bit: architecture.has64BitArguments))
            }
            // The selector takes the place of the first argument; conditions on the others stay, as libseccomp leaves them.
            for test in rule.tests where use.selector == 0 || test.index != 0 {
                if let condition = SeccompCondition(test, is64Bit: architecture.has64BitArguments) { conditions.append(condition) }
            }
            // The first rule without conditions decides, wherever it stands.
            if conditions.isEmpty { return .give(rule.result) }
            // Each takes an instruction at least.
            guard order.count < mostInstructions else { throw tooLong("more") }
            if let earlier = order.add(SeccompRule(conditions: conditions, result: rule.result, place: use.rule)) {
                throw SpecProblem(
                    profile.pointer(toRule: use.rule),
                    "must not contradict \(profile.pointer(toRule: earlier.place)): the same conditions on the same system call, another action"
                )
            }
        }
        return .goOn(at: program.emit(order.ordered, otherwise: byDefault))
    }

    /// The place where the search begins, with the number in the accumulator.
    func emit(_ program: inout BPFProgram) -> BPFProgram.Place {
        emit(ranges[...], &program)
    }

    private func emit(_ ranges: ArraySlice<Range>, _ program: inout BPFProgram) -> BPFProgram.Place {
        guard let first = ranges.first, let last = ranges.last, ranges.count > 1 else {
            return place(of: ranges.first?.outcome ?? .give(byDefault), &program)
        }
        let middle = ranges[ranges.startIndex + ranges.count / 2]
        if ranges.count == 3, first.outcome == last.outcome, last.start == middle.start &+ 1 {
            let others = place(of: first.outcome, &program)
            return program.branch(.equal, middle.start, ifTrue: place(of: middle.outcome, &program), ifFalse: others)
        }
        let half = ranges.startIndex + ranges.count / 2
        let upper = emit(ranges[half...], &program)
        let lower = emit(ranges[..<half], &program)
        return program.branch(.greaterOrEqual, middle.start, ifTrue: upper, ifFalse: lower)
    }

    private func place(of outcome: Outcome, _ program: inout BPFProgram) -> BPFProgram.Place {
        switch outcome {
        case .give(let result): program.give(result)
        case .goOn(let place): place
        }
    }
}

/// Many times what a profile has: names times repeated conditions would keep the runtime busy for hours.
private let mostRules = 16384

/// The numbers that a profile's names have on one architecture.
private struct NamedCalls {
    /// One rule's claim on one number.
    struct Use {
        let number: UInt32
        /// What the first argument must be where the number is that of a multiplexer, else 0.
        let selector: UInt32
        /// The rule's place among `SeccompProfile.rules`.
        let rule: Int
    }

    /// By number, then by rule.
    private(set) var uses: [Use] = []
    /// The highest number that the profile names, in left out rules as well.
    private(set) var highest: UInt32?

    init(_ profile: SeccompProfile, on architecture: SeccompArchitecture, _ syscalls: SyscallTable) throws(SpecProblem) {
        uses.reserveCapacity(512)
        for (entry, rules) in zip(profile.profile.syscalls ?? [], profile.places) {
            for name in entry.names {
                guard let number = syscalls.number(of: name, on: architecture) else { continue }
                guard uses.count + rules.count <= mostRules else {
                    throw SpecProblem("linux.seccomp.syscalls", "must come to at most \(mostRules) rules for one name each")
                }
                if let number = UInt32(exactly: number) {
                    note(number)
                    for rule in rules { uses.append(Use(number: number, selector: 0, rule: rule)) }
                } else if let call = MultiplexedCall(pseudoNumber: number) {
                    add(call, rules, on: architecture, syscalls)
                }
            }
        }
        uses.sort { $0.number != $1.number ? $0.number < $1.number : $0.rule < $1.rule }
    }

    private mutating func note(_ number: UInt32) {
        if number > highest ?? 0 { highest = number }
    }

    private mutating func add(_ call: MultiplexedCall, _ rules: Range<Int>, on architecture: SeccompArchitecture, _ syscalls: SyscallTable)
    {
        guard let number = syscalls.number(of: call.multiplexer, on: architecture), let multiplexer = UInt32(exactly: number) else {
            return
        }
        note(multiplexer)
        let direct = call.directNumber(on: architecture)
        if let direct { note(direct) }
        for rule in rules {
            uses.append(Use(number: multiplexer, selector: call.selector, rule: rule))
            if let direct { uses.append(Use(number: direct, selector: 0, rule: rule)) }
        }
    }
}
