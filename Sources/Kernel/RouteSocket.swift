import CKernel
public import KernelABI

// A small client for the kernel's network configuration: one request at a time, its answers and its acknowledgement. See netlink(7), rtnetlink(7).

/// A netlink socket (NETLINK_ROUTE), which stays in the network namespace that it was made in.
public struct RouteSocket: ~Copyable, Sendable {
    let socket: FileDescriptor
    /// The kernel answers within the call that sends the request; whoever lets this pass is not the kernel.
    var patienceMilliseconds: UInt64 = 10_000
    /// The kernel fills at most 32 KiB at once.
    var longestAnswer = 64 << 10
    private var sequence: UInt32 = 0

    /// Makes the socket in the calling process's network namespace.
    public init() throws(SyscallError) {
        let number = try enter("socket", "netlink") { sw_socket(netlinkDomain, rawPackets | OpenFlags.closeOnExec.rawValue, routeProtocol) }
        socket = FileDescriptor(adopting: Int32(truncatingIfNeeded: number))
        // KERNEL: 4.12, 4.3 and 4.20. Without them an error is its number alone, comes with the request repeated, and a dump is not filtered, which
        // the readers do anyway.
        for option in [extendedAcknowledgement, cappedAcknowledgement, strictCheck] {
            _ = sw_setsockopt_int(socket.number, netlinkLevel, option, 1)
        }
    }

    /// Sends one request and gives the payloads of its answers, those of another type than `answers` left out.
    ///
    /// - Parameter subject: how an error names the request.
    /// - Throws: `SyscallError` with the kernel's errno, and its own words where it has some; `EINTR` for a list that changed while it was read;
    ///   `ETIMEDOUT` for an answer that does not come.
    mutating func request(
        _ type: UInt16, _ flags: UInt16, _ payload: NetlinkBytes, answers: UInt16, subject: String
    ) throws(SyscallError) -> [ArraySlice<UInt8>] {
        guard !payload.isTooLong, let length = UInt32(exactly: headerLength + payload.bytes.count) else {
            throw SyscallError("sendto", subject, .EMSGSIZE)
        }
        sequence &+= 1
        var message = NetlinkBytes()
        message.append(length)
        message.append(type)
        message.append(flags | isRequest | wantsAnswer)
        message.append(sequence)
        message.append(UInt32(0))
        try send(socket, message.bytes + payload.bytes)
        let deadline = monotonicNanoseconds() &+ patienceMilliseconds &* nanosecondsPerMillisecond
        var found = NetlinkAnswers(to: sequence, answers, subject)
        while !found.isComplete { try found.take(try nextDatagram(by: deadline, subject)) }
        return found.payloads
    }

    /// Waits for the next datagram, whoever sent it, until the monotonic clock shows `deadline`.
    func nextDatagram(by deadline: UInt64, _ subject: String) throws(SyscallError) -> NetlinkDatagram {
        let now = monotonicNanoseconds()
        let left = deadline > now ? (deadline - now) / nanosecondsPerMillisecond : 0
        let ready = try poll([PollRequest(number: socket.number, events: .readable)], timeoutMilliseconds: Int(clamping: left))
        // The time counts even where there is something to read: it may be one stranger's message after another.
        guard now < deadline, ready.first?.isEmpty == false else { throw SyscallError("recvfrom", "\(subject): no answer", .ETIMEDOUT) }
        let (number, room) = (socket.number, longestAnswer)
        var result = 0
        var (family, port) = (Int32(0), UInt32(0))
        // SAFETY: `result` bytes were written by the kernel, and never more than the buffer holds; with MSG_TRUNC it is the length that the datagram had.
        let bytes = unsafe [UInt8](unsafeUninitializedCapacity: room) { buffer, count in
            result = uninterrupted { unsafe sw_recv_netlink(number, buffer.baseAddress, room, truncated | doNotWait, &family, &port) }
            count = min(max(result, 0), room)
        }
        guard result >= 0 else { throw failure("recvfrom", subject, result) }
        guard result <= room else {
            throw SyscallError("recvfrom", "\(subject): an answer of \(result) bytes, at most \(room) were expected", .EMSGSIZE)
        }
        return NetlinkDatagram(bytes: bytes, isFromKernel: family == netlinkDomain && port == 0)
    }
}

/// What one call received.
struct NetlinkDatagram {
    let bytes: [UInt8]
    /// Whether the sender's address is the kernel's. Others may send to a netlink socket too, with CAP_NET_ADMIN in its network namespace.
    let isFromKernel: Bool
}

/// What has come of one request so far.
struct NetlinkAnswers {
    private(set) var payloads: [ArraySlice<UInt8>] = []
    private(set) var isComplete = false
    private let sequence: UInt32
    private let wanted: UInt16
    private let subject: String
    private var hasChanged = false

    init(to sequence: UInt32, _ wanted: UInt16, _ subject: String) {
        self.sequence = sequence
        self.wanted = wanted
        self.subject = subject
    }

    /// Takes the messages of a datagram; what others than the kernel sent is passed over.
    mutating func take(_ datagram: NetlinkDatagram) throws(SyscallError) {
        guard datagram.isFromKernel else { return }
        var rest = datagram.bytes[...]
        repeat {
            guard let answer = NetlinkMessage(takingFrom: &rest) else {
                throw SyscallError("recvfrom", "\(subject): a message of an unsound length", .EPROTO)
            }
            // What is left of a request that was given up is passed over.
            guard answer.sequence == sequence else { continue }
            if answer.flags & listChanged != 0 { hasChanged = true }
            switch answer.type {
            case errorMessage, endOfList:
                if let failure = answer.failure(subject) { throw failure }
                if hasChanged { throw SyscallError("recvfrom", subject, .EINTR) }
                isComplete = true
                return
            case wanted:
                guard payloads.count < mostAnswers else { throw SyscallError("recvfrom", subject, .EFBIG) }
                payloads.append(answer.payload)
            default: continue
            }
        } while !rest.isEmpty
    }
}

/// One message that was received.
struct NetlinkMessage {
    let type: UInt16
    let flags: UInt16
    let sequence: UInt32
    let payload: ArraySlice<UInt8>

    /// Takes the first message off `bytes`; `nil` where there is none, or none that fits.
    init?(takingFrom bytes: inout ArraySlice<UInt8>) {
        guard let length = bytes.number32(at: 0), let type = bytes.number16(at: 4), let flags = bytes.number16(at: 6),
            let sequence = bytes.number32(at: 8), length >= headerLength, length <= bytes.count
        else { return nil }
        let whole = Int(length)
        self.type = type
        self.flags = flags
        self.sequence = sequence
        payload = bytes.dropFirst(headerLength).prefix(whole - headerLength)
        bytes = bytes.dropFirst(aligned(whole))
    }

    /// What an error message or the end of a list says; `nil` for success.
    func failure(_ subject: String) -> SyscallError? {
        guard let code = payload.number32(at: 0) else { return SyscallError("recvfrom", subject, .EPROTO) }
        let errno = Int32(bitPattern: code)
        // A list ends with the count of what it left out, if anything.
        guard errno < 0 else { return nil }
        let words = flags & hasExplanation != 0 ? explanation : nil
        return SyscallError("sendto", words.map { "\(subject): \($0)" } ?? subject, Errno(rawValue: 0 &- errno))
    }

    /// The kernel's own words, NLMSGERR_ATTR_MSG: behind the number and the header of the request, or the number alone at the end of a list.
    private var explanation: String? {
        let place = type == 3 ? 4 : 4 + headerLength
        return netlinkAttributes(payload.dropFirst(place))[1].map { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
    }
}

/// The attributes of a message by their number, the last one of each; `flags` in the number are left out.
func netlinkAttributes(_ bytes: ArraySlice<UInt8>) -> [UInt16: ArraySlice<UInt8>] {
    var attributes: [UInt16: ArraySlice<UInt8>] = [:]
    var rest = bytes
    while let length = rest.number16(at: 0), let type = rest.number16(at: 2), length >= 4, length <= rest.count {
        attributes[type & 0x3fff] = rest.dropFirst(4).prefix(Int(length) - 4)
        rest = rest.dropFirst(aligned(Int(length)))
    }
    return attributes
}

/// A message that is being written, in the machine's byte order.
struct NetlinkBytes {
    private(set) var bytes: [UInt8] = []
    /// Whether an attribute did not fit into its length of two bytes, and was left out.
    private(set) var isTooLong = false

    mutating func append(_ number: UInt8) { bytes.append(number) }
    mutating func append(_ number: UInt16) { append(UInt32(number), length: 2) }
    mutating func append(_ number: UInt32) { append(number, length: 4) }

    mutating func append(attribute type: UInt16, _ value: some Collection<UInt8>) {
        guard let length = UInt16(exactly: 4 + value.count) else {
            isTooLong = true
            return
        }
        append(length)
        append(type)
        bytes.append(contentsOf: value)
        while bytes.count != aligned(bytes.count) { bytes.append(0) }
    }

    mutating func append(attribute type: UInt16, _ value: UInt32) {
        var number = NetlinkBytes()
        number.append(value)
        append(attribute: type, number.bytes)
    }

    mutating func append(attribute type: UInt16, _ name: String) {
        append(attribute: type, Array(name.utf8) + [0])
    }

    private mutating func append(_ number: UInt32, length: Int) {
        for position in 0..<length { bytes.append(UInt8(truncatingIfNeeded: number >> shift(position, of: length))) }
    }
}

extension ArraySlice<UInt8> {
    /// The number of four bytes at an offset from the start; `nil` where they are not there.
    func number32(at offset: Int) -> UInt32? { number(at: offset, length: 4) }

    /// The number of two bytes at an offset from the start; `nil` where they are not there.
    func number16(at offset: Int) -> UInt16? { number(at: offset, length: 2).map { UInt16(truncatingIfNeeded: $0) } }

    private func number(at offset: Int, length: Int) -> UInt32? {
        guard count >= offset + length else { return nil }
        var number: UInt32 = 0
        for position in 0..<length { number |= UInt32(self[startIndex + offset + position]) << shift(position, of: length) }
        return number
    }
}

/// How far the byte at a position stands from the lowest one.
private func shift(_ position: Int, of length: Int) -> UInt32 {
    #if _endian(little)
        UInt32(position * 8)
    #else
        UInt32((length - 1 - position) * 8)
    #endif
}

private func aligned(_ length: Int) -> Int { (length + 3) & ~3 }

private let headerLength = 16
private let nanosecondsPerMillisecond: UInt64 = 1_000_000
/// More addresses than any interface has.
private let mostAnswers = 1 << 16

// Constants of socket(2), include/uapi/linux/netlink.h, which only this file uses.
private let netlinkDomain: Int32 = 16
private let rawPackets: Int32 = 3
private let truncated: Int32 = 0x20
private let doNotWait: Int32 = 0x40
private let routeProtocol: Int32 = 0
private let netlinkLevel: Int32 = 270
private let cappedAcknowledgement: Int32 = 10
private let extendedAcknowledgement: Int32 = 11
private let strictCheck: Int32 = 12

// Kinds of messages and their flags: NLMSG_ERROR, NLMSG_DONE; NLM_F_REQUEST, NLM_F_ACK, NLM_F_DUMP_INTR, NLM_F_ACK_TLVS.
private let errorMessage: UInt16 = 2
private let endOfList: UInt16 = 3
private let isRequest: UInt16 = 0x1
private let wantsAnswer: UInt16 = 0x4
private let listChanged: UInt16 = 0x10
private let hasExplanation: UInt16 = 0x200
