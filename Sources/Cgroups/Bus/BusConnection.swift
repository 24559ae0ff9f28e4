import Kernel
import KernelABI
import Planning

/// A connection to a bus, or straight to systemd, on which calls are made one after the other.
///
/// Everything that the other side sends is checked; it gets a limited time for all its answers together.
struct BusConnection: ~Copyable {
    private let socket: FileDescriptor
    private let deadline: UInt64
    /// What has arrived and is not read yet.
    private var buffer: [UInt8] = []
    private var lastSerial: UInt32 = 0
    /// The end of the other side was seen.
    private var isClosed = false
    /// Whether there is a bus between the two sides, which wants a receiver's name on each message.
    let isBus: Bool
    /// Signals that came while an answer was waited for.
    private(set) var signals: [BusMessage] = []

    /// Begins to talk on a connected stream socket: who we are (the kernel tells the other side the user), and the greeting of a bus.
    ///
    /// All of it goes out at once, and the answers are read after that.
    init(_ socket: consuming FileDescriptor, isBus: Bool, timeoutMilliseconds: Int) throws(CgroupError) {
        self.socket = socket
        self.isBus = isBus
        deadline = Kernel.monotonicNanoseconds() &+ UInt64(clamping: timeoutMilliseconds) &* nanosecondsPerMillisecond
        // An empty identity has the other side take the socket's: it is right in user namespaces too, where our own number is not that of outside.
        try send(Array("\0AUTH EXTERNAL\r\nDATA\r\nBEGIN\r\n".utf8))
        try expectLine("DATA")
        try expectLine("OK ")
    }

    /// Calls a method of an object and waits for the answer.
    ///
    /// - Throws: `CgroupError.bus` with the name and the text of an error that is answered.
    mutating func call(
        _ member: String, of interface: String, at path: String, of destination: String, _ arguments: [BusValue] = []
    ) throws(CgroupError) -> BusMessage {
        let serial = try start(member, of: interface, at: path, of: destination, arguments)
        return try answer(to: serial)
    }

    /// Sends a call and does not wait.
    ///
    /// - Returns: the number by which `answer` finds what comes back.
    mutating func start(
        _ member: String, of interface: String, at path: String, of destination: String, _ arguments: [BusValue] = []
    ) throws(CgroupError) -> UInt32 {
        lastSerial += 1
        let message = BusMessage(
            call: member, of: interface, at: path, to: isBus ? destination : nil, serial: lastSerial, arguments)
        try send(message.bytes)
        return lastSerial
    }

    /// Waits for the answer to a call. Signals before it are kept; answers to other calls are dropped.
    mutating func answer(to serial: UInt32) throws(CgroupError) -> BusMessage {
        while true {
            let message = try nextMessage()
            if message.kind == .signal { keep(message) }
            guard message.replySerial == serial else { continue }
            if message.kind == .reply { return message }
            guard message.kind == .error else { continue }
            var text = ""
            if case .string(let words)? = try? message.values().first { text = words }
            throw .bus(name: message.errorName ?? "", text: text)
        }
    }

    /// The next signal, one that was kept first.
    mutating func nextSignal() throws(CgroupError) -> BusMessage {
        if !signals.isEmpty { return signals.removeFirst() }
        while true {
            let message = try nextMessage()
            if message.kind == .signal { return message }
        }
    }

    private mutating func keep(_ signal: BusMessage) {
        // systemd may tell much of other units; the one that is waited for is asked about again where it was dropped.
        let most = 1024
        if signals.count < most { signals.append(signal) }
    }

    // MARK: Bytes

    private mutating func nextMessage() throws(CgroupError) -> BusMessage {
        while true {
            do {
                if let length = try BusMessage.length(in: buffer), length <= buffer.count {
                    let message = try BusMessage(Array(buffer.prefix(length)))
                    buffer.removeFirst(length)
                    if let message { return message }
                    continue
                }
            } catch {
                throw .bus(name: "", text: "the answer is \(error)")
            }
            try receive()
        }
    }

    /// Reads one line of the greeting, which has to begin with `words`.
    private mutating func expectLine(_ words: String) throws(CgroupError) {
        let longest = 1024
        while true {
            if let end = buffer.firstIndex(of: UInt8(ascii: "\n")) {
                let line = buffer[..<end]
                let isExpected = line.starts(with: words.utf8)
                let text = String(decoding: line.filter { $0 != UInt8(ascii: "\r") }, as: UTF8.self)
                buffer.removeFirst(end + 1)
                guard isExpected else { throw .bus(name: "", text: "it does not let us in: \(text.prefix(100))") }
                return
            }
            guard buffer.count < longest else { throw .bus(name: "", text: "it does not speak D-Bus") }
            try receive()
        }
    }

    private mutating func receive() throws(CgroupError) {
        let now = Kernel.monotonicNanoseconds()
        let milliseconds = deadline > now ? Int((deadline - now) / nanosecondsPerMillisecond) + 1 : 0
        do throws(SyscallError) {
            let ready = try Kernel.poll([PollRequest(number: socket.number, events: .readable)], timeoutMilliseconds: milliseconds)
            guard !ready[0].isEmpty else { throw SyscallError("poll", "", .ETIMEDOUT) }
            let bytes = try Kernel.readSome(socket, limit: 64 << 10)
            guard !bytes.isEmpty else { throw SyscallError("read", "", .ECONNRESET) }
            buffer += bytes
        } catch {
            throw .busSilent(error)
        }
    }

    private func send(_ bytes: [UInt8]) throws(CgroupError) {
        do { try Kernel.sendAll(bytes, over: socket) } catch { throw .busSilent(error) }
    }
}

private let nanosecondsPerMillisecond: UInt64 = 1_000_000
