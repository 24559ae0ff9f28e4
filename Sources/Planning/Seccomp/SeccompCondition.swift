import OCISpec

/// A condition on one argument, as an architecture with 64 or 32 bits can keep it.
struct SeccompCondition: Hashable {
    let argument: UInt8
    let comparison: LinuxSeccompOperator
    /// The bits that are compared; all that there are, but for a masked comparison.
    let mask: UInt64
    /// What they are compared with.
    let value: UInt64
    let is64Bit: Bool

    /// - Returns: `nil` for a condition that always holds: a masked comparison of no bit.
    init?(_ test: LinuxSeccompArg, is64Bit: Bool) {
        let width = is64Bit ? UInt64.max : UInt64(UInt32.max)
        let isMasked = test.op == .maskedEqual
        mask = isMasked ? test.value & width : width
        if mask == 0 { return nil }
        argument = UInt8(truncatingIfNeeded: test.index)
        comparison = test.op
        value = (isMasked ? test.valueTwo ?? 0 : test.value) & mask
        self.is64Bit = is64Bit
    }

    /// The condition that a multiplexer's first argument is `selector`.
    init(selector: UInt32, is64Bit: Bool) {
        argument = 0
        comparison = .equal
        mask = is64Bit ? UInt64.max : UInt64(UInt32.max)
        value = UInt64(selector)
        self.is64Bit = is64Bit
    }

    /// The comparisons of 32 bits that it consists of, in the order in which libseccomp makes them.
    var words: (high: SeccompWord?, low: SeccompWord) {
        let low = SeccompWord(
            argument: argument, isHigh: false, comparison: comparison, value: UInt32(truncatingIfNeeded: value),
            mask: UInt32(truncatingIfNeeded: mask))
        guard is64Bit else { return (nil, low) }
        let high = SeccompWord(
            argument: argument, isHigh: true, comparison: comparison, value: UInt32(truncatingIfNeeded: value >> 32),
            mask: UInt32(truncatingIfNeeded: mask >> 32))
        return (high, low)
    }
}

/// One half of a condition, for the order of rules.
struct SeccompWord {
    let argument: UInt8
    let isHigh: Bool
    let comparison: LinuxSeccompOperator
    let value: UInt32
    let mask: UInt32

    /// Which of the conditions on different values the machine is asked about; "not" is the same question with the other answer.
    private var question: Question {
        switch comparison {
        case .maskedEqual: .masked
        case .equal, .notEqual: .equal
        case .greaterThan, .lessOrEqual: .greater
        case .greaterOrEqual, .lessThan: isHigh ? .greater : .greaterOrEqual
        }
    }

    /// Whether the rule goes on where the question is answered with yes. The upper half of a condition leads to its lower half, whatever it asks.
    var goesOnIfTrue: Bool {
        isHigh || comparison == .equal || comparison == .maskedEqual || comparison == .greaterThan || comparison == .greaterOrEqual
    }

    func asksTheSame(as other: SeccompWord) -> Bool {
        argument == other.argument && isHigh == other.isHigh && question == other.question && value == other.value && mask == other.mask
    }

    /// Whether this one is asked before `other`: the later argument, then equality before "less" before "greater", then the narrower value.
    func comesBefore(_ other: SeccompWord) -> Bool {
        if argument != other.argument { return argument > other.argument }
        if isHigh != other.isHigh { return isHigh }
        if rank != other.rank { return rank < other.rank }
        return rank == 1 ? value < other.value : value > other.value
    }

    private var rank: Int {
        switch comparison {
        case .equal, .notEqual, .maskedEqual: 0
        case .lessThan, .lessOrEqual: 1
        case .greaterThan, .greaterOrEqual: 2
        }
    }
}

private enum Question {
    case equal, masked, greater, greaterOrEqual
}
