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
        var compared = 0
        var erring = 0
        for seed in 0..<UInt64(260) {
            let (profile, reference) = try comparable(seed)
            let verdict = try compare(compileSeccomp(profile, syscalls: .libseccomp), reference, of: profile)
            #expect(verdict.differences.count == 0, "seed \(seed): \(verdict.differences.prefix(1))")
            #expect(verdict.oursErr.count == 0, "seed \(seed): \(verdict.oursErr.prefix(1))")
            if verdict.libseccompErrs.isEmpty { clean += 1 } else { erring += 1 }
            compared += verdict.compared
        }
        #expect(clean >= 200)
    }
}

/// The seed's profile without the rules that libseccomp refuses, and libseccomp's program for it.
func comparable(_ seed: UInt64) throws -> (LinuxSeccomp, Reference) {
    var random = SplitMix(state: seed &+ 1_000_000)
    let others: [LinuxSeccompArchitecture] = [.x86, .x32, .arm, .aarch64, .mipsel, .mipsel64, .mipsel64n32, .ppc64le, .riscv64]
    var architectures: [LinuxSeccompArchitecture] = random.next(below: 4) == 0 ? [] : [.amd64]
    for architecture in others where random.next(below: architecture == .x86 || architecture == .x32 ? 2 : 5) == 0 {
        architectures.append(architecture)
    }
    var generator = Generator(seed: seed)
    var profile = generator.profile(architectures: architectures)
    while true {
        do {
            return (profile, try Reference(profile))
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
