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
