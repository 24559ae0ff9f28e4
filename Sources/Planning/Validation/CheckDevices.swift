import OCISpec

/// Checks `linux.devices`. See runtime-spec, config-linux, "Devices".
func checkDevices(_ devices: [LinuxDevice], _ problems: inout ProblemList) {
    for (index, device) in devices.enumerated() {
        problems.checkAbsolute(device.path, at: path("linux.devices", index) + ".path")
        problems.checkID(device.uid, at: path("linux.devices", index) + ".uid")
        problems.checkID(device.gid, at: path("linux.devices", index) + ".gid")
        if device.type == .fifo { continue }
        checkNumber(device.major, largest: 4095, "major", device, index, &problems)
        checkNumber(device.minor, largest: 1_048_575, "minor", device, index, &problems)
        checkRepetition(device, index, devices, &problems)
    }
}

/// The kernel keeps 12 bits of major and 20 bits of minor number.
private func checkNumber(
    _ number: Int64?, largest: Int64, _ name: String, _ device: LinuxDevice, _ index: Int, _ problems: inout ProblemList
) {
    guard let number else {
        problems.add("\(path("linux.devices", index)).\(name)", "must be present for type \(device.type.rawValue)")
        return
    }
    if !(0...largest).contains(number) { problems.add("\(path("linux.devices", index)).\(name)", "must be 0 to \(largest), is \(number)") }
}

/// One path cannot be two devices; the same device twice is harmless.
private func checkRepetition(_ device: LinuxDevice, _ index: Int, _ devices: [LinuxDevice], _ problems: inout ProblemList) {
    // Bounded, since the check takes quadratic time; a second node at a path is noticed when it is made.
    guard index < 512, let earlier = devices[..<index].firstIndex(where: { $0.path == device.path }) else { return }
    let other = devices[earlier]
    if other.type != device.type || other.major != device.major || other.minor != device.minor {
        problems.add("\(path("linux.devices", index)).path", "must not be that of another device, \(path("linux.devices", earlier))")
    }
}
