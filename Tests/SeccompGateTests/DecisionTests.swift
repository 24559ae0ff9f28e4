import KernelABI
import OCISpec
import Testing

@testable import Planning

@Suite struct DecisionTests {
    // MARK: Calls newer than the profile

    @Test func aCallNewerThanAllThatTheProfileNamesIsNotImplemented() throws {
        let filter = try Filter(profile(.errno, ["read", "openat"]))
        #expect(filter(256) == 0x0005_0001)
        #expect(filter(257) == 0x7fff_0000)
        #expect(filter(258) == 0x0005_0026)
        #expect(filter(100_000) == 0x0005_0026)
    }

    @Test(arguments: [LinuxSeccompAction.kill, .killThread, .killProcess, .trap, .errno])
    func newerCallsAreNotImplementedWhereTheDefaultRefuses(_ action: LinuxSeccompAction) throws {
        #expect(try Filter(profile(action, ["read", "openat"]))(258) == 0x0005_0026)
    }

    @Test(arguments: [(LinuxSeccompAction.allow, UInt32(0x7fff_0000)), (.log, 0x7ffc_0000), (.trace, 0x7ff0_0001)])
    func newerCallsGetTheDefaultWhereItDoesNotRefuse(_ action: LinuxSeccompAction, _ result: UInt32) throws {
        let rules = [LinuxSyscall(names: ["read"], action: .errno)]
        #expect(try Filter(LinuxSeccomp(defaultAction: action, syscalls: rules))(500) == result)
    }

    @Test func aRuleThatChangesNothingCountsForWhatTheProfileNames() throws {
        var named = profile(.errno, ["read"])
        named.syscalls?.append(LinuxSyscall(names: ["openat"], action: .errno))
        #expect(try Filter(named)(257) == 0x0005_0001)
        #expect(try Filter(named)(258) == 0x0005_0026)
    }

    @Test func eachArchitectureHasItsOwnNewestCall() throws {
        let filter = try Filter(profile(.errno, ["read", "openat"], [.amd64, .x86, .x32]))
        #expect(filter(295, on: .x86) == 0x7fff_0000)
        #expect(filter(296, on: .x86) == 0x0005_0026)
        #expect(filter(0x4000_0101) == 0x7fff_0000)
        #expect(filter(0x4000_0102) == 0x0005_0026)
        #expect(filter(258) == 0x0005_0026)
    }

    @Test func aProfileWithoutNamesHasNoNewerCalls() throws {
        #expect(try Filter(LinuxSeccomp(defaultAction: .errno))(500) == 0x0005_0001)
    }

    @Test func setupOnS390StandsForCallsThatTheKernelDoesNotKnow() throws {
        let filter = try Filter(profile(.errno, ["read"], [.s390x]))
        #expect(filter(0, on: .s390x) == 0x0005_0026)
        #expect(filter(1, on: .s390x) == 0x0005_0001)
    }

    // MARK: Numbers that no architecture has

    @Test func x32IsKilledUnlessNamed() throws {
        let filter = try Filter(profile(.errno, ["read", "openat"]))
        #expect(filter(0x4000_0000) == 0x0000_0000)
        #expect(filter(0x4000_0101) == 0x0000_0000)
        #expect(filter(0xffff_fffe) == 0x0000_0000)
    }

    @Test func theNumberOfASkippedCallGetsTheDefault() throws {
        #expect(try Filter(profile(.errno, ["read", "openat"]))(UInt32.max) == 0x0005_0001)
    }

    @Test func anArchitectureThatIsNotNamedIsKilled() throws {
        let filter = try Filter(profile(.allow, ["read"], [.amd64]))
        #expect(filter(3, on: .x86) == 0x0000_0000)
        #expect(filter(3, on: .aarch64) == 0x0000_0000)
    }

    @Test func theNativeArchitectureNeedNotBeNamed() throws {
        #expect(try Filter(profile(.errno, ["read"], [.x86]))(0) == 0x7fff_0000)
    }

    // MARK: Where libseccomp 2.5.4 errs, see docs/decisions/0016-seccomp-compiler.md

    @Test func libseccompMergesTwoComparisonsWithTheSameUpperHalf() throws {
        let profile = LinuxSeccomp(
            defaultAction: .errno,
            syscalls: [
                LinuxSyscall(
                    names: ["read"], action: .allow,
                    args: [LinuxSeccompArg(index: 0, value: 10, op: .greaterThan), LinuxSeccompArg(index: 1, value: 1, op: .equal)]),
                LinuxSyscall(
                    names: ["read"], action: .allow,
                    args: [LinuxSeccompArg(index: 0, value: 5, op: .greaterThan), LinuxSeccompArg(index: 1, value: 2, op: .equal)]),
            ])
        let call = SeccompCall(number: 0, architecture: SeccompArchitecture.amd64.rawValue, arguments: [7, 1, 0, 0, 0, 0])
        // No rule holds for 7 and 1.
        #expect(try interpretBPF(Reference(profile).program, on: call) == .allow)
        #expect(try Filter(profile)(0, 7, 1) == 0x0005_0001)
        #expect(try Filter(profile)(0, 7, 2) == 0x7fff_0000)
        #expect(try Filter(profile)(0, 11, 1) == 0x7fff_0000)
    }

    // MARK: Refusals

    @Test func theSameConditionsWithAnotherActionAreRefusedByBoth() throws {
        let profile = LinuxSeccomp(
            defaultAction: .errno,
            syscalls: [
                LinuxSyscall(names: ["read"], action: .allow, args: [LinuxSeccompArg(index: 0, value: 8, op: .equal)]),
                LinuxSyscall(names: ["read"], action: .log, args: [LinuxSeccompArg(index: 0, value: 8, op: .equal)]),
            ])
        #expect(throws: Reference.Refusal(rule: 1, error: -17)) { try Reference(profile) }
        #expect(
            throws: SpecProblem(
                "linux.seccomp.syscalls[1]",
                "must not contradict linux.seccomp.syscalls[0]: the same conditions on the same system call, another action")
        ) { try compileSeccomp(profile, syscalls: .libseccomp) }
    }

    @Test func conditionsThatAreTheSameOnASubArchitectureOnlyAreRefusedByBoth() throws {
        let rules = [1, 2].map { (value: UInt64) in
            LinuxSyscall(
                names: ["semop"], action: value == 1 ? .allow : .log, args: [LinuxSeccompArg(index: 0, value: value, op: .equal)])
        }
        let profile = LinuxSeccomp(defaultAction: .errno, architectures: [.x86], syscalls: rules)
        #expect(throws: Reference.Refusal(rule: 1, error: -17)) { try Reference(profile) }
        #expect(throws: SpecProblem.self) { try compileSeccomp(profile, syscalls: .libseccomp) }
    }

    @Test func theFirstOfTwoRulesWithoutConditionsWinsInBoth() throws {
        let profile = LinuxSeccomp(
            defaultAction: .errno,
            syscalls: [LinuxSyscall(names: ["read"], action: .allow), LinuxSyscall(names: ["read"], action: .log)])
        let call = SeccompCall(number: 0, architecture: SeccompArchitecture.amd64.rawValue)
        #expect(try interpretBPF(Reference(profile).program, on: call) == .allow)
        #expect(try Filter(profile)(0) == 0x7fff_0000)
    }

    @Test func anArchitectureThatLibseccompLacksIsRefusedByName() {
        let table = SyscallTable(native: .amd64) { $1 == .m68k ? nil : SyscallTable.libseccomp.number(of: $0, on: $1) }
        #expect(throws: SpecProblem("linux.seccomp.architectures[1]", "must be known to libseccomp, is \"SCMP_ARCH_M68K\"")) {
            try compileSeccomp(profile(.errno, ["read"], [.amd64, .m68k]), syscalls: table)
        }
    }

    @Test func aProgramLongerThanTheKernelTakesIsRefused() {
        let rules = (0..<3000).map { (value: UInt64) in
            LinuxSyscall(names: ["read"], action: .allow, args: [LinuxSeccompArg(index: 0, value: value << 32 | 1, op: .equal)])
        }
        #expect {
            try compileSeccomp(LinuxSeccomp(defaultAction: .errno, syscalls: rules), syscalls: .libseccomp)
        } throws: { error in
            let problem = error as? SpecProblem
            return problem?.path == "linux.seccomp.syscalls"
                && problem?.rule.hasPrefix("must compile to at most 4096 instructions, is ") == true
        }
    }

    @Test func rulesWithoutEndAreRefusedAtOnce() {
        let arguments = (0..<20_000).map { LinuxSeccompArg(index: 0, value: $0, op: .equal) }
        let rule = LinuxSyscall(names: [String](repeating: "read", count: 20_000), action: .allow, args: arguments)
        #expect(throws: SpecProblem("linux.seccomp.syscalls", "must come to at most 16384 rules for one name each")) {
            try compileSeccomp(LinuxSeccomp(defaultAction: .errno, syscalls: [rule]), syscalls: .libseccomp)
        }
    }

    @Test func moreConditionsThanInstructionsAreRefusedAtOnce() {
        let arguments = (0..<10_000).map { LinuxSeccompArg(index: 0, value: $0, op: .equal) }
        let rule = LinuxSyscall(names: ["read"], action: .allow, args: arguments)
        #expect(throws: SpecProblem("linux.seccomp.syscalls", "must compile to at most 4096 instructions, is more")) {
            try compileSeccomp(LinuxSeccomp(defaultAction: .errno, syscalls: [rule]), syscalls: .libseccomp)
        }
    }

    // row: S06
    @Test func unknownNamesAreSkipped() throws {
        #expect(try Filter(profile(.errno, ["no_such_call", "read"]))(0) == 0x7fff_0000)
    }

    @Test func everyArchitectureThatLibseccompKnowsCompiles() throws {
        let all: [LinuxSeccompArchitecture] = [
            .x86, .amd64, .x32, .arm, .aarch64, .mips, .mips64, .mips64n32, .mipsel, .mipsel64, .mipsel64n32, .ppc, .ppc64, .ppc64le, .s390,
            .s390x, .parisc, .parisc64, .riscv64,
        ]
        let filter = try Filter(profile(.errno, ["read"], all))
        for name in all {
            let architecture = SeccompArchitecture(name)
            let number = try #require(SyscallTable.libseccomp.number(of: "read", on: architecture))
            #expect(filter(UInt32(bitPattern: number), on: architecture) == 0x7fff_0000, "\(name)")
        }
    }
}

/// A profile that allows `names`.
private func profile(
    _ byDefault: LinuxSeccompAction, _ names: [String], _ architectures: [LinuxSeccompArchitecture] = [.amd64]
) -> LinuxSeccomp {
    LinuxSeccomp(
        defaultAction: byDefault, architectures: architectures,
        syscalls: [LinuxSyscall(names: names, action: byDefault == .allow ? .errno : .allow)])
}

/// Our program for a profile, asked like a function.
private struct Filter {
    let program: [BPFInstruction]

    init(_ profile: LinuxSeccomp) throws {
        program = try compileSeccomp(profile, syscalls: .libseccomp)
    }

    func callAsFunction(_ number: UInt32, _ arguments: UInt64..., on architecture: SeccompArchitecture = .amd64) -> UInt32? {
        interpretBPF(program, on: SeccompCall(number: number, architecture: architecture.reported, arguments: arguments))?.rawValue
    }
}
