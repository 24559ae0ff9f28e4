import Foundation
import Glibc
import Kernel
import Planning
import Testing

@testable import Cgroups

/// The other side of a connection: sends what it is told to, in the parts it is told to, whatever it is asked.
///
/// Everything is written before the client begins, which sends its own side into the socket's buffer.
private func talk(_ parts: [[UInt8]], closes: Bool = true) throws -> FileDescriptor {
    var numbers: [Int32] = [-1, -1]
    try #require(socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0, &numbers) == 0)
    let peer = numbers[1]
    let thread = Thread {
        for (index, part) in parts.enumerated() {
            if index > 0 { usleep(20_000) }
            _ = part.withUnsafeBytes { send(peer, $0.baseAddress, $0.count, Int32(0x4000)) }
        }
        if !closes { usleep(3_000_000) }
        // Half a close: what the client still sends is no error.
        shutdown(peer, Int32(SHUT_WR))
        usleep(500_000)
        close(peer)
    }
    thread.start()
    return FileDescriptor(adopting: numbers[0])
}

private let welcome = Array("DATA\r\nOK 1234deadbeef\r\n".utf8)

/// A message from the other side. `signature` and `body` as D-Bus writes them; serials as the client counts them from 1.
private func message(
    _ kind: UInt8, replyTo serial: UInt32? = nil, member: String? = nil, error: String? = nil, sender: String = ":1.1", _ values: [BusValue]
) -> [UInt8] {
    var fields: [BusValue] = []
    func add(_ code: UInt8, _ value: BusValue) { fields.append(.structure([.byte(code), .variant(value)])) }
    if let member {
        add(1, .objectPath("/org/freedesktop/systemd1"))
        add(2, .string("org.freedesktop.systemd1.Manager"))
        add(3, .string(member))
    }
    if let error { add(4, .string(error)) }
    if let serial { add(5, .uint32(serial)) }
    add(7, .string(sender))
    add(8, .signature(values.map(\.signature).joined()))
    var body = Bytes()
    for value in values { body.write(value) }
    var header = Bytes()
    header.bytes = [UInt8(ascii: "l"), kind, 0, 1]
    header.write(.uint32(UInt32(body.bytes.count)))
    header.write(.uint32(99))
    header.write(.array(element: "(yv)", fields))
    while header.bytes.count % 8 != 0 { header.bytes.append(0) }
    return header.bytes + body.bytes
}

/// Written for the test, so that the client's own marshalling is not what it is compared with.
private struct Bytes {
    var bytes: [UInt8] = []

    mutating func align(_ size: Int) { while bytes.count % size != 0 { bytes.append(0) } }

    mutating func write(_ value: BusValue) {
        switch value {
        case .byte(let byte): bytes.append(byte)
        case .uint32(let number):
            align(4)
            for shift in [0, 8, 16, 24] { bytes.append(UInt8(truncatingIfNeeded: number >> UInt32(shift))) }
        case .string(let text), .objectPath(let text):
            write(.uint32(UInt32(text.utf8.count)))
            bytes += Array(text.utf8) + [0]
        case .signature(let text): bytes += [UInt8(text.utf8.count)] + Array(text.utf8) + [0]
        case .variant(let value):
            write(.signature(value.signature))
            write(value)
        case .structure(let members):
            align(8)
            for member in members { write(member) }
        case .array(_, let values):
            var inner = Bytes()
            // The header's fields, which stand at a multiple of eight.
            for value in values { inner.write(value) }
            write(.uint32(UInt32(inner.bytes.count)))
            align(8)
            bytes += inner.bytes
        default: preconditionFailure("not needed here")
        }
    }
}

private let reply: UInt8 = 2
private let failure: UInt8 = 3
private let signal: UInt8 = 4
private let hello = message(reply, replyTo: 1, [.string(":1.7")])
private let job = BusValue.objectPath("/org/freedesktop/systemd1/job/5")

private func removed(_ path: BusValue, _ result: String, sender: String = ":1.1") -> [UInt8] {
    message(signal, member: "JobRemoved", sender: sender, [.uint32(5), path, .string("x.scope"), .string(result)])
}

/// Starts x.scope with the parts as the other side's answers, and returns the error's text, or nothing.
private func start(_ parts: [[UInt8]], closes: Bool = true, timeoutMilliseconds: Int = 5000) throws -> String {
    let socket = try talk(parts, closes: closes)
    do throws(CgroupError) {
        var manager = try SystemdManager(socket, isBus: true, timeoutMilliseconds: timeoutMilliseconds)
        try manager.startTransientUnit("x.scope", [UnitProperty("Delegate", .boolean(true))])
        return ""
    } catch {
        return error.description
    }
}

// Call 1 is Hello, 2 AddMatch, 3 StartTransientUnit.

@Test func aUnitIsStartedWhenItsJobIsDone() throws {
    #expect(try start([welcome + hello + message(reply, replyTo: 2, []) + message(reply, replyTo: 3, [job]) + removed(job, "done")]) == "")
}

@Test func theEndOfTheJobMayComeBeforeTheAnswer() throws {
    #expect(try start([welcome + hello + removed(job, "done") + message(reply, replyTo: 3, [job])]) == "")
}

@Test func answersMayComeByteByByte() throws {
    let all = welcome + hello + message(reply, replyTo: 3, [job]) + removed(job, "done")
    let parts = stride(from: 0, to: all.count, by: 60).map { Array(all[$0..<min($0 + 60, all.count)]) }
    #expect(try start(parts) == "")
}

@Test func otherJobsOtherSignalsAndOtherSendersDoNotCount() throws {
    let noise =
        removed(.objectPath("/org/freedesktop/systemd1/job/6"), "failed") + removed(job, "failed", sender: ":1.66")
        + message(signal, member: "UnitNew", [.string("x.scope"), job]) + message(reply, replyTo: 77, [])
        + message(signal, member: "JobRemoved", [])
    #expect(try start([welcome + hello + noise + message(reply, replyTo: 3, [job]) + noise + removed(job, "done")]) == "")
}

@Test func aJobThatFailsIsAnErrorWithItsResult() throws {
    let answers = welcome + hello + message(reply, replyTo: 3, [job]) + removed(job, "timeout") + message(reply, replyTo: 4, [])
    #expect(try start([answers]) == "the result of its job is timeout, not done")
}

@Test func aUnitThatExistsIsResetOnceAndThenAnError() throws {
    let exists = "org.freedesktop.systemd1.UnitExists"
    func refusal(_ serial: UInt32) -> [UInt8] {
        message(failure, replyTo: serial, error: exists, [.string("Unit x.scope was already loaded.")])
    }
    let answers = welcome + hello + refusal(3) + message(reply, replyTo: 4, [])
    #expect(try start([answers + refusal(5)]) == "Unit x.scope was already loaded. (org.freedesktop.systemd1.UnitExists)")
    #expect(try start([answers + message(reply, replyTo: 5, [job]) + removed(job, "done")]) == "")
}

@Test(
    arguments: [
        ([], "the connection broke: read(2): ECONNRESET (connection reset by peer)"),
        ([Array("REJECTED EXTERNAL\r\n".utf8)], "it does not let us in: REJECTED EXTERNAL"),
        ([Array("DATA\r\nERROR\r\n".utf8)], "it does not let us in: ERROR"),
        ([[UInt8](repeating: 0x41, count: 5000)], "it does not speak D-Bus"),
        ([welcome + [UInt8](repeating: 0x41, count: 64)], "the answer is no message of D-Bus, version 1"),
        ([welcome + [0x6c, 2, 0, 1, 255, 255, 255, 255, 1, 0, 0, 0, 0, 0, 0, 0]], "the answer is a message of 4294967311 bytes"),
        ([welcome + hello.prefix(20)], "the connection broke: read(2): ECONNRESET (connection reset by peer)"),
        ([welcome + hello + message(reply, replyTo: 3, [.string("no path")])], "the answer names no job"),
        ([welcome + hello + message(reply, replyTo: 3, [])], "the answer names no job"),
        ([welcome + message(failure, replyTo: 1, error: "a.b.C", [])], "a.b.C"),
    ] as [([[UInt8]], String)])
func answersThatAreNoneAreErrors(_ parts: [[UInt8]], _ problem: String) throws {
    #expect(try start(parts) == problem)
}

@Test func whoDoesNotAnswerIsNotWaitedForForEver() throws {
    let before = Kernel.monotonicNanoseconds()
    #expect(try start([welcome + hello], closes: false, timeoutMilliseconds: 200) == "no answer in time")
    #expect(Kernel.monotonicNanoseconds() - before < 2_500_000_000)
}

@Test func aUnitThatIsGoneCountsAsStopped() throws {
    let gone = "org.freedesktop.systemd1.NoSuchUnit"
    let answers =
        hello + message(failure, replyTo: 3, error: gone, [.string("x")]) + message(failure, replyTo: 4, error: gone, [.string("x")])
    var manager = try SystemdManager(try talk([welcome + answers]), isBus: true, timeoutMilliseconds: 5000)
    try manager.stopUnit("x.scope")
}

@Test func versionAndPlaceOfTheManagerAreRead() throws {
    let answers =
        hello + message(reply, replyTo: 2, [.variant(.string("252.39-1~deb12u1"))]) + message(reply, replyTo: 3, [.variant(.string("/a"))])
    var manager = try SystemdManager(try talk([welcome + answers]), isBus: true, timeoutMilliseconds: 5000)
    #expect(try manager.facts(isUser: true) == SystemdFacts(version: 252, controlGroup: "/a", isUser: true))
}

@Test(.enabled(if: access("/run/systemd/system", F_OK) != 0, "a host without systemd"))
func withoutSystemdTheErrorSaysSo() {
    let error = #expect(throws: CgroupError.self) { try probeSystemd(isUser: false) }
    #expect(error?.description == "no systemd: /run/systemd/system is not there")
}
