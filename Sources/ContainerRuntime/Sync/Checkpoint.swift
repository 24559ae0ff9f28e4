/// The words on the sync socket between the runtime and init (descriptor 3 in init), and at the gate. A checkpoint says what is now true.
enum Checkpoint: UInt8, Sendable, Hashable, CaseIterable {
    /// Parent: id maps and cgroup are in place.
    case hostReady = 1
    /// Init: everything is mounted beneath the new root.
    case rootfsReady
    /// Parent: the hooks of the runtime's namespaces have run.
    case hooksDone
    /// Init: a filter with a listener is in force; the message has the listener's number.
    case listener
    /// Parent: the listener was taken.
    case listenerTaken
    /// Init: everything but the program itself is done.
    case ready
    /// Init: the payload says what went wrong; nothing follows.
    case failed
    /// Init, at `start`: the startContainer hooks run from now on.
    case startHooksBegan
    /// Init, at `start`: they have run, the program comes next.
    case startHooksDone
    /// Parent: the kernel does not let it take the listener out of init, which is to send it.
    case listenerOutOfReach
    /// Middle process: init is made, and waits; its pidfd comes with the message.
    case initMade
}

/// One message: a checkpoint, with `failed` the report, with `listener` a descriptor's number in init.
struct SyncMessage: Sendable, Hashable {
    var checkpoint: Checkpoint
    var failure: RuntimeError?
    var listener: Int32?

    init(_ checkpoint: Checkpoint, failure: RuntimeError? = nil, listener: Int32? = nil) {
        self.checkpoint = checkpoint
        self.failure = failure
        self.listener = listener
    }

    /// The longest text field that is sent; longer ones are cut.
    static let longestField = 3276
    /// No message is longer: one byte, nine numbers, five texts with their lengths.
    static let longestMessage = 128 + 5 * (longestField + 4)
}

// The bytes: one for the checkpoint; with `listener` the number as 32 bits, which `Kernel.installFilter` writes too; with `failed` one for the kind, then errno, line and column as 32 bits each (-1 for none), then
// doing, pointer, call, path and remark, each with a 32-bit length (-1 for none). All numbers little endian.
extension SyncMessage {
    var bytes: [UInt8] {
        var bytes = [checkpoint.rawValue]
        if let listener { appendNumber(listener, to: &bytes) }
        guard let failure else { return bytes }
        bytes.append(failure.kind.rawValue)
        appendNumber(failure.errno, to: &bytes)
        appendNumber(failure.line.map { Int32(clamping: $0) }, to: &bytes)
        appendNumber(failure.column.map { Int32(clamping: $0) }, to: &bytes)
        appendText(failure.doing, to: &bytes)
        appendText(failure.pointer, to: &bytes)
        appendText(failure.call, to: &bytes)
        appendText(failure.path, to: &bytes)
        appendText(failure.remark, to: &bytes)
        return bytes
    }

    /// Reads a message; `nil` if the bytes are none, too many or too few.
    init?(bytes: [UInt8]) {
        guard let first = bytes.first, let checkpoint = Checkpoint(rawValue: first) else { return nil }
        var reader = SyncReader(bytes: bytes, position: 1)
        switch checkpoint {
        case .failed:
            guard let failure = reader.failure() else { return nil }
            self.init(.failed, failure: failure)
        case .listener:
            guard let listener = reader.number() else { return nil }
            self.init(.listener, listener: listener)
        default: self.init(checkpoint)
        }
        guard reader.position == bytes.count else { return nil }
    }

    private func appendNumber(_ number: Int32?, to bytes: inout [UInt8]) {
        let pattern = UInt32(bitPattern: number ?? -1)
        for shift in [UInt32(0), 8, 16, 24] { bytes.append(UInt8(truncatingIfNeeded: pattern >> shift)) }
    }

    private func appendText(_ text: String?, to bytes: inout [UInt8]) {
        guard let text else { return appendNumber(nil, to: &bytes) }
        let utf8 = text.utf8.prefix(SyncMessage.longestField)
        appendNumber(Int32(utf8.count), to: &bytes)
        bytes.append(contentsOf: utf8)
    }
}

/// Reads the fields of a failure report; every step is checked, because the bytes come from another process.
private struct SyncReader {
    let bytes: [UInt8]
    var position: Int

    mutating func failure() -> RuntimeError? {
        guard position < bytes.count, let kind = RuntimeError.Kind(rawValue: bytes[position]) else { return nil }
        position += 1
        guard let errno = number(), let line = number(), let column = number() else { return nil }
        guard let doing = text(), let pointer = text(), let call = text(), let path = text(), let remark = text(), let sentence = doing
        else { return nil }
        return RuntimeError(
            kind, sentence, pointer: pointer, line: line < 0 ? nil : Int(line), column: column < 0 ? nil : Int(column), call: call,
            path: path, errno: errno < 0 ? nil : errno, remark: remark)
    }

    mutating func number() -> Int32? {
        guard bytes.count - position >= 4 else { return nil }
        var pattern: UInt32 = 0
        for index in (0..<4).reversed() { pattern = pattern << 8 | UInt32(bytes[position + index]) }
        position += 4
        return Int32(bitPattern: pattern)
    }

    /// The outer optional is a malformed message, the inner one an absent text.
    private mutating func text() -> String?? {
        guard let length = number() else { return nil }
        guard length >= 0 else { return .some(nil) }
        let count = Int(length)
        guard count <= SyncMessage.longestField, bytes.count - position >= count else { return nil }
        let text = String(decoding: bytes[position..<(position + count)], as: UTF8.self)
        position += count
        return .some(text)
    }
}
