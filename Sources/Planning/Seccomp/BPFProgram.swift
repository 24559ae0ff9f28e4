import KernelABI

/// A program of classic BPF while it is put together, from its last instruction to its first.
///
/// All jumps go forward, so that whatever an instruction may jump to is there when the instruction is added, and every distance is known.
/// A place that is too far for the 8 bits of a conditional jump gets a stepping stone on the way.
struct BPFProgram {
    /// A place in the program: how many instructions there are from it to the end.
    typealias Place = Int

    private var reversed: [BPFInstruction] = []
    /// Where each result is given, the nearest place of each.
    private var results: [(result: SeccompReturn, place: Place)] = []

    init(capacity: Int) {
        reversed.reserveCapacity(capacity)
    }

    /// How many instructions there are so far.
    var count: Int { reversed.count }

    /// The program in the order in which it runs.
    var instructions: [BPFInstruction] { reversed.reversed() }

    /// The place that gives `result`.
    mutating func give(_ result: SeccompReturn) -> Place {
        for known in results where known.result == result { return known.place }
        return giveAnew(result)
    }

    /// Goes to one of two places by comparing the accumulator with `value`.
    mutating func branch(_ comparison: BPFComparison, _ value: UInt32, ifTrue: Place, ifFalse: Place) -> Place {
        if ifTrue == ifFalse { return ifTrue }
        var ifTrue = ifTrue
        var ifFalse = ifFalse
        // A stepping stone for one moves the other further away; both near ends it, at the second round at the latest.
        while reversed.count - ifTrue > longestBranch || reversed.count - ifFalse > longestBranch {
            if reversed.count - ifTrue > longestBranch { ifTrue = bringNearer(ifTrue) }
            if reversed.count - ifFalse > longestBranch { ifFalse = bringNearer(ifFalse) }
        }
        return add(
            BPFInstruction(
                code: comparison.rawValue, jumpTrue: UInt8(truncatingIfNeeded: reversed.count - ifTrue),
                jumpFalse: UInt8(truncatingIfNeeded: reversed.count - ifFalse), constant: value))
    }

    /// Loads 32 bits of `struct seccomp_data` and goes on at `next`.
    mutating func load(_ offset: UInt32, then next: Place) -> Place {
        goOn(at: next)
        return add(BPFInstruction(code: BPFCode.loadWord, constant: offset))
    }

    /// Clears the bits of the accumulator that `mask` lacks and goes on at `next`.
    mutating func mask(_ mask: UInt32, then next: Place) -> Place {
        goOn(at: next)
        return add(BPFInstruction(code: BPFCode.and, constant: mask))
    }

    private mutating func goOn(at next: Place) {
        if next != reversed.count { _ = jump(to: next) }
    }

    private mutating func bringNearer(_ place: Place) -> Place {
        guard reversed.indices.contains(place - 1) else { return place }
        let target = reversed[place - 1]
        guard target.code == BPFCode.give else { return jump(to: place) }
        return giveAnew(SeccompReturn(rawValue: target.constant))
    }

    private mutating func jump(to place: Place) -> Place {
        add(BPFInstruction(code: BPFCode.jump, constant: UInt32(truncatingIfNeeded: reversed.count - place)))
    }

    private mutating func giveAnew(_ result: SeccompReturn) -> Place {
        let place = add(BPFInstruction(code: BPFCode.give, constant: result.rawValue))
        for index in results.indices where results[index].result == result {
            results[index].place = place
            return place
        }
        results.append((result, place))
        return place
    }

    private mutating func add(_ instruction: BPFInstruction) -> Place {
        reversed.append(instruction)
        return reversed.count
    }
}

/// The longest conditional jump.
private let longestBranch = 255

/// What a branch asks about the accumulator, as the instruction's code. See kernel, networking/filter; include/uapi/linux/bpf_common.h.
enum BPFComparison: UInt16 {
    /// `BPF_JMP|BPF_JEQ|BPF_K`
    case equal = 0x15
    /// `BPF_JMP|BPF_JGT|BPF_K`
    case greater = 0x25
    /// `BPF_JMP|BPF_JGE|BPF_K`
    case greaterOrEqual = 0x35
    /// `BPF_JMP|BPF_JSET|BPF_K`
    case anyBit = 0x45
}

/// The other instructions that a filter needs.
enum BPFCode {
    /// `BPF_LD|BPF_W|BPF_ABS`
    static var loadWord: UInt16 { 0x20 }
    /// `BPF_ALU|BPF_AND|BPF_K`
    static var and: UInt16 { 0x54 }
    /// `BPF_JMP|BPF_JA`
    static var jump: UInt16 { 0x05 }
    /// `BPF_RET|BPF_K`
    static var give: UInt16 { 0x06 }
}

/// Where `struct seccomp_data` keeps what. See seccomp(2).
enum SeccompData {
    static var number: UInt32 { 0 }
    static var architecture: UInt32 { 4 }
    /// The lower 32 bits of an argument; it lies as this machine keeps numbers.
    static func lowHalf(of argument: UInt32) -> UInt32 { 16 + 8 * argument + (lowHalfIsFirst ? 0 : 4) }
    /// The upper 32 bits of an argument.
    static func highHalf(of argument: UInt32) -> UInt32 { 16 + 8 * argument + (lowHalfIsFirst ? 4 : 0) }

    #if _endian(little)
        static var lowHalfIsFirst: Bool { true }
    #else
        static var lowHalfIsFirst: Bool { false }
    #endif
}
