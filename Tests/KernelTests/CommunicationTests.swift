import Foundation
import Kernel
import KernelABI
import Testing

@Suite(.timeLimit(.minutes(1))) struct SocketTests {
    @Test func messagesKeepTheirBorders() throws {
        let pair = try socketPair()
        try send(pair.first, Array("one".utf8))
        try send(pair.first, Array("two".utf8))
        #expect(try receive(pair.second, limit: 100) == Array("one".utf8))
        #expect(try receive(pair.second, limit: 100) == Array("two".utf8))
    }

    @Test func aMessageAboveTheLimitIsRefused() throws {
        let pair = try socketPair()
        try send(pair.first, [1, 2, 3, 4])
        try send(pair.first, [5])
        #expect(errno { () throws(SyscallError) in _ = try receive(pair.second, limit: 3) } == .EMSGSIZE)
        #expect(try receive(pair.second, limit: 1) == [5])
    }

    @Test func theOtherSidesEndIsAnEmptyMessage() throws {
        let pair = try socketPair()
        let second = pair.keepSecond()
        #expect(try receive(second, limit: 10) == [])
        #expect(errno { () throws(SyscallError) in try send(second, [1]) } == .EPIPE)
    }

    @Test func aDescriptorTravelsWithItsMessage() throws {
        let pair = try socketPair()
        let scratch = try Scratch()
        try scratch.write("file", "passed")
        let file = try Kernel.open("file", at: scratch.directory, .readOnly)
        try sendDescriptor(file.number, over: pair.first, message: Array("here".utf8))
        var message = try receiveDescriptors(pair.second, limit: 10)
        #expect(message.bytes == Array("here".utf8))
        let count = message.descriptors.count
        #expect(count == 1)
        let number = message.descriptors.removeLast()?.release()
        let passed = try #require(number)
        #expect(passed != file.number)
        #expect(try readAll(FileDescriptor(adopting: passed), limit: 100, subject: "passed") == Array("passed".utf8))
    }

    @Test func aMessageWithoutDescriptorsHasNone() throws {
        let pair = try socketPair()
        try send(pair.first, [1])
        let message = try receiveDescriptors(pair.second, limit: 10)
        #expect(message.bytes == [1])
        let count = message.descriptors.count
        #expect(count == 0)
    }

    @Test func aCutMessageWithDescriptorsIsRefused() throws {
        let pair = try socketPair()
        try sendDescriptor(0, over: pair.first, message: [1, 2, 3])
        #expect(errno { () throws(SyscallError) in _ = try receiveDescriptors(pair.second, limit: 2) } == .EMSGSIZE)
    }
}

@Suite(.timeLimit(.minutes(1))) struct StreamTests {
    /// A socket that listens as the file `agent` of a scratch folder, by way of Python: Kernel itself listens for packets only.
    @Test func aStreamOfAnyLengthArrivesWithItsDescriptor() throws {
        let scratch = try Scratch()
        let receiver = Process()
        receiver.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        receiver.arguments = [
            "python3", "-c",
            """
            import os, socket, sys
            os.chdir(sys.argv[1])
            server = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
            server.bind("agent")
            server.listen(1)
            os.write(1, b"ready\\n")
            connection = server.accept()[0]
            data, fds, _, _ = socket.recv_fds(connection, 1000, 4)
            total, later = len(data), 0
            while True:
                data, more, _, _ = socket.recv_fds(connection, 65536, 4)
                if not data: break
                total, later = total + len(data), later + len(more)
            os.write(1, f"{total} {len(fds)} {later} {os.read(fds[0], 100).decode()}\\n".encode())
            """, scratch.path,
        ]
        let output = Pipe()
        receiver.standardOutput = output
        try receiver.run()
        defer { receiver.terminate() }
        #expect(String(decoding: output.fileHandleForReading.availableData, as: UTF8.self) == "ready\n")
        try scratch.write("file", "passed")
        do {
            let file = try Kernel.open("file", at: scratch.directory, .readOnly)
            let stream = try connectStream("\(scratch.path)/./././././././././././././././././././././././././agent", timeoutSeconds: 10)
            try sendAll([UInt8](repeating: 65, count: 1_000_000), passing: file.number, over: stream)
        }
        let answer = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        #expect(answer == "1000000 1 0 passed\n")
    }

    @Test func connectingFailsWhereNobodyListens() throws {
        let scratch = try Scratch()
        #expect(errno { () throws(SyscallError) in _ = try connectStream("\(scratch.path)/agent", timeoutSeconds: 1) } == .ENOENT)
    }
}

@Suite(.timeLimit(.minutes(1))) struct PollTests {
    @Test func onlyWhatHappenedIsReported() throws {
        let quiet = try Kernel.pipe()
        let ready = try Kernel.pipe()
        try writeAll(ready.second, [1], subject: "pipe")
        let requests = [
            PollRequest(number: quiet.first.number, events: .readable), PollRequest(number: ready.first.number, events: .readable),
            PollRequest(number: -1, events: .readable),
        ]
        #expect(try poll(requests, timeoutMilliseconds: nil) == [[], .readable, []])
    }

    @Test func theTimeRunsOut() throws {
        let quiet = try Kernel.pipe()
        let start = monotonicNanoseconds()
        #expect(try poll([PollRequest(number: quiet.first.number, events: .readable)], timeoutMilliseconds: 20) == [[]])
        #expect(monotonicNanoseconds() - start >= 20_000_000)
    }

    @Test func aClosedEndIsReportedUnasked() throws {
        let pipe = try Kernel.pipe()
        let reader = pipe.keepFirst()
        #expect(try poll([PollRequest(number: reader.number, events: [])], timeoutMilliseconds: nil) == [.hangUp])
    }
}

@Suite struct ClockTests {
    @Test func theTimeIsAfterThisWasWritten() {
        #expect(realTime().seconds > 1_700_000_000)
        #expect((0..<1_000_000_000).contains(realTime().nanoseconds))
    }

    @Test func theMonotonicClockDoesNotGoBack() {
        let first = monotonicNanoseconds()
        #expect(monotonicNanoseconds() >= first)
    }
}
