public import KernelABI

/// What a filter is asked about: one system call, as `struct seccomp_data` holds it. See seccomp(2).
public struct SeccompCall: Sendable, Hashable {
    /// The number as the kernel reports it.
    public var number: UInt32
    /// The architecture as the kernel reports it, `AUDIT_ARCH_…`.
    public var architecture: UInt32
    /// The six arguments.
    public var arguments: [UInt64]

    /// Creates the value; arguments left out are 0.
    public init(number: UInt32, architecture: UInt32, arguments: [UInt64] = []) {
        self.number = number
        self.architecture = architecture
        self.arguments = arguments
    }

    /// The 32 bits at `offset`; `nil` where the kernel would not load any. The instruction pointer reads as 0.
    func word(at offset: UInt32) -> UInt32? {
        guard offset < 64, offset % 4 == 0 else { return nil }
        switch offset {
        case 0: return number
        case 4: return architecture
        case 8, 12: return 0
        default:
            let index = Int(offset - 16) / 8
            guard index < arguments.count else { return 0 }
            let isSecond = offset % 8 == 4
            return UInt32(
                truncatingIfNeeded: isSecond == SeccompData.lowHalfIsFirst ? arguments[index] >> 32 : arguments[index] & 0xffff_ffff)
        }
    }
}

/// Runs a filter in place of the kernel; for tests and for showing what a profile decides.
///
/// - Returns: what the program gives; `nil` where it is no program that the kernel would take: an instruction that filters do not have or
///   this compiler does not use, a load from outside, an end without a result.
public func interpretBPF(_ program: [BPFInstruction], on call: SeccompCall) -> SeccompReturn? {
    var accumulator: UInt32 = 0
    var position = 0
    while position < program.count {
        let instruction = program[position]
        position += 1
        let value = instruction.constant
        switch instruction.code {
        case BPFCode.loadWord:
            guard let word = call.word(at: value) else { return nil }
            accumulator = word
        case BPFCode.and: accumulator &= value
        case BPFCode.give: return SeccompReturn(rawValue: value)
        case BPFCode.jump: position += Int(value)
        case BPFComparison.equal.rawValue: position += Int(accumulator == value ? instruction.jumpTrue : instruction.jumpFalse)
        case BPFComparison.greater.rawValue: position += Int(accumulator > value ? instruction.jumpTrue : instruction.jumpFalse)
        case BPFComparison.greaterOrEqual.rawValue: position += Int(accumulator >= value ? instruction.jumpTrue : instruction.jumpFalse)
        case BPFComparison.anyBit.rawValue: position += Int(accumulator & value != 0 ? instruction.jumpTrue : instruction.jumpFalse)
        default: return nil
        }
    }
    return nil
}
