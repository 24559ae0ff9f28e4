import KernelABI
import OCISpec

@testable import Planning

/// One call on which two filters differ.
struct Difference: CustomStringConvertible {
    let call: SeccompCall
    let ours: UInt32?
    let theirs: UInt32?
    /// What the profile says in plain words; more than one leaves it to the order of the rules.
    let plain: Set<UInt32>

    var description: String {
        "number \(call.number) (0x\(hex(call.number))) on 0x\(hex(call.architecture)) with \(call.arguments.map { "0x\(hex($0))" }): "
            + "ours 0x\(hex(ours ?? 0)), libseccomp's 0x\(hex(theirs ?? 0)), the profile \(plain.map { "0x\(hex($0))" })"
    }
}

private func hex(_ value: some BinaryInteger) -> String { String(value, radix: 16) }

/// What the comparison of two filters found.
struct Verdict {
    var compared = 0
    /// Where the two differ and the profile does not tell that libseccomp is wrong.
    var differences: [Difference] = []
    /// Where libseccomp does what no rule that holds asks for, and ours does not. See docs/decisions/0016-seccomp-compiler.md.
    var libseccompErrs: [Difference] = []
    /// Where ours contradicts the plain words, whatever libseccomp does.
    var oursErr: [Difference] = []
}

/// Asks both filters about every number and the edges of every condition, on the profile's architectures and one that it does not name.
///
/// The rule about newer calls, which libseccomp does not know, is put before its program, as runc does.
func compare(_ ours: [BPFInstruction], _ reference: Reference, of profile: LinuxSeccomp, foreign: Bool = false)
    -> Verdict
{
    var verdict = Verdict()
    var named = (profile.architectures ?? []).map { SeccompArchitecture($0) }
    if !foreign, !named.contains(SyscallTable.libseccomp.native) { named.insert(SyscallTable.libseccomp.native, at: 0) }
    let readings = named.map { Reading(profile, on: $0) }
    for reading in readings {
        let alike = readings.filter { $0.architecture.reported == reading.architecture.reported }
        for number in numbers(for: reading) {
            for arguments in argumentLists(number, reading) {
                ask(
                    SeccompCall(number: number, architecture: reading.architecture.reported, arguments: arguments), ours, reference, alike,
                    &verdict)
            }
        }
    }
    for architecture in [SeccompArchitecture.aarch64, .parisc, .s390x] where !named.contains(architecture) {
        for number: UInt32 in [0, 1, 64, UInt32.max] {
            ask(SeccompCall(number: number, architecture: architecture.rawValue), ours, reference, [], &verdict)
        }
    }
    return verdict
}

private func ask(_ call: SeccompCall, _ ours: [BPFInstruction], _ reference: Reference, _ readings: [Reading], _ verdict: inout Verdict) {
    verdict.compared += 1
    let our = interpretBPF(ours, on: call)?.rawValue
    var their = interpretBPF(reference.program, on: call)?.rawValue
    let isNewer = readings.contains { $0.isNewerThanProfile(call.number) }
    if isNewer { their = 0x0005_0026 }
    // On x86-64 the kernel reports x32 calls as its own; a filter without x32 kills those, which no rule says.
    let isOfUnnamedABI =
        readings.isEmpty || !readings.contains { $0.architecture == .x32 } && readings[0].architecture == .amd64 && call.number >= 1 << 30
    var plain = Set(readings.flatMap { call.arguments.isEmpty ? [] : $0.results(call.number, call.arguments) })
    if plain.isEmpty, let reading = readings.first { plain = [reading.byDefault] }
    let isSaid = !isNewer && !isOfUnnamedABI
    let difference = Difference(call: call, ours: our, theirs: their, plain: plain)
    if isSaid, our.map({ !plain.contains($0) }) ?? true { verdict.oursErr.append(difference) }
    if our == their { return }
    if isSaid, let our, let their, plain.contains(our), !plain.contains(their) {
        verdict.libseccompErrs.append(difference)
    } else {
        verdict.differences.append(difference)
    }
}

/// Every number that the architecture has and some that it does not.
private func numbers(for reading: Reading) -> [UInt32] {
    let base: UInt32 =
        switch reading.architecture {
        case .x32: SeccompArchitecture.x32Bit
        case .mips, .mipsel: 4000
        case .mips64, .mipsel64: 5000
        case .mips64n32, .mipsel64n32: 6000
        default: 0
        }
    var found = Set(base..<base + 480)
    for number in reading.numbers { found.formUnion([number &- 1, number, number &+ 1]) }
    found.formUnion([
        0, 1, 511, 512, 546, 547, 548, 1000, 0x3fff_ffff, 0x4000_0000, 0x4000_0001, 0x4000_0200, 0x4000_0221, 0x4000_0222, 0x4000_0223,
        0x7fff_ffff, 0x8000_0000, 0x8000_0001, 0xbfff_ffff, 0xc000_0000, 0xf0001, 0xf0005, UInt32.max - 10059, UInt32.max - 108,
        UInt32.max - 100,
        UInt32.max - 1, UInt32.max,
    ])
    return found.sorted()
}

/// The arguments to try: the edges of each condition alone and mixed, in a fixed order.
private func argumentLists(_ number: UInt32, _ reading: Reading) -> [[UInt64]] {
    let none: [UInt64] = [0, 0, 0, 0, 0, 0]
    guard reading.hasConditions(number) else { return [none] }
    let edges = reading.edges(of: number)
    var random = SplitMix(state: UInt64(number))
    var lists = [none]
    for edge in edges { lists.append([UInt64](repeating: edge, count: 6)) }
    for _ in 0..<max(40, 3 * edges.count) { lists.append((0..<6).map { _ in edges[random.next(below: edges.count)] }) }
    return lists
}

/// Random numbers that are the same each time: SplitMix64.
struct SplitMix {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var value = state
        value = (value ^ value >> 30) &* 0xbf58_476d_1ce4_e5b9
        value = (value ^ value >> 27) &* 0x94d0_49bb_1331_11eb
        return value ^ value >> 31
    }

    mutating func next(below count: Int) -> Int { Int(next() % UInt64(count)) }

    mutating func pick<T>(_ list: [T]) -> T { list[next(below: list.count)] }
}
