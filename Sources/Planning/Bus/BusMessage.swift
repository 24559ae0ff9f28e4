/// One message of D-Bus.
///
/// See the D-Bus specification, "Message Protocol".
public struct BusMessage: Sendable, Hashable {
    /// What kind of message it is, with what only this kind has.
    public enum Kind: UInt8, Sendable, Hashable {
        case call = 1
        case reply = 2
        case error = 3
        case signal = 4
    }

    public var kind: Kind
    /// Its number among those of its sender, from 1.
    public var serial: UInt32
    /// The number of the call that is answered.
    public var replySerial: UInt32?
    public var path: String?
    public var interface: String?
    public var member: String?
    public var errorName: String?
    public var destination: String?
    /// Set by the bus; absent where there is none between the two sides.
    public var sender: String?
    private var signature = ""
    private var body: [UInt8] = []
    private var isBigEndian = false

    /// A call of a method.
    public init(
        call member: String, of interface: String, at path: String, to destination: String?, serial: UInt32, _ arguments: [BusValue] = []
    ) {
        kind = .call
        self.serial = serial
        self.path = path
        self.interface = interface
        self.member = member
        self.destination = destination
        signature = arguments.map(\.signature).joined()
        var writer = BusWriter()
        for argument in arguments { writer.write(argument) }
        body = writer.bytes
    }

    /// What the message carries.
    public func values() throws(BusProblem) -> [BusValue] {
        var reader = BusReader(body, isBigEndian: isBigEndian)
        return try reader.values(signature)
    }

    /// The bytes to send.
    public var bytes: [UInt8] {
        var fields: [BusValue] = []
        func add(_ code: UInt8, _ value: BusValue?) {
            if let value { fields.append(.structure([.byte(code), .variant(value)])) }
        }
        add(1, path.map { .objectPath($0) })
        add(2, interface.map { .string($0) })
        add(3, member.map { .string($0) })
        add(5, replySerial.map { .uint32($0) })
        add(6, destination.map { .string($0) })
        add(8, signature.isEmpty ? nil : .signature(signature))
        var writer = BusWriter()
        writer.append([UInt8(ascii: "l"), kind.rawValue, 0, protocolVersion])
        writer.write(integer: UInt32(truncatingIfNeeded: body.count))
        writer.write(integer: serial)
        writer.write(.array(element: "(yv)", fields))
        writer.align(8)
        writer.append(body)
        return writer.bytes
    }
}

private let protocolVersion: UInt8 = 1
/// The fixed part of a header, with the length of its fields.
private let prefixLength = 16

extension BusMessage {
    /// How long the message at the start of `bytes` is; `nil` as long as too few of them are there to tell.
    public static func length(in bytes: [UInt8]) throws(BusProblem) -> Int? {
        guard bytes.count >= prefixLength else { return nil }
        var reader = BusReader(bytes, from: 4, isBigEndian: try isBigEndian(bytes))
        let body = Int(try reader.integer() as UInt32)
        _ = try reader.integer() as UInt32
        let fields = Int(try reader.integer() as UInt32)
        let header = (prefixLength + fields + 7) / 8 * 8
        guard fields <= BusLimit.array, body <= BusLimit.message, header + body <= BusLimit.message else {
            throw BusProblem("a message of \(header + body) bytes")
        }
        return header + body
    }

    /// Reads one whole message. Kinds and header fields that are not known are passed over, as the specification wants.
    ///
    /// - Returns: `nil` for a kind that is not known.
    public init?(_ bytes: [UInt8]) throws(BusProblem) {
        guard try BusMessage.length(in: bytes) == bytes.count else { throw BusProblem("a message of a wrong length") }
        isBigEndian = try BusMessage.isBigEndian(bytes)
        var reader = BusReader(bytes, from: 4, isBigEndian: isBigEndian)
        let bodyLength = Int(try reader.integer() as UInt32)
        serial = try reader.integer()
        guard let kind = Kind(rawValue: bytes[1]) else { return nil }
        self.kind = kind
        guard case .array(_, let fields)? = try reader.values("a(yv)").first else { throw BusProblem("a message without a header") }
        for case .structure(let pair) in fields {
            guard case .byte(let code)? = pair.first, case .variant(let value)? = pair.last else { continue }
            set(code, value)
        }
        body = Array(bytes.suffix(bodyLength))
    }

    private mutating func set(_ code: UInt8, _ value: BusValue) {
        switch (code, value) {
        case (1, .objectPath(let path)): self.path = path
        case (2, .string(let name)): interface = name
        case (3, .string(let name)): member = name
        case (4, .string(let name)): errorName = name
        case (5, .uint32(let number)): replySerial = number
        case (6, .string(let name)): destination = name
        case (7, .string(let name)): sender = name
        case (8, .signature(let types)): signature = types
        default: return
        }
    }

    private static func isBigEndian(_ bytes: [UInt8]) throws(BusProblem) -> Bool {
        guard bytes.count >= 4, bytes[3] == protocolVersion else { throw BusProblem("no message of D-Bus, version 1") }
        switch bytes[0] {
        case UInt8(ascii: "l"): return false
        case UInt8(ascii: "B"): return true
        default: throw BusProblem("no message of D-Bus, version 1")
        }
    }
}
