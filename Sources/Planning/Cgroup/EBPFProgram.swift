import KernelABI

/// A device program while it is put together, from its last instruction to its first.
///
/// All jumps go forward, so that whatever an instruction jumps to is there when the instruction is added, and every distance is known.
/// Distances have 15 bits, which the longest list of rules does not fill.
struct EBPFProgram {
    /// A place in the program: how many instructions there are from it to the end.
    typealias Place = Int

    /// What a test looks at.
    enum Subject: UInt8 {
        /// The access, without what has been allowed already.
        case access = 2
        case major = 3
        case minor = 4
        case kind = 5
    }

    enum Comparison {
        case equal
        case notEqual
    }

    private var reversed: [EBPFInstruction] = []

    init(capacity: Int) {
        reversed.reserveCapacity(capacity)
    }

    /// Where the program begins so far: an instruction that is added now goes on there.
    var place: Place { reversed.count }

    /// The program in the order in which it runs.
    var instructions: [EBPFInstruction] { reversed.reversed() }

    /// Adds the end of the program with one of its two results.
    mutating func addEnd(allows: Bool) -> Place {
        add(EBPFInstruction(code: EBPFCode.exit))
        add(EBPFInstruction(code: EBPFCode.moveConstant, destination: resultRegister, constant: allows ? 1 : 0))
        return place
    }

    /// Adds: allows a part of the access, and ends where that was all of it.
    mutating func addAllowance(of access: DeviceAccess, ifNothingLeft end: Place) -> Place {
        addBranch(.equal, .access, 0, to: end)
        add(EBPFInstruction(code: EBPFCode.and, destination: Subject.access.rawValue, constant: ~Int32(access.kernelBits)))
        return place
    }

    /// Adds: ends where the access has a part of what is denied.
    mutating func addDenial(of access: DeviceAccess, _ end: Place) -> Place {
        add(
            EBPFInstruction(
                code: EBPFCode.jumpIfAnyBit, destination: Subject.access.rawValue, offset: distance(to: end),
                constant: Int32(access.kernelBits)))
        return place
    }

    mutating func addBranch(_ comparison: Comparison, _ subject: Subject, _ value: UInt32, to target: Place) {
        add(
            EBPFInstruction(
                code: comparison == .equal ? EBPFCode.jumpIfEqual : EBPFCode.jumpUnlessEqual, destination: subject.rawValue,
                offset: distance(to: target), constant: Int32(bitPattern: value)))
    }

    mutating func addJump(to target: Place) {
        add(EBPFInstruction(code: EBPFCode.jump, offset: distance(to: target)))
    }

    /// Adds the beginning of the program: what it looks at goes into registers.
    mutating func addLoads() {
        let (access, kind) = (Subject.access.rawValue, Subject.kind.rawValue)
        add(EBPFInstruction(code: EBPFCode.shiftRight, destination: access, constant: 16))
        add(EBPFInstruction(code: EBPFCode.and, destination: kind, constant: 0xffff))
        add(EBPFInstruction(code: EBPFCode.moveRegister, destination: kind, source: access))
        for (subject, offset) in [
            (Subject.minor, DeviceContext.minor), (.major, DeviceContext.major), (.access, DeviceContext.accessType),
        ] {
            add(EBPFInstruction(code: EBPFCode.loadWord, destination: subject.rawValue, source: contextRegister, offset: offset))
        }
    }

    private func distance(to target: Place) -> Int16 {
        Int16(truncatingIfNeeded: place - target)
    }

    private mutating func add(_ instruction: EBPFInstruction) {
        reversed.append(instruction)
    }
}

/// Where a program finds what it is handed, and where it leaves its result. See kernel, bpf/standardization/abi.
private let contextRegister: UInt8 = 1
private let resultRegister: UInt8 = 0

extension DeviceAccess {
    /// As the kernel has it in `bpf_cgroup_dev_ctx`.
    fileprivate var kernelBits: UInt8 {
        (contains(.makeNode) ? DeviceContext.makeNode : 0) | (contains(.read) ? DeviceContext.read : 0)
            | (contains(.write) ? DeviceContext.write : 0)
    }
}
