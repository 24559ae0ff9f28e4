import Kernel
import KernelABI
import Planning

/// What a second look tells about a value that was refused; `nil` where it tells nothing. Only ever called on the way to an error.
func explanation(of errno: Errno, for write: CgroupWrite, in folder: String) -> String? {
    switch write.file {
    case "memory.limit_in_bytes": errno == .EBUSY ? inUse("memory.usage_in_bytes", in: folder) : nil
    case "memory.memsw.limit_in_bytes": errno == .EBUSY ? inUse("memory.memsw.usage_in_bytes", in: folder) : nil
    case "memory.max": errno == .EBUSY ? inUse("memory.current", in: folder) : nil
    case "cpuset.cpus": above(folder, "CPUs", ["cpuset.cpus", "cpuset.cpus.effective"])
    case "cpuset.mems": above(folder, "memory nodes", ["cpuset.mems", "cpuset.mems.effective"])
    case "cpu.cfs_quota_us", "cpu.cfs_period_us": above(folder, quota: "cpu.cfs_quota_us", period: "cpu.cfs_period_us")
    case "cpu.shares", "cpu.weight": (try? value(of: folder + "/cpu.idle")) == "1" ? "an idle cgroup (cpu.idle is 1) has no share" : nil
    case "cpu.cfs_burst_us": (try? value(of: folder + "/cpu.cfs_quota_us")).map { "cpu.cfs_quota_us is \($0)" }
    case "cpu.max.burst": (try? value(of: folder + "/cpu.max")).map { "cpu.max is \($0)" }
    case "cpu.rt_runtime_us", "cpu.rt_period_us": above(folder, quota: "cpu.rt_runtime_us", period: "cpu.rt_period_us")
    case "net_prio.ifpriomap": errno == .ENODEV ? "the runtime's network namespace has no interface of this name" : nil
    case "rdma.max": errno == .ENODEV ? "the host has no RDMA device of this name" : nil
    default: write.controller == "blkio" || write.controller == "io" ? device(of: write, errno) : nil
    }
}

/// Why a file of a controller is not there.
func explanation(ofMissing write: CgroupWrite, in folder: String) -> String {
    if let reason = missingController(write.controller, in: folder) { return reason }
    if write.controller == "hugetlb", let sizes = hugepageSizes(in: folder) { return "there are huge pages of \(sizes)" }
    if case .instead(let file, _) = write.ifMissing { return "this kernel offers neither \(write.file) nor \(file)" }
    return "this kernel does not offer the setting"
}

/// Where on the way down to a folder of cgroup v2 the controller got lost; `nil` where it did not, and for v1.
private func missingController(_ controller: String, in folder: String) -> String? {
    guard controller != "cgroup", let enabled = controllers(of: folder), !enabled.contains(controller) else { return nil }
    var folder = parent(of: folder)
    while let offered = controllers(of: folder) {
        if offered.contains(controller) { return "the cgroup \(folder) does not hand the controller \(controller) on" }
        guard controllers(of: parent(of: folder)) != nil else { break }
        folder = parent(of: folder)
    }
    return "cgroup2 on this host does not have the controller \(controller)"
}

/// The controllers that a folder of cgroup v2 has; `nil` for any other folder.
func controllers(of folder: String) -> [String]? {
    guard let text = try? value(of: folder + "/cgroup.controllers") else { return nil }
    return text.utf8.split(separator: UInt8(ascii: " ")).map { String(Substring($0)) }
}

private func hugepageSizes(in folder: String) -> String? {
    guard let descriptor = try? Kernel.open(folder, [.readOnly, .directory]), let entries = try? Kernel.directoryEntries(descriptor) else {
        return nil
    }
    var sizes: [String] = []
    for entry in entries {
        let parts = entry.name.utf8.split(separator: UInt8(ascii: "."))
        guard parts.count == 3, parts[0].elementsEqual("hugetlb".utf8) else { continue }
        guard parts[2].elementsEqual("max".utf8) || parts[2].elementsEqual("limit_in_bytes".utf8) else { continue }
        sizes.append(String(Substring(parts[1])))
    }
    return sizes.isEmpty ? nil : sizes.sorted().joined(separator: ", ")
}

private func inUse(_ file: String, in folder: String) -> String? {
    (try? value(of: folder + "/" + file)).map { "\($0) bytes are in use" }
}

/// What the parent has to give, from the first file that is there: the root of cgroup v2 has only the effective list.
private func above(_ folder: String, _ kind: String, _ files: [String]) -> String? {
    for file in files {
        guard let list = try? value(of: parent(of: folder) + "/" + file), !list.isEmpty || file == files.last else { continue }
        return "the cgroup above has the \(kind) \(list.isEmpty ? "none" : list)"
    }
    return nil
}

private func above(_ folder: String, quota: String, period: String) -> String? {
    guard let quota = try? value(of: parent(of: folder) + "/" + quota), quota != "-1",
        let period = try? value(of: parent(of: folder) + "/" + period)
    else { return nil }
    return "the cgroup above has \(quota) µs in \(period) µs"
}

/// What the host knows of the block device at the start of a line.
private func device(of write: CgroupWrite, _ errno: Errno) -> String? {
    guard let number = write.value.utf8.split(separator: UInt8(ascii: " ")).first, number.contains(UInt8(ascii: ":")) else { return nil }
    let device = String(Substring(number))
    let folder = "/sys/dev/block/" + device
    guard (try? Kernel.status(folder, followSymlinks: true)) != nil else {
        return errno == .ENODEV ? "the host has no block device \(device)" : nil
    }
    if (try? Kernel.status(folder + "/partition", followSymlinks: true)) != nil {
        return "\(device) is a partition, and limits are for whole disks"
    }
    guard errno == .EOPNOTSUPP, let scheduler = try? value(of: folder + "/queue/scheduler") else { return nil }
    return "the scheduler of \(device) keeps no weights: \(scheduler)"
}
