import KernelABI
import Testing

@testable import ContainerRuntime

@Suite struct SyncMessageTests {
    @Test(arguments: Checkpoint.allCases.filter { $0 != .failed && $0 != .listener })
    func aCheckpointIsOneByte(_ checkpoint: Checkpoint) {
        #expect(SyncMessage(checkpoint).bytes == [checkpoint.rawValue])
        #expect(SyncMessage(bytes: [checkpoint.rawValue]) == SyncMessage(checkpoint))
    }

    @Test func aListenerComesWithItsNumber() {
        // What `Kernel.installFilter` writes: the word, and the number with its lowest byte first.
        #expect(SyncMessage(bytes: [4, 0x2c, 1, 0, 0]) == SyncMessage(.listener, listener: 300))
        #expect(SyncMessage(.listener, listener: 300).bytes == [4, 0x2c, 1, 0, 0])
        #expect(SyncMessage(bytes: [4]) == nil)
        #expect(SyncMessage(bytes: [4, 0, 0, 0]) == nil)
        #expect(SyncMessage(bytes: [4, 0, 0, 0, 0, 0]) == nil)
    }

    @Test func aFailureArrivesAsItWasSent() {
        let failure = RuntimeError(
            .hookFailed, "bind /data at /mnt", pointer: "mounts[3]", line: 41, column: 5, call: "open_tree", path: "/data", errno: 2,
            remark: "/data does not exist")
        let message = SyncMessage(.failed, failure: failure)
        #expect(SyncMessage(bytes: message.bytes) == message)
    }

    @Test func absentFieldsStayAbsent() {
        let failure = RuntimeError(.system, "")
        #expect(SyncMessage(bytes: SyncMessage(.failed, failure: failure).bytes)?.failure == failure)
    }

    @Test func aLongTextIsCutAndTheMessageStaysBelowItsBound() {
        let text = String(repeating: "x", count: 100_000)
        let failure = RuntimeError(.system, text, pointer: text, call: text, path: text, errno: 1, remark: text)
        let bytes = SyncMessage(.failed, failure: failure).bytes
        #expect(bytes.count <= SyncMessage.longestMessage)
        #expect(SyncMessage(bytes: bytes)?.failure?.doing.utf8.count == 3276)
    }

    @Test func everyTruncationIsRefused() {
        let bytes = SyncMessage(.failed, failure: RuntimeError(.system, "abc", pointer: "d", call: "e", path: "f", errno: 9)).bytes
        for length in 0..<bytes.count { #expect(SyncMessage(bytes: Array(bytes[..<length])) == nil) }
        #expect(SyncMessage(bytes: bytes + [0]) == nil)
    }

    @Test func strangeBytesAreRefused() {
        #expect(SyncMessage(bytes: []) == nil)
        #expect(SyncMessage(bytes: [0]) == nil)
        #expect(SyncMessage(bytes: [12]) == nil)
        #expect(SyncMessage(bytes: [1, 1]) == nil)
        // A length that is larger than what follows, and one that is larger than any.
        #expect(SyncMessage(bytes: [7, 0] + [UInt8](repeating: 0xff, count: 12) + [5, 0, 0, 0, 65]) == nil)
        #expect(SyncMessage(bytes: [7, 0] + [UInt8](repeating: 0xff, count: 12) + [0xff, 0xff, 0xff, 0x7f, 65]) == nil)
    }

    @Test func anyBytesAreReadWithoutATrap() {
        var state: UInt64 = 0x9e37_79b9_7f4a_7c15
        for _ in 0..<20_000 {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            var bytes = (0..<Int(state >> 58)).map { UInt8(truncatingIfNeeded: state >> UInt64($0 % 56)) }
            if !bytes.isEmpty { bytes[0] = 7 }
            _ = SyncMessage(bytes: bytes)
        }
    }
}

@Suite struct SyncSequenceTests {
    /// Whether each word of a conversation is accepted.
    private func answers(to words: [Checkpoint], expectsListener: Bool = false) -> [Bool] {
        var sequence = SyncSequence(expectsListener: expectsListener)
        return words.map { sequence.accepts($0) }
    }

    @Test func theUsualOrderIsAccepted() {
        #expect(answers(to: [.rootfsReady, .ready]) == [true, true])
    }

    @Test func aListenerComesBetweenRootfsAndReady() {
        #expect(answers(to: [.rootfsReady, .listener, .ready], expectsListener: true) == [true, true, true])
        #expect(answers(to: [.rootfsReady, .ready], expectsListener: true) == [true, false])
    }

    @Test func aListenerThatIsNotPlannedIsRefused() {
        #expect(answers(to: [.rootfsReady, .listener]) == [true, false])
    }

    @Test func aFailureMayComeAtAnyPointAndIsTheLastWord() {
        #expect(answers(to: [.failed] + Checkpoint.allCases) == [true] + Checkpoint.allCases.map { _ in false })
        #expect(answers(to: [.rootfsReady, .failed, .ready]) == [true, true, false])
    }

    @Test(arguments: [Checkpoint.hostReady, .hooksDone, .listenerTaken, .listenerOutOfReach])
    func wordsOfTheParentAreRefusedFromInit(_ word: Checkpoint) {
        #expect(answers(to: [word], expectsListener: true) == [false])
    }

    @Test func nothingComesTwiceOrTooEarlyOrAfterReady() {
        #expect(answers(to: [.ready, .rootfsReady, .rootfsReady, .ready, .ready, .failed]) == [false, true, false, true, false, false])
    }
}
