import Kernel
import KernelABI
import Planning

/// Network interfaces that were moved from the runtime's network namespace into the container's, and can be given back as long as create may fail.
///
/// The runtime does it, which alone may take them away from the host, and adds their addresses through a socket in the container's namespace.
struct MovedNetDevices: ~Copyable {
    /// Holds the container's network namespace, which would take them along when its last process ends.
    private var mover: NetDeviceMover?

    /// Moves the interfaces. Those that were moved before a failure are to be given back.
    mutating func move(_ devices: [NetDeviceMove], of plan: SpawnPlan, pid: Int32) throws(RuntimeError) {
        let join = plan.joins.first { $0.kind == .newNetwork }
        var mover = try NetDeviceMover(namespace: join?.path ?? "/proc/\(pid)/ns/net")
        var failure: RuntimeError?
        do throws(RuntimeError) {
            // ORDER: all names are looked at before the first interface is moved.
            for device in devices { _ = try mover.find(device) }
            for device in devices { try mover.move(device) }
        } catch {
            failure = error
        }
        self.mover = consume mover
        if let failure { throw failure }
    }

    /// Moves the interfaces back, the last one first: with their names, with the addresses that went along, and up if they were.
    ///
    /// - Returns: what kept one from it; the error that matters is why create failed.
    mutating func giveBack() -> [RuntimeError] {
        guard var mover = mover.take() else { return [] }
        return mover.giveBack()
    }
}

/// An interface that was moved, and how it was on the host.
private struct MovedNetDevice {
    let origin: String
    let outside: NetworkLink
    /// `nil` if it was not found there.
    var indexInside: UInt32?
    let addresses: [LinkAddress]
}

private func isOwn(_ namespace: borrowing FileDescriptor) throws(SyscallError) -> Bool {
    let found = try Kernel.status(of: namespace)
    let own = try Kernel.status("/proc/self/ns/net", followSymlinks: true)
    return found.inode == own.inode && found.device == own.device
}

private struct NetDeviceMover: ~Copyable {
    private let namespace: FileDescriptor
    private var moved: [MovedNetDevice] = []
    private var here: RouteSocket
    private var there: RouteSocket

    init(namespace path: String) throws(RuntimeError) {
        do throws(SyscallError) {
            let namespace = try Kernel.open(path, [.readOnly, .nonBlocking])
            // Opened a second time here: behind the path may be another one by now, and in the host's own nothing is moved or renamed.
            guard try Kernel.namespaceKind(of: namespace) == .newNetwork, try !isOwn(namespace) else {
                throw SyscallError("open", "\(path) is not the container's network namespace", .ESTALE)
            }
            let here = try RouteSocket()
            let there = try NetDeviceMover.routeSocket(in: namespace)
            self.init(namespace, here, there)
        } catch {
            throw RuntimeError(doing: "reach the container's network namespace", pointer: "linux.netDevices", cause: error)
        }
    }

    private init(_ namespace: consuming FileDescriptor, _ here: consuming RouteSocket, _ there: consuming RouteSocket) {
        self.namespace = namespace
        self.here = here
        self.there = there
    }

    /// A socket in another network namespace, where the calling process is only while it makes it.
    private static func routeSocket(in namespace: borrowing FileDescriptor) throws(SyscallError) -> RouteSocket {
        let own = try Kernel.open("/proc/self/ns/net", [.readOnly])
        try Kernel.setNamespace(namespace, kinds: .newNetwork)
        do {
            let socket = try RouteSocket()
            try Kernel.setNamespace(own, kinds: .newNetwork)
            return socket
        } catch {
            try Kernel.setNamespace(own, kinds: .newNetwork)
            throw error
        }
    }

    /// The interface on the host and its name inside, which has to be free.
    mutating func find(_ device: NetDeviceMove) throws(RuntimeError) -> (link: NetworkLink, name: String) {
        do throws(SyscallError) {
            guard let link = try here.link(device.hostName) else {
                throw SyscallError("sendto", "RTM_GETLINK \(device.hostName)", .ENODEV)
            }
            switch device.name {
            case .exactly(let name):
                guard try there.index(ofLink: name) == nil else {
                    throw SyscallError("sendto", "the container's network namespace has an interface \(name)", .EEXIST)
                }
                return (link, name)
            case .numbered(let prefix, let suffix):
                return (link, try freeName(prefix, suffix))
            }
        } catch {
            throw RuntimeError(doing: "find the network interface \(device.hostName)", pointer: device.origin, cause: error)
        }
    }

    private mutating func freeName(_ prefix: String, _ suffix: String) throws(SyscallError) -> String {
        // IFNAMSIZ less the NUL, and more numbers than a namespace has interfaces.
        let longestName = 15
        for number in 0..<10_000 {
            let name = "\(prefix)\(number)\(suffix)"
            guard name.utf8.count <= longestName else { break }
            if try there.index(ofLink: name) == nil { return name }
        }
        throw SyscallError("sendto", "no number is free for \(prefix)%d\(suffix)", .EEXIST)
    }

    mutating func move(_ device: NetDeviceMove) throws(RuntimeError) {
        let (link, name) = try find(device)
        do throws(SyscallError) {
            // ORDER: asked before the move, which takes them all away.
            let addresses = try here.addresses(ofLink: link.index).filter(\.isPermanentAndGlobal)
            try here.moveLink(link.index, to: namespace, as: name)
            self.moved.append(MovedNetDevice(origin: device.origin, outside: link, addresses: addresses))
            // Its number may be another one there.
            guard let moved = try there.index(ofLink: name) else { throw SyscallError("sendto", "RTM_GETLINK \(name)", .ENODEV) }
            self.moved[self.moved.count - 1].indexInside = moved
            for address in addresses { try there.add(address, toLink: moved) }
            try there.setLinkUp(moved)
        } catch {
            throw RuntimeError(
                doing: "move the network interface \(device.hostName) inside as \(name)", pointer: device.origin, cause: error)
        }
    }

    mutating func giveBack() -> [RuntimeError] {
        var problems: [RuntimeError] = []
        for device in moved.reversed() {
            do throws(SyscallError) {
                try giveBack(device)
            } catch {
                problems.append(
                    RuntimeError(doing: "give the network interface \(device.outside.name) back", pointer: device.origin, cause: error))
            }
        }
        return problems
    }

    private mutating func giveBack(_ device: MovedNetDevice) throws(SyscallError) {
        let name = device.outside.name
        // By its number: in a joined namespace somebody else may have given the name to another one.
        guard let inside = device.indexInside else { throw SyscallError("sendto", "RTM_SETLINK \(name)", .ENODEV) }
        try there.moveLink(inside, to: try Kernel.open("/proc/self/ns/net", [.readOnly]), as: name)
        guard let outside = try here.index(ofLink: name) else { throw SyscallError("sendto", "RTM_GETLINK \(name)", .ENODEV) }
        for address in device.addresses { try here.add(address, toLink: outside) }
        if device.outside.isUp { try here.setLinkUp(outside) }
    }
}
