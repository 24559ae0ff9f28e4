import KernelABI
import OCISpec

extension BPFProgram {
    /// Adds the rules of one system call: the first whose conditions all hold decides, else `otherwise` does.
    mutating func emit(_ rules: [SeccompRule], otherwise: SeccompReturn) -> Place {
        let paths = rules.map { Path(steps: $0.conditions.flatMap { Step.steps(of: $0) }, result: $0.result) }
        var entry = emit(paths[...], after: 0, otherwise: Entry(at: give(otherwise)))
        return enter(&entry)
    }

    /// Adds rules that agree in their first `depth` steps; those that agree in the next one share it.
    private mutating func emit(_ rules: ArraySlice<Path>, after depth: Int, otherwise: Entry) -> Entry {
        var rules = rules
        var entry = otherwise
        // A rule that ends here always holds: what follows it is never reached.
        if let end = rules.firstIndex(where: { $0.steps.count == depth }) {
            entry = Entry(at: give(rules[end].result))
            rules = rules[..<end]
        }
        while let last = rules.last {
            let step = last.steps[depth]
            var start = rules.endIndex - 1
            while start > rules.startIndex, rules[start - 1].steps[depth] == step { start -= 1 }
            let group = rules[start...]
            rules = rules[..<start]
            // Whoever fails in a longer group has another word loaded: the load that it then needs stands best right here.
            let endsHere = group.count == 1 && last.steps.count == depth + 1
            if !endsHere || entry.word == nil || step.wordLeft != entry.word { _ = enter(&entry) }
            let fulfilled = emit(group, after: depth + 1, otherwise: entry)
            entry = emit(step, ifTrue: fulfilled, ifFalse: entry)
        }
        return entry
    }

    private mutating func emit(_ step: Step, ifTrue: Entry, ifFalse: Entry) -> Entry {
        var ifTrue = ifTrue
        var ifFalse = ifFalse
        // The entry added last is the nearest: it is the first to get its load.
        let yes = enter(&ifTrue, having: step.wordLeft)
        let no = enter(&ifFalse, having: step.wordLeft)
        switch step {
        case .half(let word, let comparison, let mask, let value, let wanted):
            let place = branch(comparison, value, ifTrue: wanted ? yes : no, ifFalse: wanted ? no : yes)
            return Entry(loading: word, then: mask == UInt32.max ? place : self.mask(mask, then: place))
        case .both(let condition): return emit(condition, ifTrue: yes, ifFalse: no)
        }
    }

    /// Adds a comparison of 64 bits: the upper half decides unless it is equal.
    private mutating func emit(_ condition: SeccompCondition, ifTrue: Place, ifFalse: Place) -> Entry {
        let argument = UInt32(condition.argument)
        let high = UInt32(truncatingIfNeeded: condition.value >> 32)
        let low = UInt32(truncatingIfNeeded: condition.value)
        let (comparison, wanted) = condition.comparison.question
        let yes = wanted ? ifTrue : ifFalse
        let no = wanted ? ifFalse : ifTrue
        let lower = load(SeccompData.lowHalf(of: argument), then: branch(comparison, low, ifTrue: yes, ifFalse: no))
        let equal = branch(.equal, high, ifTrue: lower, ifFalse: no)
        let upper = comparison == .equal ? equal : branch(.greater, high, ifTrue: yes, ifFalse: equal)
        return Entry(loading: SeccompData.highHalf(of: argument), then: upper)
    }

    private mutating func enter(_ entry: inout Entry) -> Place {
        if let place = entry.place { return place }
        let place = load(entry.word ?? 0, then: entry.afterLoad)
        entry.place = place
        return place
    }

    /// Enters with `word` in the accumulator.
    private mutating func enter(_ entry: inout Entry, having word: UInt32?) -> Place {
        if let word, entry.word == word { return entry.afterLoad }
        return enter(&entry)
    }
}

/// Where a group of rules begins.
private struct Entry {
    /// For those who have anything in the accumulator; `nil` until the first of them comes, because there may be none.
    var place: BPFProgram.Place?
    /// What is loaded there.
    let word: UInt32?
    /// For those who have it already.
    let afterLoad: BPFProgram.Place

    init(at place: BPFProgram.Place) {
        self.place = place
        word = nil
        afterLoad = place
    }

    init(loading word: UInt32, then place: BPFProgram.Place) {
        self.word = word
        afterLoad = place
    }
}

/// A rule as the machine asks for it.
private struct Path {
    let steps: [Step]
    let result: SeccompReturn
}

private enum Step: Equatable {
    /// 32 bits under a mask, and which answer goes on.
    case half(word: UInt32, BPFComparison, mask: UInt32, value: UInt32, wanted: Bool)
    /// 64 bits, where either half may decide.
    case both(SeccompCondition)

    /// What the accumulator holds for sure after the step; `nil` where that depends or a mask has changed it.
    var wordLeft: UInt32? {
        guard case .half(let word, _, UInt32.max, _, _) = self else { return nil }
        return word
    }

    static func steps(of condition: SeccompCondition) -> [Step] {
        let (comparison, wanted) = condition.comparison.question
        let argument = UInt32(condition.argument)
        let low = Step.half(
            word: SeccompData.lowHalf(of: argument), comparison, mask: UInt32(truncatingIfNeeded: condition.mask),
            value: UInt32(truncatingIfNeeded: condition.value), wanted: wanted)
        if !condition.is64Bit { return [low] }
        guard comparison == .equal, wanted else { return [.both(condition)] }
        let highMask = UInt32(truncatingIfNeeded: condition.mask >> 32)
        if highMask == 0 { return [low] }
        let high = Step.half(
            word: SeccompData.highHalf(of: argument), comparison, mask: highMask, value: UInt32(truncatingIfNeeded: condition.value >> 32),
            wanted: wanted)
        return UInt32(truncatingIfNeeded: condition.mask) == 0 ? [high] : [high, low]
    }
}

extension LinuxSeccompOperator {
    /// What the machine compares for it, and which answer is meant.
    fileprivate var question: (BPFComparison, wanted: Bool) {
        switch self {
        case .equal, .maskedEqual: (.equal, true)
        case .notEqual: (.equal, false)
        case .greaterThan: (.greater, true)
        case .lessOrEqual: (.greater, false)
        case .greaterOrEqual: (.greaterOrEqual, true)
        case .lessThan: (.greaterOrEqual, false)
        }
    }
}
