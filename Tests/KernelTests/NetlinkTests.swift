import KernelABI
import Testing

@testable import Kernel

@Suite struct NetlinkTests {
    @Test func theLoopbackInterfaceIsFoundByNameWithItsAddresses() throws {
        var socket = try RouteSocket()
        let index = try #require(try socket.index(ofLink: "lo"))
        let addresses = try socket.addresses(ofLink: index)
        #expect(addresses.allSatisfy { $0.family == 2 || $0.family == 10 })
        // Nothing of it is global: 127.0.0.1 has the scope of the host.
        #expect(addresses.filter(\.isPermanentAndGlobal) == [])
    }

    @Test func anInterfaceThatIsNotThereHasNoIndex() throws {
        var socket = try RouteSocket()
        #expect(try socket.index(ofLink: "nosuch0") == nil)
    }

    @Test func aRefusalNamesTheRequestAndTheError() throws {
        var socket = try RouteSocket()
        let error = #expect(throws: SyscallError.self) { try socket.setLinkUp(0x7fff_fff0) }
        #expect(error?.subject.hasPrefix("RTM_SETLINK up") == true)
    }

    @Test func aMessageThatClaimsMoreThanThereIsIsNone() {
        for length: UInt8 in [0, 15, 17, 255] {
            var bytes: ArraySlice<UInt8> = [length, 0, 0, 0, 16, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0]
            #expect(NetlinkMessage(takingFrom: &bytes) == nil)
        }
        var short: ArraySlice<UInt8> = [16, 0, 0, 0]
        #expect(NetlinkMessage(takingFrom: &short) == nil)
    }

    @Test func attributesEndWhereOneDoesNotFit() {
        let good: [UInt8] = [5, 0, 3, 0, 65, 0, 0, 0]
        #expect(netlinkAttributes((good + [3, 0, 1, 0])[...]) == [3: [65]])
        #expect(netlinkAttributes((good + [9, 0, 1, 0, 1, 2])[...]) == [3: [65]])
        #expect(netlinkAttributes([]) == [:])
    }

    @Test func theKernelsWordsComeWithTheError() {
        var bytes = NetlinkBytes()
        for number: UInt32 in [36 + 12, 2 | 0x300 << 16, 1, 0, UInt32(bitPattern: -22), 16, 0, 0, 0] { bytes.append(number) }
        bytes.append(attribute: 1, "no way")
        var message = bytes.bytes[...]
        let answer = NetlinkMessage(takingFrom: &message)
        #expect(answer?.failure("RTM_SETLINK x") == SyscallError("sendto", "RTM_SETLINK x: no way", .EINVAL))
    }
}
