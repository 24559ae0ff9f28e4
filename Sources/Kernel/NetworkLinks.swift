public import KernelABI

// Network interfaces and their addresses, in the network namespace of a `RouteSocket`. Numbers from include/uapi/linux/{rtnetlink,if_link,if_addr}.h.

/// One address of an interface.
public struct LinkAddress: Sendable, Hashable {
    /// `AF_INET` (2) or `AF_INET6` (10).
    public var family: UInt8
    /// The length of the network's prefix in bits.
    public var prefixLength: UInt8
    /// How far it is valid: 0 is everywhere (RT_SCOPE_UNIVERSE).
    public var scope: UInt8
    /// `IFA_F_…`.
    public var flags: UInt32
    /// The attributes as the kernel gave them: the address itself, the peer's, broadcast, lifetimes, metric.
    var attributes: [UInt16: [UInt8]]

    /// Whether the address was configured to stay and to be reached from everywhere: not link-local, not given for a time, not a temporary one.
    public var isPermanentAndGlobal: Bool {
        let permanent: UInt32 = 0x80
        // For IPv4 the same bit means the second address of a network.
        let isTemporary = family == 10 && flags & 0x01 != 0
        return scope == 0 && flags & permanent != 0 && !isTemporary
    }
}

/// An interface as its network namespace knows it.
public struct NetworkLink: Sendable, Hashable {
    /// Its number.
    public let index: UInt32
    /// Its name proper, also where it was found by an alternative one.
    public let name: String
    /// Whether it is set up.
    public let isUp: Bool
}

extension RouteSocket {
    /// The interface with that name or alternative name; `nil` if there is none.
    public mutating func link(_ name: String) throws(SyscallError) -> NetworkLink? {
        guard let payload = try payload(ofLink: name) else { return nil }
        let headerLength = 16
        guard let index = payload.number32(at: 4), let flags = payload.number32(at: 8),
            let found = netlinkAttributes(payload.dropFirst(headerLength))[attributeName]
        else { throw SyscallError("recvfrom", "RTM_GETLINK \(name)", .EPROTO) }
        return NetworkLink(index: index, name: String(decoding: found.prefix { $0 != 0 }, as: UTF8.self), isUp: flags & 0x1 != 0)
    }

    /// The index of the interface with that name or alternative name; `nil` if there is none.
    public mutating func index(ofLink name: String) throws(SyscallError) -> UInt32? {
        try payload(ofLink: name)?.number32(at: 4)
    }

    private mutating func payload(ofLink name: String) throws(SyscallError) -> ArraySlice<UInt8>? {
        var message = NetlinkBytes.link(index: 0)
        message.append(attribute: attributeName, name)
        do {
            return try request(getLink, 0, message, answers: newLink, subject: "RTM_GETLINK \(name)").first
        } catch {
            guard error.errno == .ENODEV else { throw error }
            return nil
        }
    }

    /// The addresses of an interface, in the kernel's order. Asks anew, at most three times, if they change meanwhile.
    public mutating func addresses(ofLink index: UInt32) throws(SyscallError) -> [LinkAddress] {
        let dump: UInt16 = 0x300
        var message = NetlinkBytes()
        for byte: UInt8 in [0, 0, 0, 0] { message.append(byte) }
        message.append(index)
        for attempt in 1...3 {
            do {
                let found = try request(getAddress, dump, message, answers: newAddress, subject: "RTM_GETADDR")
                return found.compactMap { LinkAddress($0, ofLink: index) }
            } catch {
                guard error.errno == .EINTR, attempt < 3 else { throw error }
            }
        }
        return []
    }

    /// Moves an interface into the network namespace behind `namespace` under a new name, which leaves it down and without addresses.
    ///
    /// - Throws: `SyscallError`: `EEXIST` if the name is taken there, `EINVAL` for an interface that cannot be moved.
    public mutating func moveLink(
        _ index: UInt32, to namespace: borrowing FileDescriptor, as name: String
    ) throws(SyscallError) {
        var message = NetlinkBytes.link(index: index)
        message.append(attribute: attributeNamespace, UInt32(bitPattern: namespace.number))
        message.append(attribute: attributeName, name)
        _ = try request(setLink, 0, message, answers: newLink, subject: "RTM_SETLINK \(name)")
    }

    /// Adds an address to an interface.
    public mutating func add(_ address: LinkAddress, toLink index: UInt32) throws(SyscallError) {
        let createAndExclusive: UInt16 = 0x600
        // Those that are asked for: IFA_F_NODAD, HOMEADDRESS, MANAGETEMPADDR, NOPREFIXROUTE, MCAUTOJOIN. The others tell what became of it.
        let configured: UInt32 = 0x02 | 0x10 | 0x100 | 0x200 | 0x400
        var message = NetlinkBytes()
        message.append(address.family)
        message.append(address.prefixLength)
        message.append(UInt8(truncatingIfNeeded: address.flags & configured))
        message.append(address.scope)
        message.append(index)
        for (type, value) in address.attributes.sorted(by: { $0.key < $1.key }) { message.append(attribute: type, value) }
        message.append(attribute: attributeFlags, address.flags & configured)
        _ = try request(newAddress, createAndExclusive, message, answers: newAddress, subject: "RTM_NEWADDR")
    }

    /// Sets an interface up.
    public mutating func setLinkUp(_ index: UInt32) throws(SyscallError) {
        _ = try request(setLink, 0, NetlinkBytes.link(index: index, flags: 0x1), answers: newLink, subject: "RTM_SETLINK up")
    }
}

extension LinkAddress {
    /// `nil` if it is malformed, or another interface's: older kernels do not filter.
    init?(_ payload: ArraySlice<UInt8>, ofLink wanted: UInt32) {
        guard payload.count >= 8, payload.number32(at: 4) == wanted else { return nil }
        let head = Array(payload.prefix(4))
        let found = netlinkAttributes(payload.dropFirst(8))
        family = head[0]
        prefixLength = head[1]
        scope = head[3]
        flags = found[attributeFlags]?.number32(at: 0) ?? UInt32(head[2])
        attributes = [:]
        // IFA_ADDRESS, IFA_LOCAL, IFA_BROADCAST, IFA_CACHEINFO, IFA_RT_PRIORITY. A label belongs to the old name.
        for type: UInt16 in [1, 2, 4, 6, 9] {
            if let value = found[type] { attributes[type] = Array(value) }
        }
    }
}

extension NetlinkBytes {
    /// struct ifinfomsg: the interface, and flags to set.
    fileprivate static func link(index: UInt32, flags: UInt32 = 0) -> NetlinkBytes {
        var message = NetlinkBytes()
        message.append(UInt32(0))
        message.append(index)
        message.append(flags)
        message.append(flags)
        return message
    }
}

private let newLink: UInt16 = 16
private let getLink: UInt16 = 18
private let setLink: UInt16 = 19
private let newAddress: UInt16 = 20
private let getAddress: UInt16 = 22
private let attributeName: UInt16 = 3
private let attributeNamespace: UInt16 = 28
private let attributeFlags: UInt16 = 8
