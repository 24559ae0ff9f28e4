import JSON
public import KernelABI
public import OCISpec

/// Compiles a profile to a program for seccomp(2).
///
/// The decisions are those of libseccomp as runc uses it; docs/decisions/0016-seccomp-compiler.md says what that means and where it does not hold.
/// Names that `syscalls` does not know are skipped. Flags and listener are not looked at.
///
/// - Throws: `SpecProblem` where the profile cannot be compiled: an architecture that `syscalls` does not know, two rules that want different
///   results under the same conditions, more than 4,096 instructions.
public func compileSeccomp(_ profile: LinuxSeccomp, syscalls: SyscallTable) throws(SpecProblem) -> [BPFInstruction] {
    let rules = SeccompProfile(profile)
    let architectures = try architectures(of: profile, syscalls)
    var program = BPFProgram(capacity: 1024)
    // The last of the program first: every jump goes forward to a place that is already there.
    var otherwise = program.give(.killThread)
    var sections: [(architecture: UInt32, place: BPFProgram.Place)] = []
    for (index, architecture) in architectures.enumerated().reversed() {
        // x32 and x86-64 are one to the kernel.
        let reported = architecture.reported
        if architectures[..<index].contains(where: { $0.reported == reported }) { continue }
        var search = CallSearch(byDefault: rules.byDefault)
        try search.add(architectures.filter { $0.reported == reported }, rules, syscalls, &program)
        sections.append((reported, program.load(SeccompData.number, then: search.emit(&program))))
    }
    for section in sections {
        otherwise = program.branch(.equal, section.architecture, ifTrue: section.place, ifFalse: otherwise)
    }
    _ = program.load(SeccompData.architecture, then: otherwise)
    guard program.count <= mostInstructions else { throw tooLong(String(program.count)) }
    return program.instructions
}

/// `BPF_MAXINSNS`, include/uapi/linux/bpf_common.h.
let mostInstructions = 4096

/// - Parameter count: how many instructions there are.
func tooLong(_ count: String) -> SpecProblem {
    SpecProblem("linux.seccomp.syscalls", "must compile to at most \(mostInstructions) instructions, is \(count)")
}

/// The native architecture and those that the profile names, each once.
private func architectures(of profile: LinuxSeccomp, _ syscalls: SyscallTable) throws(SpecProblem) -> [SeccompArchitecture] {
    var found = [syscalls.native]
    for (index, name) in (profile.architectures ?? []).enumerated() {
        let architecture = SeccompArchitecture(name)
        if found.contains(architecture) { continue }
        guard syscalls.knows(architecture) else {
            throw SpecProblem(path("linux.seccomp.architectures", index), "must be known to libseccomp, is \(quoted(name.rawValue))")
        }
        found.append(architecture)
    }
    return found
}

/// A profile's rules, those left out that want what happens anyway.
struct SeccompProfile {
    /// One rule with one condition at most on each argument.
    struct Rule {
        let result: SeccompReturn
        let tests: [LinuxSeccompArg]
    }

    let profile: LinuxSeccomp
    let byDefault: SeccompReturn
    /// Whether a call that is newer than all that the profile names fails with ENOSYS: only where the default refuses.
    let refusesByDefault: Bool
    private(set) var rules: [Rule] = []
    /// Where the rules of each entry of the profile's list stand in `rules`.
    private(set) var places: [Range<Int>] = []

    init(_ profile: LinuxSeccomp) {
        self.profile = profile
        byDefault = SeccompReturn(profile.defaultAction, number: profile.defaultErrnoRet)
        refusesByDefault =
            switch profile.defaultAction {
            case .allow, .log, .trace, .notify: false
            case .kill, .killProcess, .killThread, .trap, .errno: true
            }
        for entry in profile.syscalls ?? [] {
            let start = rules.count
            let result = SeccompReturn(entry.action, number: entry.errnoRet)
            if result != byDefault { add(entry.args ?? [], result) }
            places.append(start..<rules.count)
        }
    }

    private mutating func add(_ tests: [LinuxSeccompArg], _ result: SeccompReturn) {
        var seen: UInt64 = 0
        var isRepeated = false
        for test in tests {
            let bit: UInt64 = 1 << UInt64(test.index & 63)
            if seen & bit != 0 { isRepeated = true }
            seen |= bit
        }
        // Two conditions on one argument: each is a rule of its own, which runc keeps for the profiles that were written so.
        if isRepeated {
            for test in tests { rules.append(Rule(result: result, tests: [test])) }
        } else {
            rules.append(Rule(result: result, tests: tests.count < 2 ? tests : tests.sorted { $0.index < $1.index }))
        }
    }

    /// Where in config.json the rule at `index` stands.
    func pointer(toRule index: Int) -> String {
        path("linux.seccomp.syscalls", places.firstIndex { $0.contains(index) } ?? 0)
    }
}

extension SeccompReturn {
    /// What an action gives; the number is EPERM where the profile names none.
    init(_ action: LinuxSeccompAction, number: UInt32?) {
        let number = UInt16(truncatingIfNeeded: number ?? UInt32(bitPattern: Errno.EPERM.rawValue))
        self =
            switch action {
            case .kill, .killThread: .killThread
            case .killProcess: .killProcess
            case .trap: .trap
            case .errno: .errno.with(number)
            case .trace: .trace.with(number)
            case .allow: .allow
            case .log: .log
            case .notify: .notify
            }
    }

    /// The call fails with ENOSYS.
    static var notImplemented: SeccompReturn { .errno.with(UInt16(truncatingIfNeeded: Errno.ENOSYS.rawValue)) }
}

extension SeccompArchitecture {
    /// The architecture that a profile means by `name`.
    init(_ name: LinuxSeccompArchitecture) {
        self =
            switch name {
            case .x86: .x86
            case .amd64: .amd64
            case .x32: .x32
            case .arm: .arm
            case .aarch64: .aarch64
            case .mips: .mips
            case .mips64: .mips64
            case .mips64n32: .mips64n32
            case .mipsel: .mipsel
            case .mipsel64: .mipsel64
            case .mipsel64n32: .mipsel64n32
            case .ppc: .ppc
            case .ppc64: .ppc64
            case .ppc64le: .ppc64le
            case .s390: .s390
            case .s390x: .s390x
            case .parisc: .parisc
            case .parisc64: .parisc64
            case .riscv64: .riscv64
            case .loongarch64: .loongarch64
            case .m68k: .m68k
            case .sh: .sh
            case .sheb: .sheb
            }
    }
}
