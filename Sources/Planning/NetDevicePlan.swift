import OCISpec

/// One network interface that moves from the runtime's network namespace into the container's, with its permanent global addresses, and is set up there.
public struct NetDeviceMove: Sendable, Hashable {
    /// Its name on the host.
    public var hostName: String
    /// Its name inside.
    public var name: NetDeviceName
    /// The JSON path, for example `linux.netDevices.eth1`.
    public var origin: String

    /// Creates the value from its properties.
    public init(hostName: String, name: NetDeviceName, origin: String) {
        self.hostName = hostName
        self.name = name
        self.origin = origin
    }
}

/// The name of an interface in the container.
public enum NetDeviceName: Sendable, Hashable {
    /// This one; creation fails if it is taken.
    case exactly(String)
    /// The two parts around the first number, from 0, that is free.
    case numbered(prefix: String, suffix: String)
}

/// Plans the interfaces that move. See runtime-spec, config-linux, "Network Devices".
func planNetDevices(_ spec: Spec) -> [NetDeviceMove] {
    guard let devices = spec.linux?.netDevices, !devices.isEmpty else { return [] }
    // A JSON object has no order: sorted, so that the same configuration gives the same plan.
    return devices.sorted { $0.key < $1.key }.map { hostName, device in
        let name = device.name ?? ""
        return NetDeviceMove(
            hostName: hostName, name: NetDeviceName(name.isEmpty ? hostName : name), origin: path("linux.netDevices", hostName))
    }
}

extension NetDeviceName {
    /// `%d` stands for a number, as in the kernel's own templates; `checkNetDevices` refuses any other percent sign.
    init(_ text: String) {
        let percent = UInt8(ascii: "%")
        guard let place = text.utf8.firstIndex(of: percent) else {
            self = .exactly(text)
            return
        }
        let behind = text.utf8.index(place, offsetBy: "%d".utf8.count, limitedBy: text.utf8.endIndex) ?? text.utf8.endIndex
        self = .numbered(prefix: String(text[..<place]), suffix: String(text[behind...]))
    }
}
