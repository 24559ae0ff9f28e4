/// Where a bus listens.
public enum BusAddress: Sendable, Hashable {
    /// A socket in the file system.
    case path(String)
    /// A socket in the abstract namespace of unix(7).
    case abstract(String)
}

/// Takes the addresses out of `$DBUS_SESSION_BUS_ADDRESS` that lead to a socket of this machine, in their order.
///
/// `unix:path=/run/user/1000/bus,guid=…;unix:abstract=/tmp/dbus-x`; other transports are passed over.
/// See the D-Bus specification, "Server Addresses".
public func busAddresses(_ text: String) -> [BusAddress] {
    var addresses: [BusAddress] = []
    for part in text.utf8.split(separator: UInt8(ascii: ";")) {
        let transport = "unix:".utf8
        guard part.starts(with: transport) else { continue }
        for pair in part.dropFirst(transport.count).split(separator: UInt8(ascii: ",")) {
            guard let equals = pair.firstIndex(of: UInt8(ascii: "=")) else { continue }
            guard let value = unescaped(Substring(pair[pair.index(after: equals)...]).utf8), !value.isEmpty else { continue }
            if pair[..<equals].elementsEqual("path".utf8) { addresses.append(.path(value)) }
            if pair[..<equals].elementsEqual("abstract".utf8) { addresses.append(.abstract(value)) }
        }
    }
    return addresses
}

/// `%2d` stands for a byte; `nil` where two hexadecimal digits are missing, or stand for a zero.
private func unescaped(_ text: Substring.UTF8View) -> String? {
    var bytes: [UInt8] = []
    var rest = text
    while let byte = rest.popFirst() {
        guard byte == UInt8(ascii: "%") else {
            bytes.append(byte)
            continue
        }
        guard rest.count >= 2, let value = UInt8(String(Substring(rest.prefix(2))), radix: 16), value != 0 else { return nil }
        bytes.append(value)
        rest = rest.dropFirst(2)
    }
    return String(decoding: bytes, as: UTF8.self)
}
