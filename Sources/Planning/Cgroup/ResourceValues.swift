import JSON
import OCISpec

import func Glibc.log2
import func Glibc.pow

/// `linux.resources.memory` with "unset" values taken away and the rules between them checked. Bytes; -1 is "no limit".
struct MemoryLimits: Sendable, Hashable {
    let limit: Int64?
    /// Memory and swap together.
    let swap: Int64?
    let reservation: Int64?
    /// 0 to 100.
    let swappiness: UInt64?

    init(_ memory: LinuxMemory) throws(SpecProblem) {
        limit = try bytes(memory.limit, "linux.resources.memory.limit")
        reservation = try bytes(memory.reservation, "linux.resources.memory.reservation")
        let swap = try bytes(memory.swap, "linux.resources.memory.swap")
        if let swap, swap != -1 {
            guard let limit, limit != -1 else {
                throw SpecProblem(
                    "linux.resources.memory.swap", "needs linux.resources.memory.limit, because it limits memory and swap together")
            }
            guard swap >= limit else {
                throw SpecProblem("linux.resources.memory.swap", "must be at least linux.resources.memory.limit (\(limit)), is \(swap)")
            }
        }
        // An unlimited amount of memory within a limited sum is a contradiction that an older limit may leave behind.
        self.swap = swap ?? (limit == -1 ? -1 : nil)
        // Engines written in Go send -1 as an unsigned number for "leave it".
        swappiness = memory.swappiness == .max ? nil : memory.swappiness
        if let swappiness, swappiness > 100 {
            throw SpecProblem("linux.resources.memory.swappiness", "must be 0 to 100, is \(swappiness)")
        }
    }
}

private func bytes(_ value: Int64?, _ origin: String) throws(SpecProblem) -> Int64? {
    guard let value, value != 0 else { return nil }
    guard value >= -1 else { throw SpecProblem(origin, "must be a number of bytes, or -1 for no limit, is \(value)") }
    return value
}

/// The part of `linux.resources.cpu` that limits CPU time, with "unset" values taken away. Microseconds; a quota of -1 is "no limit".
struct CPUBandwidth: Sendable, Hashable {
    let period: UInt64?
    let quota: Int64?
    let burst: UInt64?
    let idle: Bool?

    init(_ cpu: LinuxCPU) throws(SpecProblem) {
        period = cpu.period == 0 ? nil : cpu.period
        if let period, !CPUBandwidth.periods.contains(period) {
            throw SpecProblem("linux.resources.cpu.period", "must be 1,000 to 1,000,000 (µs), is \(period)")
        }
        quota = cpu.quota == 0 ? nil : cpu.quota
        if let quota, quota != -1, quota < CPUBandwidth.smallestQuota {
            throw SpecProblem("linux.resources.cpu.quota", "must be at least 1,000 (µs), or -1 for no limit, is \(quota)")
        }
        burst = cpu.burst
        if let burst, let quota, quota > 0, burst > UInt64(quota.magnitude) {
            throw SpecProblem("linux.resources.cpu.burst", "must be at most linux.resources.cpu.quota (\(quota)), is \(burst)")
        }
        switch cpu.idle {
        case nil: idle = nil
        case 0: idle = false
        case 1: idle = true
        case .some(let other): throw SpecProblem("linux.resources.cpu.idle", "must be 0 or 1, is \(other)")
        }
    }

    /// What the kernel takes: 1 ms to 1 s.
    static var periods: ClosedRange<UInt64> { 1_000...1_000_000 }
    /// The kernel's smallest quota, 1 ms.
    static var smallestQuota: Int64 { 1_000 }
    /// The kernel's period where none is set.
    static var defaultPeriod: UInt64 { 100_000 }
}

/// The numbers of CPU shares, cgroup v1's measure of importance.
enum CPUShares {
    /// What the kernel takes; 1,024 is the default.
    static var range: ClosedRange<UInt64> { 2...262_144 }
}

/// Converts CPU shares (cgroup v1, 2…262,144, default 1,024) to a weight (v2, 1…10,000, default 100).
///
/// Passes through the three fixed points minimum, default and maximum, which a straight line would miss. `nil` means "leave unset".
/// See runtime-spec, config-linux, "CPU" (`shares`); kernel, cgroup-v2, "cpu.weight".
func cpuWeight(shares: UInt64?) -> UInt64? {
    guard let shares, shares != 0 else { return nil }
    let s = Double(min(max(shares, CPUShares.range.lowerBound), CPUShares.range.upperBound))
    let l = log2(s)
    return UInt64(pow(10, (l * l + 125 * l) / 612 - 7.0 / 34).rounded(.up))
}

/// Checks a list of CPUs or memory nodes such as `0-3,7`. `nil` where nothing is asked for.
///
/// Whether the numbers exist is the kernel's business; here it is made sure that the message can name the property.
func cpuList(_ list: String?, _ origin: String) throws(SpecProblem) -> String? {
    guard let list, !list.isEmpty else { return nil }
    for byte in list.utf8 {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: ","), UInt8(ascii: "-"), UInt8(ascii: ":"), UInt8(ascii: "/"): continue
        default: throw SpecProblem(origin, "must be a list of numbers and ranges such as 0-3,7, is \(quoted(list))")
        }
    }
    guard list.utf8.count < 4096 else { throw SpecProblem(origin, "must be shorter than 4,096 bytes, has \(list.utf8.count)") }
    return list
}

/// The value for pids.max. 0 is a limit as any other: the first process is in already, and makes no second one.
func pidsMaximum(_ pids: LinuxPids) throws(SpecProblem) -> String? {
    guard let limit = pids.limit else { return nil }
    guard limit >= -1 else { throw SpecProblem("linux.resources.pids.limit", "must be at least 0, or -1 for no limit, is \(limit)") }
    return limit == -1 ? "max" : String(limit)
}

/// Checks the size of huge pages, which becomes part of a file's name: digits and one of KB, MB, GB.
///
/// Whether the kernel has pages of this size is seen by its file. See runtime-spec, config-linux, "Huge page limits".
func hugepageSize(_ size: String, _ origin: @autoclosure () -> String) throws(SpecProblem) -> String {
    var digits = size.utf8[...]
    let isMultiple = digits.popLast() == UInt8(ascii: "B")
    let unit = digits.popLast()
    let isUnit = unit == UInt8(ascii: "K") || unit == UInt8(ascii: "M") || unit == UInt8(ascii: "G")
    // More digits than the largest number of bytes has are no size of this world, and no name of a file.
    guard isMultiple, isUnit, (1...20).contains(digits.count), digits.allSatisfy({ $0 >= UInt8(ascii: "0") && $0 <= UInt8(ascii: "9") })
    else { throw SpecProblem("\(origin()).pageSize", "must be a size such as 2MB, is \(quoted(size))") }
    return size
}

/// The line for net_prio.ifpriomap: `eth0 5`. See runtime-spec, config-linux, "Network".
func interfacePriority(_ entry: LinuxInterfacePriority, _ origin: @autoclosure () -> String) throws(SpecProblem) -> String {
    let name = entry.name.utf8
    // A blank would end the name for the kernel, and a line feed the line.
    guard !name.isEmpty, name.allSatisfy({ $0 > 0x20 && $0 != 0x7f }) else {
        throw SpecProblem("\(origin()).name", "must be an interface name, is \(quoted(entry.name))")
    }
    guard name.count <= 15 else { throw SpecProblem("\(origin()).name", "must have at most 15 bytes, has \(name.count)") }
    return "\(entry.name) \(entry.priority)"
}

/// The line for rdma.max: `mlx5_0 hca_handle=3 hca_object=10000`; what is absent is left as it is.
///
/// The kernel counts in 31 bits: what does not fit is no limit. See runtime-spec, config-linux, "RDMA"; kernel, cgroup-v2, "RDMA".
func rdmaMaximum(_ device: String, _ limit: LinuxRdma) throws(SpecProblem) -> String {
    let origin = path("linux.resources.rdma", device)
    guard limit.hcaHandles != nil || limit.hcaObjects != nil else { throw SpecProblem(origin, "must have hcaHandles or hcaObjects") }
    guard !device.isEmpty, device.utf8.allSatisfy({ $0 > 0x20 && $0 != 0x7f }), device.utf8.count <= 64 else {
        throw SpecProblem(origin, "must be named as a device of RDMA such as mlx5_0")
    }
    func amount(_ number: UInt32) -> String { number < UInt32(Int32.max) ? String(number) : "max" }
    var line = device
    if let handles = limit.hcaHandles { line += " hca_handle=" + amount(handles) }
    if let objects = limit.hcaObjects { line += " hca_object=" + amount(objects) }
    return line
}

/// Checks the name of a file that `linux.resources.unified` writes, and takes the controller out of it: `memory` of `memory.high`.
///
/// Any file of the container's own folder may be written, but for those through which processes are moved and ended.
func unifiedController(of file: String, value: String) throws(SpecProblem) -> String {
    func origin() -> String { path("linux.resources.unified", file) }
    guard !file.isEmpty, file != ".", file != "..", !file.utf8.contains(UInt8(ascii: "/")) else {
        throw SpecProblem(origin(), "must be a file name without \"/\"")
    }
    guard !file.utf8.contains(0), let dot = file.utf8.firstIndex(of: UInt8(ascii: ".")), dot != file.utf8.startIndex else {
        throw SpecProblem(origin(), "must be named as a file of cgroup v2 such as memory.high")
    }
    guard file.utf8.count <= 255 else { throw SpecProblem(origin(), "must be named with at most 255 bytes") }
    switch file {
    case "cgroup.procs", "cgroup.threads", "cgroup.kill":
        throw SpecProblem(origin(), "must be absent, because it moves or ends processes, which is left to the runtime")
    case "cgroup.freeze" where unifiedLines(value) != ["0"]:
        throw SpecProblem(origin(), "must be 0, because a frozen container cannot be made, is \(quoted(value))")
    default: return String(file[..<dot])
    }
}

/// The lines of a value, each of which the kernel takes by a write(2) of its own: io.max has one a device.
func unifiedLines(_ value: String) -> [String] {
    guard value.utf8.contains(UInt8(ascii: "\n")) else { return [value] }
    return value.utf8.split(separator: UInt8(ascii: "\n")).map { String(Substring($0)) }
}
