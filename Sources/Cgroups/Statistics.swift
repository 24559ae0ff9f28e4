public import Kernel
import KernelABI
public import Planning

// What the kernel has counted for a container. A file that is missing or cannot be read leaves its figures out: controllers come and go with
// the kernel and its configuration, and a container's end may fall between two files.

/// All figures of a cgroup, and of the group of resctrl whose folders are given.
///
/// - Parameters:
///   - rdtGroup: the container's group of resctrl, absolute; `nil` without one.
///   - rdtMonitor: its monitoring group, absolute.
public func cgroupStatistics(
    of handle: CgroupHandle, rdtGroup: String? = nil, rdtMonitor: String? = nil, with reader: inout FileReader
) -> CgroupStatistics {
    var statistics = CgroupStatistics()
    for directory in handle.hierarchies {
        guard let folder = try? Kernel.open(directory.absolutePath, [.path, .directory, .noFollow]) else { continue }
        for controller in directory.controllers { readV1(controller, folder, &reader, into: &statistics) }
    }
    if let unified = handle.unified, let folder = try? Kernel.open(unified.absolutePath, [.path, .directory, .noFollow]) {
        if handle.hierarchies.isEmpty { readV2(folder, &reader, into: &statistics) }
        readV2Extras(folder, &reader, into: &statistics)
    }
    if let rdtGroup { statistics.rdt = rdtStatistics(group: rdtGroup, monitor: rdtMonitor ?? rdtGroup, with: &reader) }
    return statistics
}

private func readV1(
    _ controller: String, _ folder: borrowing FileDescriptor, _ reader: inout FileReader, into statistics: inout CgroupStatistics
) {
    switch controller {
    case "cpu":
        guard let text = reader.read("cpu.stat", at: folder) else { return }
        statistics.cpu.periods = parseFigure(named: "nr_periods", in: text)
        statistics.cpu.throttledPeriods = parseFigure(named: "nr_throttled", in: text)
        statistics.cpu.throttledNanoseconds = parseFigure(named: "throttled_time", in: text)
    case "cpuacct": readCPUTime(folder, &reader, into: &statistics.cpu)
    case "cpuset": statistics.cpuset = cpuset(folder, &reader)
    case "memory":
        statistics.memory.usage = memoryCounter("memory.", folder, &reader)
        statistics.memory.swap = memoryCounter("memory.memsw.", folder, &reader)
        statistics.memory.kernel = memoryCounter("memory.kmem.", folder, &reader)
        statistics.memory.kernelTCP = memoryCounter("memory.kmem.tcp.", folder, &reader)
        guard let text = reader.read("memory.stat", at: folder) else { return }
        statistics.memory.cacheBytes = parseFigure(named: "cache", in: text)
        statistics.memory.raw = parseNamedFigures(text)
    case "pids": readPids(folder, &reader, into: &statistics.pids)
    case "blkio": readBlockIO(folder, &reader, into: &statistics.blockIO)
    case "hugetlb": statistics.hugepages = hugepages(folder, &reader, isUnified: false)
    default: break
    }
}

/// cpuacct.stat counts in ticks of USER_HZ, which is 100 on all architectures we run on.
private let nanosecondsPerTick: UInt64 = 10_000_000

private func readCPUTime(_ folder: borrowing FileDescriptor, _ reader: inout FileReader, into cpu: inout CgroupStatistics.CPU) {
    cpu.usageNanoseconds = figure("cpuacct.usage", folder, &reader)
    cpu.usagePerCPU = reader.read("cpuacct.usage_percpu", at: folder).map(parseFigures) ?? []
    if let text = reader.read("cpuacct.stat", at: folder) {
        cpu.userNanoseconds = parseFigure(named: "user", in: text).map { $0 &* nanosecondsPerTick }
        cpu.kernelNanoseconds = parseFigure(named: "system", in: text).map { $0 &* nanosecondsPerTick }
    }
    if let text = reader.read("cpuacct.usage_all", at: folder) {
        (cpu.userPerCPU, cpu.kernelPerCPU) = parseUsagePerCPU(text)
    }
}

private func cpuset(_ folder: borrowing FileDescriptor, _ reader: inout FileReader) -> CgroupStatistics.Cpuset {
    var cpuset = CgroupStatistics.Cpuset()
    cpuset.cpus = reader.read("cpuset.cpus", at: folder).map(parseNumberList) ?? []
    cpuset.mems = reader.read("cpuset.mems", at: folder).map(parseNumberList) ?? []
    cpuset.cpuExclusive = figure("cpuset.cpu_exclusive", folder, &reader)
    cpuset.memHardwall = figure("cpuset.mem_hardwall", folder, &reader)
    cpuset.memExclusive = figure("cpuset.mem_exclusive", folder, &reader)
    cpuset.memoryMigrate = figure("cpuset.memory_migrate", folder, &reader)
    cpuset.memorySpreadPage = figure("cpuset.memory_spread_page", folder, &reader)
    cpuset.memorySpreadSlab = figure("cpuset.memory_spread_slab", folder, &reader)
    cpuset.memoryPressure = figure("cpuset.memory_pressure", folder, &reader)
    cpuset.schedLoadBalance = figure("cpuset.sched_load_balance", folder, &reader)
    cpuset.schedRelaxDomainLevel = reader.read("cpuset.sched_relax_domain_level", at: folder).flatMap(parseSignedFigure)
    return cpuset
}

private func memoryCounter(
    _ prefix: String, _ folder: borrowing FileDescriptor, _ reader: inout FileReader
) -> CgroupStatistics.MemoryCounter {
    CgroupStatistics.MemoryCounter(
        limitBytes: figure(prefix + "limit_in_bytes", folder, &reader), usageBytes: figure(prefix + "usage_in_bytes", folder, &reader),
        maximumBytes: figure(prefix + "max_usage_in_bytes", folder, &reader), failures: figure(prefix + "failcnt", folder, &reader))
}

private func readPids(_ folder: borrowing FileDescriptor, _ reader: inout FileReader, into pids: inout CgroupStatistics.Pids) {
    pids.current = figure("pids.current", folder, &reader)
    pids.limit = reader.read("pids.max", at: folder).flatMap(parseLimit)
}

/// The counters of the I/O scheduler that knows the most come first: bfq's, those of the old cfq, and the throttling layer's for any scheduler.
private func readBlockIO(_ folder: borrowing FileDescriptor, _ reader: inout FileReader, into blockIO: inout CgroupStatistics.BlockIO) {
    blockIO.serviceBytes = blockIOList("io_service_bytes", folder, &reader, hasThrottle: true)
    blockIO.serviced = blockIOList("io_serviced", folder, &reader, hasThrottle: true)
    blockIO.queued = blockIOList("io_queued", folder, &reader)
    blockIO.serviceTime = blockIOList("io_service_time", folder, &reader)
    blockIO.waitTime = blockIOList("io_wait_time", folder, &reader)
    blockIO.merged = blockIOList("io_merged", folder, &reader)
    blockIO.time = blockIOList("time", folder, &reader)
    blockIO.sectors = blockIOList("sectors", folder, &reader)
}

private func blockIOList(
    _ name: String, _ folder: borrowing FileDescriptor, _ reader: inout FileReader, hasThrottle: Bool = false
) -> [BlockIOEntry] {
    var files = ["blkio.bfq.\(name)_recursive", "blkio.\(name)_recursive"]
    // KERNEL: the recursive one of the throttling layer since 4.17.
    if hasThrottle { files += ["blkio.throttle.\(name)_recursive", "blkio.throttle.\(name)"] }
    for file in files {
        guard let text = reader.read(file, at: folder) else { continue }
        let entries = parseBlockIO(text)
        if !entries.isEmpty { return entries }
    }
    return []
}

private func readV2(_ folder: borrowing FileDescriptor, _ reader: inout FileReader, into statistics: inout CgroupStatistics) {
    if let text = reader.read("cpu.stat", at: folder) {
        statistics.cpu.usageNanoseconds = parseFigure(named: "usage_usec", in: text).map { $0 &* 1000 }
        statistics.cpu.userNanoseconds = parseFigure(named: "user_usec", in: text).map { $0 &* 1000 }
        statistics.cpu.kernelNanoseconds = parseFigure(named: "system_usec", in: text).map { $0 &* 1000 }
        statistics.cpu.periods = parseFigure(named: "nr_periods", in: text)
        statistics.cpu.throttledPeriods = parseFigure(named: "nr_throttled", in: text)
        statistics.cpu.throttledNanoseconds = parseFigure(named: "throttled_usec", in: text).map { $0 &* 1000 }
    }
    if let text = reader.read("memory.stat", at: folder) {
        statistics.memory.cacheBytes = parseFigure(named: "file", in: text)
        statistics.memory.raw = parseNamedFigures(text)
    }
    // KERNEL: memory.peak since 5.19, memory.swap.peak since 6.5.
    let usage = CgroupStatistics.MemoryCounter(
        limitBytes: figure("memory.max", folder, &reader), usageBytes: figure("memory.current", folder, &reader),
        maximumBytes: figure("memory.peak", folder, &reader))
    statistics.memory.usage = usage
    if let swapBytes = figure("memory.swap.current", folder, &reader) {
        statistics.memory.swap = memoryAndSwap(usage, swapBytes: swapBytes, swapLimit: figure("memory.swap.max", folder, &reader))
    }
    readPids(folder, &reader, into: &statistics.pids)
    if let text = reader.read("io.stat", at: folder) { parseIOStat(text, into: &statistics.blockIO) }
}

/// v2 counts swap alone, readers of runc's figures expect memory and swap together. The most of the sum is nowhere counted.
private func memoryAndSwap(
    _ usage: CgroupStatistics.MemoryCounter, swapBytes: UInt64, swapLimit: UInt64?
) -> CgroupStatistics.MemoryCounter {
    var limit = swapLimit
    if let swapLimit, let memoryLimit = usage.limitBytes {
        let (sum, isTooLarge) = swapLimit.addingReportingOverflow(memoryLimit)
        limit = isTooLarge ? .max : sum
    }
    return CgroupStatistics.MemoryCounter(limitBytes: limit, usageBytes: swapBytes &+ (usage.usageBytes ?? 0))
}

/// What v1 has no files for: pressure, and on a hybrid host the controllers that v1 leaves to cgroup2.
private func readV2Extras(_ folder: borrowing FileDescriptor, _ reader: inout FileReader, into statistics: inout CgroupStatistics) {
    statistics.cpu.pressure = reader.read("cpu.pressure", at: folder).flatMap(parsePressure)
    statistics.memory.pressure = reader.read("memory.pressure", at: folder).flatMap(parsePressure)
    statistics.blockIO.pressure = reader.read("io.pressure", at: folder).flatMap(parsePressure)
    if statistics.hugepages.isEmpty { statistics.hugepages = hugepages(folder, &reader, isUnified: true) }
}

private func hugepages(
    _ folder: borrowing FileDescriptor, _ reader: inout FileReader, isUnified: Bool
) -> [CgroupStatistics.Hugepages] {
    guard let pages = try? Kernel.open("/sys/kernel/mm/hugepages", [.readOnly, .directory]),
        let entries = try? Kernel.directoryEntries(pages)
    else { return [] }
    let (current, most) = isUnified ? (".current", ".peak") : (".usage_in_bytes", ".max_usage_in_bytes")
    var list: [CgroupStatistics.Hugepages] = []
    for size in entries.map(\.name).compactMap(hugepageSize).sorted() {
        var pages = CgroupStatistics.Hugepages(size: size)
        // KERNEL: the files about reservations since 5.7; they tell more, because a fault can then no longer fail.
        for prefix in ["hugetlb.\(size).rsvd", "hugetlb.\(size)"] {
            guard let usage = figure(prefix + current, folder, &reader) else { continue }
            pages.usageBytes = usage
            pages.maximumBytes = figure(prefix + most, folder, &reader)
            pages.failures = isUnified ? nil : figure(prefix + ".failcnt", folder, &reader)
            break
        }
        if isUnified, let text = reader.read("hugetlb.\(size).events", at: folder) { pages.failures = parseFigure(named: "max", in: text) }
        if pages.usageBytes != nil { list.append(pages) }
    }
    return list
}

private func figure(_ file: String, _ folder: borrowing FileDescriptor, _ reader: inout FileReader) -> UInt64? {
    reader.read(file, at: folder).flatMap(parseFigure)
}

// MARK: resctrl

/// What resctrl tells of a group. See the kernel's Documentation/filesystems/resctrl.rst.
private func rdtStatistics(group: String, monitor: String, with reader: inout FileReader) -> CgroupStatistics.Rdt {
    var rdt = CgroupStatistics.Rdt()
    // The group is resctrl's root itself or a folder in it.
    let isRoot = reader.read(group + "/info/last_cmd_status") != nil
    let root = isRoot ? group : parent(of: group)
    rdt.cacheBitMask = reader.read(root + "/info/L3/cbm_mask").map(parseWord)
    rdt.leastCacheBits = reader.read(root + "/info/L3/min_cbm_bits").flatMap(parseFigure)
    rdt.cacheClasses = reader.read(root + "/info/L3/num_closids").flatMap(parseFigure)
    rdt.bandwidthGranularity = reader.read(root + "/info/MB/bandwidth_gran").flatMap(parseFigure)
    rdt.bandwidthDelayIsLinear = reader.read(root + "/info/MB/delay_linear").flatMap(parseFigure)
    rdt.leastBandwidth = reader.read(root + "/info/MB/min_bandwidth").flatMap(parseFigure)
    rdt.bandwidthClasses = reader.read(root + "/info/MB/num_closids").flatMap(parseFigure)
    if let text = reader.read(root + "/schemata") {
        rdt.rootCacheSchema = parseSchema("L3", in: text)
        rdt.rootBandwidthSchema = parseSchema("MB", in: text)
    }
    if let text = reader.read(group + "/schemata") {
        rdt.cacheSchema = parseSchema("L3", in: text)
        rdt.bandwidthSchema = parseSchema("MB", in: text)
    }
    for cache in ((try? childNames(of: monitor + "/mon_data")) ?? []).sorted() where cache.hasPrefix("mon_L3_") {
        let folder = monitor + "/mon_data/" + cache
        if let total = reader.read(folder + "/mbm_total_bytes").flatMap(parseFigure),
            let local = reader.read(folder + "/mbm_local_bytes").flatMap(parseFigure)
        {
            rdt.bandwidth.append(.init(totalBytes: total, localBytes: local))
        }
        if let occupancy = reader.read(folder + "/llc_occupancy").flatMap(parseFigure) { rdt.cacheOccupancyBytes.append(occupancy) }
    }
    return rdt
}
