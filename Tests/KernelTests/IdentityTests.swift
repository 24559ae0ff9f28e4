import Foundation
import Kernel
import KernelABI
import Testing

/// What can be read of the test process's own identity; changing it is for processes of their own.
@Suite struct IdentityTests {
    @Test func idsAreTheCLibrarys() {
        #expect(effectiveUserID() == geteuid())
        #expect(realUserID() == getuid())
        #expect(effectiveGroupID() == getegid())
        #expect(realGroupID() == getgid())
        #expect(ownPID() == getpid())
        #expect(parentPID() == getppid())
    }

    @Test func capabilitySetsAreThoseOfProc() throws {
        let sets = try capabilities()
        #expect(try line("CapEff:") == sets.effective.rawValue)
        #expect(try line("CapPrm:") == sets.permitted.rawValue)
        #expect(try line("CapInh:") == sets.inheritable.rawValue)
        #expect(try line("CapBnd:") == boundingSet().rawValue)
        #expect(try line("CapAmb:") == ambientCapabilities().rawValue)
    }

    @Test func theLastCapabilityIsTheKernels() throws {
        let text = String(decoding: try readFile("/proc/sys/kernel/cap_last_cap", limit: 16), as: UTF8.self)
        #expect(UInt8(text.filter(\.isNumber)) == lastCapability())
    }

    @Test func aLimitIsTheOneInProc() throws {
        let text = String(decoding: try readFile("/proc/self/limits", limit: 4096), as: UTF8.self)
        let fields = try #require(text.split(separator: "\n").first { $0.hasPrefix("Max open files") }).split(separator: " ")
        let limit = try Kernel.limit(.openFiles)
        #expect(fields.dropFirst(3).prefix(2).map { UInt64($0) } == [limit.soft, limit.hard])
    }

    @Test func theOutOfMemoryScoreIsTheOneInProc() throws {
        let procfs = try Kernel.open("/proc", [.path, .directory])
        let text = String(decoding: try readFile("/proc/self/oom_score_adj", limit: 16), as: UTF8.self)
        #expect(Int(text.filter { $0 != "\n" }) == (try oomScoreAdjustment(procfs: procfs)))
    }

    @Test func libseccompTellsItsVersion() {
        #expect(libseccompVersion().split(separator: ".").count == 3)
        #expect(libseccompVersion().hasPrefix("2."))
    }

    private func line(_ name: String) throws -> UInt64? {
        let text = String(decoding: try readFile("/proc/self/status", limit: 1 << 16), as: UTF8.self)
        let line = try #require(text.split(separator: "\n").first { $0.hasPrefix(name) })
        return UInt64(line.dropFirst(name.count).filter { !$0.isWhitespace }, radix: 16)
    }
}
