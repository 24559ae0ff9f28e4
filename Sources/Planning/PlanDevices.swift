import KernelABI
import OCISpec

/// Plans the device nodes and links in /dev: the default ones, those of `linux.devices`, and the links that every container has.
///
/// Nothing if the configuration binds /dev itself: what is in it then belongs to somebody else.
/// See runtime-spec, config-linux, "Devices" and "Default Devices"; runtime-linux, "Dev symbolic links".
func planDevices(_ spec: Spec, bindsHostNodes: Bool, on host: HostFacts) -> [RootfsStep] {
    let configured = spec.linux?.devices ?? []
    var steps: [RootfsStep] = []
    for (name, minor) in defaultDevices {
        let target = "/dev/" + name
        if configured.contains(where: { cleanPath($0.path) == target }) { continue }
        steps.append(
            .makeNode(
                DeviceNode(
                    origin: "default devices", path: target, type: .characterDevice,
                    device: DeviceNumber(major: name == "tty" ? terminalMajor : memoryMajor, minor: minor),
                    permissions: .worldReadWrite, uid: 0, gid: 0, bindsHostNode: bindsHostNodes)))
    }
    var paths: [String] = []
    for (index, device) in configured.enumerated() {
        guard let node = planNode(device, at: index, bindsHostNodes: bindsHostNodes), !paths.contains(node.path) else { continue }
        paths.append(node.path)
        steps.append(.makeNode(node))
    }
    return steps + planLinks(on: host)
}

/// The nodes that every container has, with their minor numbers. See devices(5) of the kernel: Documentation/admin-guide/devices.txt.
private let defaultDevices: [(name: String, minor: UInt32)] = [
    ("null", 3), ("zero", 5), ("full", 7), ("random", 8), ("urandom", 9), ("tty", 0),
]
private let memoryMajor: UInt32 = 1
private let terminalMajor: UInt32 = 5

/// `nil` for /dev/ptmx, which is a link into the container's own devpts, and for what `checkDevices` refuses.
private func planNode(_ device: LinuxDevice, at index: Int, bindsHostNodes: Bool) -> DeviceNode? {
    let target = cleanPath(device.path)
    guard target != "/dev/ptmx", let major = UInt32(exactly: device.major ?? 0), let minor = UInt32(exactly: device.minor ?? 0) else {
        return nil
    }
    let type: FileType =
        switch device.type {
        case .character, .unbufferedCharacter: .characterDevice
        case .block: .blockDevice
        case .fifo: .fifo
        }
    let isPipe = type == .fifo
    return DeviceNode(
        origin: path("linux.devices", index), path: target, type: type,
        device: DeviceNumber(major: isPipe ? 0 : major, minor: isPipe ? 0 : minor),
        // Callers hand on st_mode as stat(2) gave it, with the type bits.
        permissions: device.fileMode.map { FileMode(rawValue: $0).permissions } ?? .worldReadWrite,
        uid: device.uid ?? 0, gid: device.gid ?? 0,
        // A named pipe needs no privilege, so it is made where a device would have to be bound.
        bindsHostNode: bindsHostNodes && !isPipe)
}

private func planLinks(on host: HostFacts) -> [RootfsStep] {
    var links = [
        DeviceLink(path: "/dev/ptmx", target: "pts/ptmx", replaces: true),
        DeviceLink(path: "/dev/fd", target: "/proc/self/fd", replaces: false),
        DeviceLink(path: "/dev/stdin", target: "/proc/self/fd/0", replaces: false),
        DeviceLink(path: "/dev/stdout", target: "/proc/self/fd/1", replaces: false),
        DeviceLink(path: "/dev/stderr", target: "/proc/self/fd/2", replaces: false),
    ]
    if host.hasKernelCore { links.append(DeviceLink(path: "/dev/core", target: "/proc/kcore", replaces: false)) }
    return links.map { .makeLink($0) }
}
