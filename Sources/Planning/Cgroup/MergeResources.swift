public import OCISpec

extension LinuxResources {
    /// The limits that hold after `changes` were made to these: what `changes` does not name stays.
    ///
    /// Values that stand for "unset" (0 bytes, 0 shares, an empty list) name nothing. Device rules are replaced as a whole, since their order
    /// counts; other lists are merged by device, page size, interface or file.
    public func merged(with changes: LinuxResources) -> LinuxResources {
        var result = self
        result.devices = named(changes.devices) ?? devices
        if let memory = changes.memory { result.memory = (self.memory ?? LinuxMemory()).merged(with: memory) }
        if let cpu = changes.cpu { result.cpu = (self.cpu ?? LinuxCPU()).merged(with: cpu) }
        if let limit = changes.pids?.limit { result.pids = LinuxPids(limit: limit) }
        if let blockIO = changes.blockIO { result.blockIO = (self.blockIO ?? LinuxBlockIO()).merged(with: blockIO) }
        if let limits = changes.hugepageLimits { result.hugepageLimits = merge(hugepageLimits, limits, by: \.pageSize) }
        if let network = changes.network {
            result.network = LinuxNetwork(
                classID: named(network.classID) ?? self.network?.classID,
                priorities: merge(self.network?.priorities, network.priorities, by: \.name))
        }
        if let limits = changes.rdma { result.rdma = (rdma ?? [:]).merging(limits) { $0.merged(with: $1) } }
        if let files = changes.unified { result.unified = (unified ?? [:]).merging(files) { $1 } }
        return result
    }
}

extension LinuxMemory {
    fileprivate func merged(with changes: LinuxMemory) -> LinuxMemory {
        LinuxMemory(
            limit: named(changes.limit) ?? limit,
            reservation: named(changes.reservation) ?? reservation,
            // Unlimited memory makes the sum unlimited.
            swap: named(changes.swap) ?? (changes.limit == -1 ? -1 : swap),
            kernel: named(changes.kernel) ?? kernel,
            kernelTCP: named(changes.kernelTCP) ?? kernelTCP,
            swappiness: changes.swappiness ?? swappiness,
            disableOOMKiller: changes.disableOOMKiller ?? disableOOMKiller,
            useHierarchy: changes.useHierarchy ?? useHierarchy,
            checkBeforeUpdate: changes.checkBeforeUpdate ?? checkBeforeUpdate)
    }
}

extension LinuxCPU {
    fileprivate func merged(with changes: LinuxCPU) -> LinuxCPU {
        LinuxCPU(
            shares: named(changes.shares) ?? shares,
            quota: named(changes.quota) ?? quota,
            burst: changes.burst ?? burst,
            period: named(changes.period) ?? period,
            realtimeRuntime: named(changes.realtimeRuntime) ?? realtimeRuntime,
            realtimePeriod: named(changes.realtimePeriod) ?? realtimePeriod,
            cpus: named(changes.cpus) ?? cpus,
            mems: named(changes.mems) ?? mems,
            idle: changes.idle ?? idle)
    }
}

extension LinuxBlockIO {
    fileprivate func merged(with changes: LinuxBlockIO) -> LinuxBlockIO {
        LinuxBlockIO(
            weight: named(changes.weight) ?? weight,
            leafWeight: named(changes.leafWeight) ?? leafWeight,
            weightDevice: merge(weightDevice, changes.weightDevice) { [$0.major, $0.minor] },
            throttleReadBpsDevice: merge(throttleReadBpsDevice, changes.throttleReadBpsDevice, by: \.device),
            throttleWriteBpsDevice: merge(throttleWriteBpsDevice, changes.throttleWriteBpsDevice, by: \.device),
            throttleReadIOPSDevice: merge(throttleReadIOPSDevice, changes.throttleReadIOPSDevice, by: \.device),
            throttleWriteIOPSDevice: merge(throttleWriteIOPSDevice, changes.throttleWriteIOPSDevice, by: \.device))
    }
}

extension LinuxThrottleDevice {
    fileprivate var device: [Int64] { [major, minor] }
}

extension LinuxRdma {
    fileprivate func merged(with changes: LinuxRdma) -> LinuxRdma {
        LinuxRdma(hcaHandles: changes.hcaHandles ?? hcaHandles, hcaObjects: changes.hcaObjects ?? hcaObjects)
    }
}

/// `nil` for what stands for "unset".
func named<T: BinaryInteger>(_ value: T?) -> T? { value == 0 ? nil : value }

private func named(_ text: String?) -> String? { text?.isEmpty == true ? nil : text }

private func named<T>(_ list: [T]?) -> [T]? { list?.isEmpty == true ? nil : list }

/// The elements of `old` whose key is not in `changes`, and those of `changes`.
private func merge<T, Key: Hashable>(_ old: [T]?, _ changes: [T]?, by key: (T) -> Key) -> [T]? {
    guard let old, let changes else { return changes ?? old }
    let replaced = Set(changes.map(key))
    return old.filter { !replaced.contains(key($0)) } + changes
}
