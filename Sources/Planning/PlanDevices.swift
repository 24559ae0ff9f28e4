import KernelABI
import OCISpec

/// Plans the device nodes and links in /dev: the default ones, those of `linux.devices`, and the links that every container has.
///
/// Nothing if the configuration binds /dev itself: what is in it then belongs to somebody else.
/// See runtime-spec, config-linux, "Devices" and "Default Devices"; runtime-linux, "Dev symbolic links".
func planDevices(_ spec: Spec, bindsHostNodes: Bool, on host: HostFacts) -> [RootfsStep] {
    let configured = spec.linux?.devices ?? []
    var steps: [RootfsStep] = []
    steps.reserveCapacity(16 + configured.count)
    for (target, major, minor) in defaultDevices {
        if configured.contains(where: { cleanPath($0.path) == target }) { continue }
        steps.append(
            .makeNode(
                DeviceNode(
                    origin: "", path: target, type: .characterDevice,
                    device: DeviceNumber(major: major, minor: minor),
                    permissions: .worldReadWrite, uid: 0, gid: 0, bindsHostNode: bindsHostNodes,
                    ifOccupied: .replace)))
    }
    var seen: Set<String> = []
    for index in configured.indices {
        let target = cleanPath(configured[index].path)
        let isRepeated =
            configured.count > fewDevices
            ? !seen.insert(target).inserted : configured[..<index].contains(where: { cleanPath($0.path) == target })
        if !isRepeated { addNode(configured[index], index, at: target, bindsHostNodes: bindsHostNodes, to: &steps) }
    }
    addLinks(on: host, to: &steps)
    return steps
}

/// The nodes that every container has. Numbers as in Documentation/admin-guide/devices.txt of the kernel.
private var defaultDevices: [(path: String, major: UInt32, minor: UInt32)] {
    [("/dev/null", 1, 3), ("/dev/zero", 1, 5), ("/dev/full", 1, 7), ("/dev/random", 1, 8), ("/dev/urandom", 1, 9), ("/dev/tty", 5, 0)]
}

/// Up to this many paths are compared with each other; more are hashed.
private let fewDevices = 16

/// Adds nothing for /dev/ptmx, which is a link into the container's own devpts, and for what `checkDevices` refuses.
private func addNode(_ device: LinuxDevice, _ index: Int, at target: String, bindsHostNodes: Bool, to steps: inout [RootfsStep]) {
    guard target != "/dev/ptmx",
        let major = UInt32(exactly: device.major ?? 0), let minor = UInt32(exactly: device.minor ?? 0)
    else { return }
    let type: FileType =
        switch device.type {
        case .character, .unbufferedCharacter: .characterDevice
        case .block: .blockDevice
        case .fifo: .fifo
        }
    let isPipe = type == .fifo
    steps.append(
        .makeNode(
            DeviceNode(
                origin: path("linux.devices", index), path: target, type: type,
                device: DeviceNumber(major: isPipe ? 0 : major, minor: isPipe ? 0 : minor),
                // Callers hand on st_mode as stat(2) gave it, with the type bits.
                permissions: device.fileMode.map { FileMode(rawValue: $0).permissions } ?? .worldReadWrite,
                uid: device.uid ?? 0, gid: device.gid ?? 0,
                // A named pipe needs no privilege, so it is made where a device would have to be bound.
                bindsHostNode: bindsHostNodes && !isPipe, ifOccupied: .refuse)))
}

private func addLinks(on host: HostFacts, to steps: inout [RootfsStep]) {
    steps.append(.makeLink(DeviceLink(path: "/dev/ptmx", target: "pts/ptmx", replaces: true)))
    steps.append(.makeLink(DeviceLink(path: "/dev/fd", target: "/proc/self/fd", replaces: false)))
    steps.append(.makeLink(DeviceLink(path: "/dev/stdin", target: "/proc/self/fd/0", replaces: false)))
    steps.append(.makeLink(DeviceLink(path: "/dev/stdout", target: "/proc/self/fd/1", replaces: false)))
    steps.append(.makeLink(DeviceLink(path: "/dev/stderr", target: "/proc/self/fd/2", replaces: false)))
    if host.hasKernelCore { steps.append(.makeLink(DeviceLink(path: "/dev/core", target: "/proc/kcore", replaces: false))) }
}
