public import Kernel
import KernelABI
public import Planning

/// The figures of a cgroup that people watch: few files, for many containers in one process.
public func cgroupUsage(of handle: CgroupHandle, with reader: inout FileReader) -> CgroupUsage {
    var usage = CgroupUsage()
    for directory in handle.hierarchies { readV1(directory, &reader, into: &usage) }
    guard let unified = handle.unified,
        let folder = try? Kernel.open(unified.absolutePath, [.path, .directory, .noFollow])
    else { return usage }
    if handle.hierarchies.isEmpty { readV2(folder, &reader, into: &usage) }
    usage.cpuPressure = reader.read("cpu.pressure", at: folder).flatMap(parseRecentPressure)
    usage.memoryPressure = reader.read("memory.pressure", at: folder).flatMap(parseRecentPressure)
    usage.ioPressure = reader.read("io.pressure", at: folder).flatMap(parseRecentPressure)
    return usage
}

/// A hierarchy with two files to read is opened once; one with a single file needs no descriptor.
private func readV1(_ directory: CgroupDirectory, _ reader: inout FileReader, into usage: inout CgroupUsage) {
    for controller in directory.controllers {
        switch controller {
        case "cpu":
            guard let text = reader.read(directory.absolutePath + "/cpu.stat") else { continue }
            usage.throttledPeriods = parseFigure(named: "nr_throttled", in: text)
            usage.throttledNanoseconds = parseFigure(named: "throttled_time", in: text)
        case "cpuacct": usage.cpuNanoseconds = reader.read(directory.absolutePath + "/cpuacct.usage").flatMap(parseFigure)
        case "memory":
            guard let folder = try? Kernel.open(directory.absolutePath, [.path, .directory, .noFollow]) else { continue }
            usage.memoryBytes = reader.read("memory.usage_in_bytes", at: folder).flatMap(parseFigure)
            let limit = reader.read("memory.limit_in_bytes", at: folder).flatMap(parseFigure)
            usage.memoryLimitBytes = limit.flatMap { $0 >= unlimitedV1 ? nil : $0 }
        case "pids":
            guard let folder = try? Kernel.open(directory.absolutePath, [.path, .directory, .noFollow]) else { continue }
            usage.pids = reader.read("pids.current", at: folder).flatMap(parseFigure)
            usage.pidsLimit = reader.read("pids.max", at: folder).flatMap(parseLimit)
        case "blkio":
            guard let text = reader.read(directory.absolutePath + "/blkio.throttle.io_service_bytes_recursive") else { continue }
            (usage.readBytes, usage.writtenBytes) = parseBlockIOBytes(text)
        default: break
        }
    }
}

/// No limit on v1: the largest number of bytes in whole pages, of whatever size; nobody has that much.
private let unlimitedV1: UInt64 = 1 << 62

private func readV2(_ folder: borrowing FileDescriptor, _ reader: inout FileReader, into usage: inout CgroupUsage) {
    if let text = reader.read("cpu.stat", at: folder) {
        usage.cpuNanoseconds = parseFigure(named: "usage_usec", in: text).map { $0 &* 1000 }
        usage.throttledPeriods = parseFigure(named: "nr_throttled", in: text)
        usage.throttledNanoseconds = parseFigure(named: "throttled_usec", in: text).map { $0 &* 1000 }
    }
    usage.memoryBytes = reader.read("memory.current", at: folder).flatMap(parseFigure)
    usage.memoryLimitBytes = reader.read("memory.max", at: folder).flatMap(parseLimit)
    usage.pids = reader.read("pids.current", at: folder).flatMap(parseFigure)
    usage.pidsLimit = reader.read("pids.max", at: folder).flatMap(parseLimit)
    if let text = reader.read("io.stat", at: folder) { (usage.readBytes, usage.writtenBytes) = parseIOBytes(text) }
}
