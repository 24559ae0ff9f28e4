import CSeccomp
import Foundation
import JSON
import KernelABI
import OCISpec
import Testing

@testable import Planning

@Suite struct GateTests {
    @Test(arguments: ["podman", "docker"])
    func commonProfilesDecideAsLibseccompDoes(_ name: String) throws {
        let profile = try fixture(name)
        let verdict = try compare(compileSeccomp(profile, syscalls: .libseccomp), Reference(profile), of: profile)
        #expect(verdict.differences.count == 0, "\(verdict.differences.prefix(5))")
        #expect(verdict.libseccompErrs.count == 0, "\(verdict.libseccompErrs.prefix(5))")
        #expect(verdict.oursErr.count == 0, "\(verdict.oursErr.prefix(5))")
        #expect(verdict.compared > 2000)
    }

    @Test func generatedProfilesDecideAsLibseccompDoes() throws {
        var clean = 0
        for seed in 0..<UInt64(220) {
            let (profile, reference) = try comparable(seed, architectures: architectures(seed))
            let verdict = try compare(compileSeccomp(profile, syscalls: .libseccomp), reference, of: profile)
            #expect(verdict.differences.count == 0, "seed \(seed): \(verdict.differences.prefix(1))")
            #expect(verdict.oursErr.count == 0, "seed \(seed): \(verdict.oursErr.prefix(1))")
            if verdict.libseccompErrs.count == 0 { clean += 1 }
        }
        // In the others libseccomp errs itself, for some arguments of one call.
        #expect(clean >= 200)
    }

    @Test func profilesForMachinesOfTheOtherByteOrderDecideAsLibseccompDoes() throws {
        let foreign: [LinuxSeccompArchitecture] = [.mips, .mips64, .mips64n32, .ppc, .ppc64, .s390, .s390x, .parisc, .parisc64]
        for seed in 1000..<UInt64(1020) {
            let (profile, reference) = try comparable(seed, architectures: foreign, foreign: true)
            let verdict = try compare(compileSeccomp(profile, syscalls: .libseccomp), reference, of: profile, foreign: true)
            #expect(verdict.differences.count == 0, "seed \(seed): \(verdict.differences.prefix(1))")
            #expect(verdict.oursErr.count == 0, "seed \(seed): \(verdict.oursErr.prefix(1))")
        }
    }

    @Test(arguments: [
        (LinuxSeccompArchitecture.x86, false), (.mipsel, false), (.ppc64le, false), (.ppc, true), (.ppc64, true), (.s390, true),
        (.s390x, true),
        (.mips, true), (.x32, false), (.arm, false), (.aarch64, false), (.parisc, true),
    ])
    func everySocketAndSystemVCallDecidesAsLibseccompDoes(_ architecture: LinuxSeccompArchitecture, _ foreign: Bool) throws {
        let names = [
            "socket", "bind", "connect", "listen", "accept", "getsockname", "getpeername", "socketpair", "send", "recv", "sendto",
            "recvfrom",
            "shutdown", "setsockopt", "getsockopt", "sendmsg", "recvmsg", "accept4", "recvmmsg", "sendmmsg", "semop", "semget", "semctl",
            "semtimedop", "msgsnd", "msgrcv", "msgget", "msgctl", "shmat", "shmdt", "shmget", "shmctl",
        ]
        // Each gets a number of its own to fail with, so that no two can be taken for each other.
        let rules = names.enumerated().map { LinuxSyscall(names: [$1], action: .errno, errnoRet: UInt32(100 + $0)) }
        let profile = LinuxSeccomp(defaultAction: .allow, architectures: [architecture], syscalls: rules)
        let verdict = try compare(
            compileSeccomp(profile, syscalls: .libseccomp), Reference(profile, foreign: foreign), of: profile, foreign: foreign)
        #expect(verdict.differences.count == 0, "\(verdict.differences.prefix(1))")
        #expect(verdict.libseccompErrs.count == 0, "\(verdict.libseccompErrs.prefix(1))")
    }

    @Test func architecturesHaveTheNumbersOfLibseccomp() {
        let named: [(String, SeccompArchitecture)] = [
            ("x86", .x86), ("x86_64", .amd64), ("x32", .x32), ("arm", .arm), ("aarch64", .aarch64), ("mips", .mips), ("mips64", .mips64),
            ("mips64n32", .mips64n32), ("mipsel", .mipsel), ("mipsel64", .mipsel64), ("mipsel64n32", .mipsel64n32), ("ppc", .ppc),
            ("ppc64", .ppc64), ("ppc64le", .ppc64le), ("s390", .s390), ("s390x", .s390x), ("parisc", .parisc), ("parisc64", .parisc64),
            ("riscv64", .riscv64),
        ]
        for (name, architecture) in named { #expect(seccomp_arch_resolve_name(name) == architecture.rawValue, "\(name)") }
    }

    @Test func programsLongerThanAConditionalJumpDecideAsLibseccompDoes() throws {
        let rules = (0..<400).map { (value: UInt64) -> LinuxSyscall in
            let isRefused = value % 3 == 0
            let arguments = [
                LinuxSeccompArg(index: 1, value: value * 3, op: .equal), LinuxSeccompArg(index: 2, value: value % 5, op: .equal),
            ]
            return LinuxSyscall(names: ["ioctl"], action: isRefused ? .errno : .allow, errnoRet: isRefused ? 7 : nil, args: arguments)
        }
        let profile = LinuxSeccomp(
            defaultAction: .errno, architectures: [.amd64, .x86],
            syscalls: rules + [LinuxSyscall(names: ["read", "exit_group", "clone3"], action: .allow)])
        let program = try compileSeccomp(profile, syscalls: .libseccomp)
        let verdict = try compare(program, Reference(profile), of: profile)
        #expect(program.count > 1500)
        #expect(verdict.differences.count == 0, "\(verdict.differences.prefix(1))")
        #expect(verdict.oursErr.count == 0, "\(verdict.oursErr.prefix(1))")
    }
}

private func architectures(_ seed: UInt64) -> [LinuxSeccompArchitecture] {
    var random = SplitMix(state: seed &+ 1_000_000)
    let others: [LinuxSeccompArchitecture] = [.x86, .x32, .arm, .aarch64, .mipsel, .mipsel64, .mipsel64n32, .ppc64le, .riscv64]
    return (random.next(below: 4) == 0 ? [] : [.amd64])
        + others.filter { random.next(below: $0 == .x86 || $0 == .x32 ? 2 : 5) == 0 }
}

/// The seed's profile without the rules that libseccomp refuses, and libseccomp's program for it.
private func comparable(
    _ seed: UInt64, architectures: [LinuxSeccompArchitecture], foreign: Bool = false
) throws -> (LinuxSeccomp, Reference) {
    var generator = Generator(seed: seed)
    var profile = generator.profile(architectures: architectures)
    while true {
        do {
            return (profile, try Reference(profile, foreign: foreign))
        } catch let refusal as Reference.Refusal {
            guard refusal.rule >= 0 else { throw refusal }
            profile.syscalls?.remove(at: refusal.rule)
        }
    }
}

func fixture(_ name: String) throws -> LinuxSeccomp {
    let url = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .appendingPathComponent("spec-fixtures/seccomp/\(name).json")
    return try decode(LinuxSeccomp.self, from: [UInt8](Data(contentsOf: url)))
}
