import Foundation
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

    @Test func anAnswerThatTheKernelDidNotSendIsPassedOver() throws {
        var answers = NetlinkAnswers(to: 7, newLink, "RTM_GETLINK x")
        try answers.take(NetlinkDatagram(bytes: answer(newLink, sequence: 7, [1, 2, 3, 4]) + end(of: 7), isFromKernel: false))
        #expect(answers.payloads == [])
        #expect(!answers.isComplete)
        try answers.take(NetlinkDatagram(bytes: answer(newLink, sequence: 7, [5, 6, 7, 8]) + end(of: 7), isFromKernel: true))
        #expect(answers.payloads == [[5, 6, 7, 8]])
        #expect(answers.isComplete)
    }

    @Test func anAnswerToAnotherRequestIsPassedOver() throws {
        var answers = NetlinkAnswers(to: 7, newLink, "RTM_GETLINK x")
        try answers.take(NetlinkDatagram(bytes: answer(newLink, sequence: 6, [1, 2, 3, 4]) + end(of: 6), isFromKernel: true))
        #expect(answers.payloads == [])
        #expect(!answers.isComplete)
    }

    @Test(arguments: [
        [], [16, 0, 0, 0], [15, 0, 0, 0, 16, 0, 0, 0, 7, 0, 0, 0, 0, 0, 0, 0], [255, 255, 255, 255] + [UInt8](repeating: 0, count: 12),
    ])
    func aDatagramThatIsNotMadeOfWholeMessagesIsAnError(_ bytes: [UInt8]) {
        var answers = NetlinkAnswers(to: 7, newLink, "RTM_GETLINK x")
        #expect(throws: SyscallError("recvfrom", "RTM_GETLINK x: a message of an unsound length", .EPROTO)) {
            try answers.take(NetlinkDatagram(bytes: bytes, isFromKernel: true))
        }
    }

    @Test func aCutAnswerIsAnErrorThatNamesTheLengths() throws {
        var socket = try RouteSocket()
        socket.longestAnswer = 20
        let error = #expect(throws: SyscallError.self) { try socket.index(ofLink: "lo") }
        #expect(error?.errno == .EMSGSIZE)
        #expect(error?.subject.hasPrefix("RTM_GETLINK lo: an answer of ") == true)
        #expect(error?.subject.hasSuffix(" bytes, at most 20 were expected") == true)
    }

    @Test func theWaitForAnAnswerEnds() throws {
        let socket = try RouteSocket()
        let start = monotonicNanoseconds()
        #expect(errno { () throws(SyscallError) in _ = try socket.nextDatagram(by: start + 20_000_000, "RTM_GETLINK x") } == .ETIMEDOUT)
        #expect(errno { () throws(SyscallError) in _ = try socket.nextDatagram(by: start, "RTM_GETLINK x") } == .ETIMEDOUT)
    }

    @Test func aRequestThatDoesNotFitIsNotSent() throws {
        var socket = try RouteSocket()
        let name = String(repeating: "x", count: 1 << 16)
        let error = #expect(throws: SyscallError.self) { try socket.index(ofLink: name) }
        #expect(error?.errno == .EMSGSIZE)
    }

    /// Another process answers the next request before it is made, which CAP_NET_ADMIN allows.
    @Test(.enabled(if: isRoot, "sending to another's netlink socket needs root"), .timeLimit(.minutes(1)))
    func aForgedAnswerOfAnotherProcessIsNotTaken() throws {
        var socket = try RouteSocket()
        // The first request gives the socket its port.
        #expect(try socket.index(ofLink: "nosuch0") == nil)
        let forger = Process()
        forger.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        forger.arguments = [
            "python3", "-c",
            """
            import socket, struct, sys
            lines = [line.split() for line in open("/proc/net/netlink")][1:]
            port = next(int(line[2]) for line in lines if line[1] == "0" and line[9] == sys.argv[1])
            link = struct.pack("=IHHII", 32, 16, 0, 2, port) + struct.pack("=BBHiII", 0, 0, 0, 4711, 0, 0)
            success = struct.pack("=IHHII", 20, 2, 0, 2, port) + struct.pack("=i", 0)
            socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, 0).sendto(link + success, (port, 0))
            """, String(try status(of: socket.socket).inode),
        ]
        try forger.run()
        forger.waitUntilExit()
        #expect(forger.terminationStatus == 0)
        #expect(try socket.index(ofLink: "nosuch0") == nil)
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

    private let newLink: UInt16 = 16

    private func answer(_ type: UInt16, sequence: UInt32, _ payload: [UInt8]) -> [UInt8] {
        var bytes = NetlinkBytes()
        for number: UInt32 in [UInt32(16 + payload.count), UInt32(type), sequence, 0] { bytes.append(number) }
        return bytes.bytes + payload
    }

    /// NLMSG_ERROR with the number 0: success.
    private func end(of sequence: UInt32) -> [UInt8] { answer(2, sequence: sequence, [0, 0, 0, 0]) }
}
