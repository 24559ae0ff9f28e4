import JSON
import Planning

/// The line that `events` prints for figures: runc's, with its keys in its order, each left out where runc leaves it out.
func statisticsLine(id: String, _ statistics: CgroupStatistics) -> [UInt8] {
    var json = JSONWriter()
    json.object { json in
        json.member("type", "stats")
        json.member("id", id)
        json.object("data") { statistics.write(to: &$0) }
    }
    return json.bytes + [UInt8(ascii: "\n")]
}

/// The line that `events` prints for a process lost to the memory limit.
func outOfMemoryLine(id: String) -> [UInt8] {
    var json = JSONWriter()
    json.object { json in
        json.member("type", "oom")
        json.member("id", id)
    }
    return json.bytes + [UInt8(ascii: "\n")]
}

extension JSONWriter {
    /// A member that is left out when it is 0 or not known.
    fileprivate mutating func some(_ key: String, _ value: UInt64?) {
        if let value, value != 0 { member(key, value) }
    }

    /// A member that is 0 when it is not known.
    fileprivate mutating func number(_ key: String, _ value: UInt64?) {
        member(key, value ?? 0)
    }

    fileprivate mutating func some(_ key: String, _ values: [some FixedWidthInteger]) {
        guard !values.isEmpty else { return }
        array(key) { json in
            for value in values { json.element(value) }
        }
    }

    fileprivate mutating func some(_ key: String, _ text: String?) {
        if let text, !text.isEmpty { member(key, text) }
    }

    fileprivate mutating func some(_ key: String, _ pressure: Pressure?) {
        guard let pressure else { return }
        object(key) { json in
            json.object("some") { pressure.some.write(to: &$0) }
            json.object("full") { pressure.full.write(to: &$0) }
        }
    }

    fileprivate mutating func some(_ key: String, _ entries: [BlockIOEntry]) {
        guard !entries.isEmpty else { return }
        array(key) { json in
            for entry in entries {
                json.object { json in
                    json.some("major", entry.major)
                    json.some("minor", entry.minor)
                    json.some("op", entry.operation)
                    json.some("value", entry.value)
                }
            }
        }
    }

    fileprivate mutating func some(_ key: String, _ counter: CgroupStatistics.MemoryCounter) {
        let numbers = [counter.limitBytes, counter.usageBytes, counter.maximumBytes, counter.failures]
        guard numbers.contains(where: { ($0 ?? 0) != 0 }) else { return }
        object(key) { json in
            json.number("limit", counter.limitBytes)
            json.some("usage", counter.usageBytes)
            json.some("max", counter.maximumBytes)
            json.number("failcnt", counter.failures)
        }
    }
}

/// Hundredths as a number with at most two digits behind the point.
func decimal(hundredths: UInt64) -> String {
    let (whole, part) = hundredths.quotientAndRemainder(dividingBy: 100)
    if part == 0 { return String(whole) }
    return part % 10 == 0 ? "\(whole).\(part / 10)" : "\(whole).\(part < 10 ? "0" : "")\(part)"
}

extension Pressure.Share {
    fileprivate func write(to json: inout JSONWriter) {
        json.member("avg10", literal: decimal(hundredths: average10))
        json.member("avg60", literal: decimal(hundredths: average60))
        json.member("avg300", literal: decimal(hundredths: average300))
        json.member("total", totalMicroseconds)
    }
}

extension CgroupStatistics {
    fileprivate func write(to json: inout JSONWriter) {
        json.object("cpu") { cpu.write(to: &$0) }
        json.object("cpuset") { (cpuset ?? Cpuset()).write(to: &$0) }
        json.object("memory") { memory.write(to: &$0) }
        json.object("pids") { json in
            json.some("current", pids.current)
            json.some("limit", pids.limit)
        }
        json.object("blkio") { blockIO.write(to: &$0) }
        json.object("hugetlb") { json in
            for pages in hugepages {
                json.object(pages.size) { json in
                    json.some("usage", pages.usageBytes)
                    json.some("max", pages.maximumBytes)
                    json.number("failcnt", pages.failures)
                }
            }
        }
        json.object("intel_rdt") { rdt?.write(to: &$0) }
        json.null("network_interfaces")
    }
}

extension CgroupStatistics.CPU {
    fileprivate func write(to json: inout JSONWriter) {
        let times = [usageNanoseconds, kernelNanoseconds, userNanoseconds]
        if times.contains(where: { ($0 ?? 0) != 0 }) || !usagePerCPU.isEmpty || !userPerCPU.isEmpty {
            json.object("usage") { json in
                json.some("total", usageNanoseconds)
                json.some("percpu", usagePerCPU)
                json.some("percpu_kernel", kernelPerCPU)
                json.some("percpu_user", userPerCPU)
                json.number("kernel", kernelNanoseconds)
                json.number("user", userNanoseconds)
            }
        }
        if [periods, throttledPeriods, throttledNanoseconds].contains(where: { ($0 ?? 0) != 0 }) {
            json.object("throttling") { json in
                json.some("periods", periods)
                json.some("throttledPeriods", throttledPeriods)
                json.some("throttledTime", throttledNanoseconds)
            }
        }
        json.some("psi", pressure)
    }
}

extension CgroupStatistics.Cpuset {
    fileprivate func write(to json: inout JSONWriter) {
        json.some("cpus", cpus)
        json.number("cpu_exclusive", cpuExclusive)
        json.some("mems", mems)
        json.number("mem_hardwall", memHardwall)
        json.number("mem_exclusive", memExclusive)
        json.number("memory_migrate", memoryMigrate)
        json.number("memory_spread_page", memorySpreadPage)
        json.number("memory_spread_slab", memorySpreadSlab)
        json.number("memory_pressure", memoryPressure)
        json.number("sched_load_balance", schedLoadBalance)
        json.member("sched_relax_domain_level", schedRelaxDomainLevel ?? 0)
    }
}

extension CgroupStatistics.Memory {
    fileprivate func write(to json: inout JSONWriter) {
        json.some("cache", cacheBytes)
        json.some("usage", usage)
        json.some("swap", swap)
        json.some("kernel", kernel)
        json.some("kernelTCP", kernelTCP)
        if !raw.isEmpty {
            json.object("raw") { json in
                for figure in raw.sorted(by: { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }) {
                    json.member(figure.name, figure.value)
                }
            }
        }
        json.some("psi", pressure)
    }
}

extension CgroupStatistics.BlockIO {
    fileprivate func write(to json: inout JSONWriter) {
        json.some("ioServiceBytesRecursive", serviceBytes)
        json.some("ioServicedRecursive", serviced)
        json.some("ioQueueRecursive", queued)
        json.some("ioServiceTimeRecursive", serviceTime)
        json.some("ioWaitTimeRecursive", waitTime)
        json.some("ioMergedRecursive", merged)
        json.some("ioTimeRecursive", time)
        json.some("sectorsRecursive", sectors)
        json.some("psi", pressure)
    }
}

extension CgroupStatistics.Rdt {
    fileprivate func write(to json: inout JSONWriter) {
        if cacheBitMask != nil || leastCacheBits != nil || cacheClasses != nil {
            json.object("l3_cache_info") { json in
                json.some("cbm_mask", cacheBitMask)
                json.some("min_cbm_bits", leastCacheBits)
                json.some("num_closids", cacheClasses)
            }
        }
        json.some("l3_cache_schema_root", rootCacheSchema)
        json.some("l3_cache_schema", cacheSchema)
        if bandwidthGranularity != nil || leastBandwidth != nil || bandwidthClasses != nil {
            json.object("mem_bw_info") { json in
                json.some("bandwidth_gran", bandwidthGranularity)
                json.some("delay_linear", bandwidthDelayIsLinear)
                json.some("min_bandwidth", leastBandwidth)
                json.some("num_closids", bandwidthClasses)
            }
        }
        json.some("mem_bw_schema_root", rootBandwidthSchema)
        json.some("mem_bw_schema", bandwidthSchema)
        if !bandwidth.isEmpty {
            json.array("mbm_stats") { json in
                for entry in bandwidth {
                    json.object { json in
                        json.member("mbm_total_bytes", entry.totalBytes)
                        json.member("mbm_local_bytes", entry.localBytes)
                    }
                }
            }
        }
        if !cacheOccupancyBytes.isEmpty {
            json.array("cmt_stats") { json in
                for bytes in cacheOccupancyBytes { json.object { $0.member("llc_occupancy", bytes) } }
            }
        }
    }
}
