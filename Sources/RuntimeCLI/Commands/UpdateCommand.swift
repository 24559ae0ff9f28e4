import ContainerRuntime
import JSON
import Kernel
import OCISpec

/// `update`: changes limits of a container.
struct UpdateCommand: Sendable {
    let id: String
    /// `--resources`: a file, or `-` for the standard input. Then all other options are ignored.
    let resourcesFile: String?
    /// What the other options ask for.
    let resources: LinuxResources
    let l3CacheSchema: String?
    let memoryBandwidthSchema: String?
    private let isKernelMemoryGiven: Bool

    init(id: String, _ arguments: Arguments) throws(UsageProblem) {
        self.id = id
        resourcesFile = arguments.value(.resources)
        isKernelMemoryGiven = arguments.value(.kernelMemory) != nil || arguments.value(.kernelMemoryTCP) != nil
        guard resourcesFile == nil else {
            resources = LinuxResources()
            l3CacheSchema = nil
            memoryBandwidthSchema = nil
            return
        }
        resources = try arguments.resources()
        l3CacheSchema = arguments.text(.l3CacheSchema)
        memoryBandwidthSchema = arguments.text(.memoryBandwidthSchema)
    }

    func execute(_ session: Session) throws(RuntimeError) {
        let factory = try session.factory()
        if isKernelMemoryGiven { session.logger.warning("Kernel memory settings are ignored and will be removed") }
        guard let resourcesFile else {
            do {
                return try factory.update(
                    id: id, resources, l3CacheSchema: l3CacheSchema, memoryBandwidthSchema: memoryBandwidthSchema)
            } catch {
                throw error.placed(onCommandLine: ())
            }
        }
        let bytes = try UpdateCommand.read(resourcesFile)
        let name = resourcesFile == "-" ? "standard input" : resourcesFile
        let resources: LinuxResources
        do {
            resources = try JSON.decode(LinuxResources.self, from: bytes)
        } catch {
            throw RuntimeError(error).placed(in: name, bytes)
        }
        do {
            try factory.update(id: id, resources)
        } catch {
            throw error.placed(in: name, bytes)
        }
    }

    private static func read(_ file: String) throws(RuntimeError) -> [UInt8] {
        let limit = JSONLimits.configuration.size
        do {
            guard file == "-" else { return try Kernel.readFile(file, limit: limit) }
            let input = FileDescriptor(adopting: 0)
            return try Kernel.readAll(input, limit: limit, subject: "standard input")
        } catch {
            throw RuntimeError(.invalidArgument, doing: "read the limits", cause: error)
        }
    }
}

extension RuntimeError {
    /// With its place in the file of `--resources`, which holds what config.json has in `linux.resources`.
    fileprivate func placed(in file: String, _ bytes: [UInt8]) -> RuntimeError {
        var placed = self
        placed.document = file
        if let pointer, pointer.hasPrefix(resourcesPointer) {
            placed.pointer = String(pointer.dropFirst(resourcesPointer.utf8.count))
        }
        return placed.located(in: bytes)
    }

    /// With the option that asked for the limit.
    fileprivate func placed(onCommandLine: Void) -> RuntimeError {
        guard let pointer, let option = optionPointers.first(where: { $0.pointer == pointer })?.option else { return self }
        var placed = self
        placed.pointer = "--" + option.form.name
        return placed
    }
}

private let resourcesPointer = "linux.resources."

private var optionPointers: [(pointer: String, option: Option)] {
    [
        ("linux.resources.blockIO.weight", .blkioWeight), ("linux.resources.cpu.period", .cpuPeriod),
        ("linux.resources.cpu.quota", .cpuQuota), ("linux.resources.cpu.burst", .cpuBurst), ("linux.resources.cpu.shares", .cpuShare),
        ("linux.resources.cpu.realtimePeriod", .cpuRealtimePeriod), ("linux.resources.cpu.realtimeRuntime", .cpuRealtimeRuntime),
        ("linux.resources.cpu.cpus", .cpusetCPUs), ("linux.resources.cpu.mems", .cpusetMems), ("linux.resources.cpu.idle", .cpuIdle),
        ("linux.resources.memory.limit", .memory), ("linux.resources.memory.reservation", .memoryReservation),
        ("linux.resources.memory.swap", .memorySwap), ("linux.resources.pids.limit", .pidsLimit),
    ]
}

extension Arguments {
    /// The limits that the options of `update` ask for.
    fileprivate func resources() throws(UsageProblem) -> LinuxResources {
        var resources = LinuxResources()
        let cpu = LinuxCPU(
            shares: try number(.cpuShare), quota: try number(.cpuQuota), burst: try number(.cpuBurst), period: try number(.cpuPeriod),
            realtimeRuntime: try number(.cpuRealtimeRuntime), realtimePeriod: try number(.cpuRealtimePeriod), cpus: text(.cpusetCPUs),
            mems: text(.cpusetMems), idle: try number(.cpuIdle))
        if cpu != LinuxCPU() { resources.cpu = cpu }
        let memory = LinuxMemory(limit: try bytes(.memory), reservation: try bytes(.memoryReservation), swap: try bytes(.memorySwap))
        if memory != LinuxMemory() { resources.memory = memory }
        if let limit: Int64 = try number(.pidsLimit) { resources.pids = LinuxPids(limit: limit) }
        if let weight: UInt16 = try number(.blkioWeight) { resources.blockIO = LinuxBlockIO(weight: weight) }
        return resources
    }

    /// The value of an option that may be given as an empty text, which asks for nothing.
    fileprivate func text(_ option: Option) -> String? {
        value(option).flatMap { $0.isEmpty ? nil : $0 }
    }

    private func number<T: FixedWidthInteger>(_ option: Option) throws(UsageProblem) -> T? {
        guard let text = text(option) else { return nil }
        if let number = T(text) { return number }
        throw .invalidValue("invalid value for \(option.form.name): must be a number from \(T.min) to \(T.max), is \"\(text)\"")
    }

    private func bytes(_ option: Option) throws(UsageProblem) -> Int64? {
        guard let text = text(option) else { return nil }
        if let size = byteSize(text) { return size }
        throw .invalidValue(
            "invalid value for \(option.form.name): invalid size: '\(text)' (must be a number of bytes such as 64m or 1g, or -1, and less than 2^63)"
        )
    }
}
