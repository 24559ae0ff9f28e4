import JSON
import KernelABI
import OCISpec

/// What the rate of one block device can be limited in.
///
/// See runtime-spec, config-linux, "Block IO"; kernel, admin-guide/cgroup-v1/blkio-controller and cgroup-v2, "io.max".
enum BlockThrottle: Sendable, Hashable, CaseIterable {
    case readBps
    case writeBps
    case readIOPS
    case writeIOPS

    /// The JSON path of its list.
    var origin: String {
        switch self {
        case .readBps: "linux.resources.blockIO.throttleReadBpsDevice"
        case .writeBps: "linux.resources.blockIO.throttleWriteBpsDevice"
        case .readIOPS: "linux.resources.blockIO.throttleReadIOPSDevice"
        case .writeIOPS: "linux.resources.blockIO.throttleWriteIOPSDevice"
        }
    }

    /// The file of cgroup v1.
    var file: String {
        switch self {
        case .readBps: "blkio.throttle.read_bps_device"
        case .writeBps: "blkio.throttle.write_bps_device"
        case .readIOPS: "blkio.throttle.read_iops_device"
        case .writeIOPS: "blkio.throttle.write_iops_device"
        }
    }

    /// The word in io.max of cgroup v2.
    var key: String {
        switch self {
        case .readBps: "rbps"
        case .writeBps: "wbps"
        case .readIOPS: "riops"
        case .writeIOPS: "wiops"
        }
    }

    func limits(in blockIO: LinuxBlockIO) -> [LinuxThrottleDevice] {
        switch self {
        case .readBps: blockIO.throttleReadBpsDevice ?? []
        case .writeBps: blockIO.throttleWriteBpsDevice ?? []
        case .readIOPS: blockIO.throttleReadIOPSDevice ?? []
        case .writeIOPS: blockIO.throttleWriteIOPSDevice ?? []
        }
    }
}

/// The line for a throttle file of cgroup v1: `8:0 1048576`. There 0 takes a limit away.
func throttleLine(_ limit: LinuxThrottleDevice, _ origin: String) throws(SpecProblem) -> String {
    "\(try blockDevice(limit.major, limit.minor, origin)) \(limit.rate)"
}

/// The line for io.max of cgroup v2: `8:0 rbps=1048576`. 0, which takes a limit away on v1 and is refused by v2, becomes `max`.
func ioMaximum(_ limit: LinuxThrottleDevice, _ throttle: BlockThrottle, _ origin: String) throws(SpecProblem) -> String {
    let rate = limit.rate == 0 ? "max" : String(limit.rate)
    return "\(try blockDevice(limit.major, limit.minor, origin)) \(throttle.key)=\(rate)"
}

/// One entry of `weightDevice`, with "unset" weights taken away.
struct BlockDeviceWeights: Sendable, Hashable {
    let device: DeviceNumber
    /// 10 to 1,000.
    let weight: UInt16?
    /// 10 to 1,000.
    let leafWeight: UInt16?

    init(_ entry: LinuxWeightDevice, _ origin: String) throws(SpecProblem) {
        guard entry.weight != nil || entry.leafWeight != nil else { throw SpecProblem(origin, "must have weight or leafWeight") }
        device = try blockDevice(entry.major, entry.minor, origin)
        weight = try blockWeight(entry.weight, "\(origin).weight")
        leafWeight = try blockWeight(entry.leafWeight, "\(origin).leafWeight")
    }
}

/// Checks a weight of block I/O. `nil` and 0, which callers written in Go send for "unset", are "leave it".
func blockWeight(_ weight: UInt16?, _ origin: @autoclosure () -> String) throws(SpecProblem) -> UInt16? {
    guard let weight, weight != 0 else { return nil }
    guard (10...1000).contains(weight) else { throw SpecProblem(origin(), "must be 10 to 1000, is \(weight)") }
    return weight
}

/// Converts a weight of block I/O (cgroup v1 and BFQ, 10…1,000) to one of io.weight (v2, 1…10,000), in a straight line as runc and crun do.
///
/// See runtime-spec, config-linux, "Block IO" (`weight`); kernel, cgroup-v2, "io.weight".
func ioWeight(_ weight: UInt16) -> UInt64 {
    let weight = UInt64(min(max(weight, 10), 1000))
    return 1 + (weight - 10) * 9999 / 990
}

/// Checks the number of a block device: a larger one would be another device for the kernel, which puts both parts into 32 bits unchecked.
private func blockDevice(_ major: Int64, _ minor: Int64, _ origin: String) throws(SpecProblem) -> DeviceNumber {
    func part(_ value: Int64, largest: UInt32, _ name: String) throws(SpecProblem) -> UInt32 {
        guard let number = UInt32(exactly: value), number <= largest else {
            throw SpecProblem("\(origin).\(name)", "must be 0 to \(largest), is \(value)")
        }
        return number
    }
    return DeviceNumber(major: try part(major, largest: 4095, "major"), minor: try part(minor, largest: 1_048_575, "minor"))
}
