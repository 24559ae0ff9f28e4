import CCap
import KernelABI
import Testing

@Suite struct CapabilityTests {
    @Test func numbersEqualTheHeaders() {
        for capability in Capability.allCases {
            #expect(Header.value(capability.name) == Int64(capability.rawValue), "\(capability.name)")
        }
    }

    @Test func thereAreFortyOne() {
        #expect(Capability.allCases.count == 41)
    }

    @Test func namesAreThoseOfLibcapInUpperCase() {
        for capability in Capability.allCases {
            let name = cap_to_name(cap_value_t(capability.rawValue))
            defer { cap_free(name) }
            #expect(name.map { String(cString: $0).uppercased() } == capability.name)
        }
    }

    @Test func namesLeadBackToTheirValues() {
        for capability in Capability.allCases { #expect(Capability(name: capability.name) == capability) }
    }

    @Test(arguments: ["", "CHOWN", "cap_chown", "CAP_", "CAP_CHOWN ", "CAP_NOTHING", "CAP_CHOWM", "40"])
    func anythingElseIsNoName(_ text: String) {
        #expect(Capability(name: text) == nil)
    }

    @Test func aSetHasTheKernelsBits() {
        #expect(CapabilitySet([.chown, .kill, .checkpointRestore]).rawValue == 0x100_0000_0021)
        #expect(CapabilitySet.all.rawValue == 0x1ff_ffff_ffff)
    }

    @Test func aSetTellsItsMembersByRisingNumber() {
        #expect(CapabilitySet([.kill, .chown]).capabilities == [.chown, .kill])
    }

    @Test func bitsWithoutANameAreKeptButNotListed() {
        let set = CapabilitySet(rawValue: 1 << 63 | 1)
        #expect(set.capabilities == [.chown])
        #expect(set.rawValue == 0x8000_0000_0000_0001)
    }

    @Test func containsLooksAtOneMember() {
        #expect(CapabilitySet(.kill).contains(.kill))
        #expect(!CapabilitySet(.kill).contains(.chown))
    }
}
