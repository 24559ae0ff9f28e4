import JSON

/// One property of a unit, as systemd takes it over D-Bus.
public struct UnitProperty: Sendable, Hashable {
    /// For example `MemoryMax`.
    public var name: String
    public var value: BusValue

    /// Creates the value from its properties.
    public init(_ name: String, _ value: BusValue) {
        self.name = name
        self.value = value
    }
}

/// The unit that is asked for: all of it but the process that goes in.
public struct UnitPlan: Sendable, Hashable {
    public var unit: SystemdUnit
    /// The first number of systemd's version.
    public var version: Int
    /// In the order of sending; of two with one name systemd takes the later.
    public var properties: [UnitProperty]

    /// Creates the value from its properties.
    public init(unit: SystemdUnit, version: Int, properties: [UnitProperty]) {
        self.unit = unit
        self.version = version
        self.properties = properties
    }
}

/// What every container's scope has, whatever its limits.
///
/// Accounting puts it into a cgroup of its own in each hierarchy that systemd has; delegation keeps systemd away from the files it has no property for.
/// See org.freedesktop.systemd1(5), systemd.resource-control(5).
func basicProperties(id: String, slice: String, isUnified: Bool) -> [UnitProperty] {
    [
        UnitProperty("Description", .string("swruntime container " + id)),
        UnitProperty("Slice", .string(slice)),
        UnitProperty("Delegate", .boolean(true)),
        UnitProperty("MemoryAccounting", .boolean(true)),
        UnitProperty("CPUAccounting", .boolean(true)),
        UnitProperty(isUnified ? "IOAccounting" : "BlockIOAccounting", .boolean(true)),
        UnitProperty("TasksAccounting", .boolean(true)),
        UnitProperty("DefaultDependencies", .boolean(false)),
    ]
}

// MARK: Limits

/// The properties that say what `writes` say, as far as systemd has them in `version`.
///
/// The writes are made all the same, because some properties are coarser than the file. But only what systemd knows survives a `systemctl daemon-reload`,
/// which writes its own values anew.
///
/// - Parameter isUnified: whether the host has cgroup v2 alone.
public func systemdProperties(for writes: [CgroupWrite], isUnified: Bool, version: Int) -> [UnitProperty] {
    var properties: [UnitProperty] = []
    func add(_ name: String, _ value: BusValue?, since: Int = 0) {
        if version >= since, let value { properties.append(UnitProperty(name, value)) }
    }
    for write in writes {
        switch write.file {
        case "memory.max": add("MemoryMax", amount(write.value, atLeast: 1))
        case "memory.high": add("MemoryHigh", amount(write.value, atLeast: 1))
        case "memory.low": add("MemoryLow", amount(write.value))
        case "memory.min": add("MemoryMin", amount(write.value), since: 240)
        case "memory.swap.max": add("MemorySwapMax", amount(write.value), since: 232)
        case "memory.zswap.max": add("MemoryZSwapMax", amount(write.value), since: 253)
        case "cpu.weight": add("CPUWeight", amount(write.value, atLeast: 1), since: 232)
        // A weight of 0 means idle.
        case "cpu.idle" where isUnified && write.value == "1": add("CPUWeight", .uint64(0), since: idleSince)
        case "cpuset.cpus" where isUnified: add("AllowedCPUs", bitmask(write.value), since: 244)
        case "cpuset.mems" where isUnified: add("AllowedMemoryNodes", bitmask(write.value), since: 244)
        case "io.weight": add("IOWeight", weight(write.value), since: 230)
        // systemd writes both files of a weight; this is that of the other one.
        case "io.bfq.weight":
            if case .instead(_, let value) = write.ifMissing { add("IOWeight", weight(value), since: 230) }
        // systemd knows no limit of 0. Of 1 the container has as little: its first process is the one.
        case "pids.max": add("TasksMax", amount(write.value, atLeast: 1))
        case "memory.limit_in_bytes": add("MemoryLimit", amount(write.value, atLeast: 1))
        case "cpu.shares": add("CPUShares", amount(write.value, atLeast: 2))
        case "blkio.weight", "blkio.bfq.weight": add("BlockIOWeight", amount(write.value))
        default: continue
        }
    }
    properties += bandwidthProperties(writes, version: version)
    properties += deviceProperties(writes, version: version)
    return properties
}

/// What is left to write to the files once systemd has the properties.
///
/// The kernel takes no weight for a cgroup that is idle, and systemd has made it so already; its own weight of 0 stands for both.
public func writesBesideProperties(_ writes: [CgroupWrite], version: Int) -> [CgroupWrite] {
    guard version >= idleSince, writes.contains(where: { $0.file == "cpu.idle" && $0.value == "1" }) else { return writes }
    return writes.filter { $0.file != "cpu.weight" }
}

/// The first systemd that knows idle cgroups.
private let idleSince = 252

/// `max` and -1 are no limit, which systemd writes as the largest number.
private func amount(_ text: String, atLeast least: UInt64 = 0) -> BusValue? {
    if text == "max" || text == "-1" { return .uint64(.max) }
    return UInt64(text).map { .uint64(max($0, least)) }
}

/// `500` or `default 500`; the weight of a device has no property here.
private func weight(_ text: String) -> BusValue? {
    let word = "default "
    return amount(text.utf8.starts(with: word.utf8) ? String(text.dropFirst(word.count)) : text, atLeast: 1)
}

/// A list such as `0-3,7` as bits, the lowest first; `nil` for what is none, or names numbers that no machine has.
private func bitmask(_ list: String) -> BusValue? {
    let most = 1 << 16
    guard let numbers = NumberList(list), numbers.maximum < most else { return nil }
    var bytes: [BusValue] = []
    for word in numbers.bits {
        for shift in 0..<8 { bytes.append(.byte(UInt8(truncatingIfNeeded: word >> UInt64(shift * 8)))) }
    }
    while bytes.last == .byte(0), bytes.count > 1 { bytes.removeLast() }
    return .array(element: "y", bytes)
}

/// The CPU time in a period as the time in a second, in whole hundredths of a CPU, rounded up as the quotas below could not be had otherwise.
private func bandwidthProperties(_ writes: [CgroupWrite], version: Int) -> [UnitProperty] {
    var quota: Substring?
    var period: UInt64?
    for write in writes {
        switch write.file {
        case "cpu.max":
            let words = write.value.split(separator: " ")
            quota = words.first
            if words.count > 1, let number = words.last.flatMap({ UInt64($0) }) { period = number }
        case "cpu.cfs_quota_us": quota = write.value[...]
        case "cpu.cfs_period_us": period = UInt64(write.value)
        default: continue
        }
    }
    var properties: [UnitProperty] = []
    if let period, version >= 242 { properties.append(UnitProperty("CPUQuotaPeriodUSec", .uint64(period))) }
    guard let quota else { return properties }
    var perSecond = UInt64.max
    if let microseconds = UInt64(quota) {
        let (product, isTooLarge) = microseconds.multipliedReportingOverflow(by: 1_000_000)
        if !isTooLarge {
            let hundredth: UInt64 = 10_000
            let exact = product / max(period ?? CPUBandwidth.defaultPeriod, 1)
            perSecond = max(exact / hundredth + (exact % hundredth == 0 ? 0 : 1), 1) * hundredth
        }
    }
    properties.append(UnitProperty("CPUQuotaPerSecUSec", .uint64(perSecond)))
    return properties
}

// MARK: Devices

/// The device rules of cgroup v1 in systemd's words: systemd writes devices.allow anew at a daemon-reload, so it has to know them.
///
/// It has no list of what is denied. Where all but some devices are allowed, it is told to allow the ones that each container needs: until it writes
/// them, the kernel has the rules as they are, and afterwards nothing is open that should not be.
private func deviceProperties(_ writes: [CgroupWrite], version: Int) -> [UnitProperty] {
    let rules = writes.filter { $0.file == "devices.allow" || $0.file == "devices.deny" }
    guard let first = rules.first, first.value == "a" else { return [] }
    if first.file == "devices.allow", rules.count == 1 {
        return [UnitProperty("DevicePolicy", .string("auto")), UnitProperty("DeviceAllow", .array(element: "(ss)", []))]
    }
    let allowed =
        first.file == "devices.deny"
        ? rules.filter { $0.file == "devices.allow" }.map(\.value) : DeviceException.alwaysAllowed.map(\.text)
    return [
        UnitProperty("DevicePolicy", .string("strict")),
        UnitProperty("DeviceAllow", .array(element: "(ss)", allowed.compactMap { systemdDevice($0, version: version) })),
    ]
}

/// `c 1:3 rwm` as the path and the letters that systemd takes; `nil` for what it has no word for, all majors with one minor.
private func systemdDevice(_ rule: String, version: Int) -> BusValue? {
    let words = rule.split(separator: " ")
    guard words.count == 3, let kind = words.first, let access = words.last else { return nil }
    let numbers = words[1].split(separator: ":")
    guard numbers.count == 2, let major = numbers.first, let minor = numbers.last else { return nil }
    let name = kind == "c" ? "char" : "block"
    let path: String
    switch (major, minor) {
    case ("*", "*"): path = name + "-*"
    case ("*", _): return nil
    // Numbers since systemd 240, before that the names of /proc/devices.
    case ("136", "*") where version < 240 && kind == "c": path = "char-pts"
    case (_, "*"): path = name + "-" + major
    default: path = "/dev/" + name + "/" + major + ":" + minor
    }
    return .structure([.string(path), .string(String(access))])
}

// MARK: Annotations

/// The annotations that are properties of the unit; they override what the runtime would set.
let systemdAnnotationPrefix = "org.systemd.property."

/// Reads the annotations `org.systemd.property.<Name>`, in the order of their names.
///
/// The value is GVariant's text. A name in `…Sec` is sent as `…USec`, its seconds as microseconds, which is what systemd has over D-Bus.
///
/// - Throws: `SpecProblem` for a name that is none, or a value that cannot be read.
func annotatedProperties(_ annotations: [String: String]?) throws(SpecProblem) -> [UnitProperty] {
    guard let annotations else { return [] }
    var properties: [UnitProperty] = []
    for key in annotations.keys.sorted() where key.utf8.starts(with: systemdAnnotationPrefix.utf8) {
        let name = String(key.dropFirst(systemdAnnotationPrefix.count))
        let pointer = path("annotations", key)
        guard name.utf8.count >= 3, name.utf8.allSatisfy(isLetter) else {
            throw SpecProblem(pointer, "must name a property of at least three letters, and nothing but letters")
        }
        let text = annotations[key] ?? ""
        let value: BusValue
        do {
            value = try parseGVariant(text)
        } catch {
            throw SpecProblem(pointer, "must be a value in GVariant's text format, \(quoted(text)) is not: \(error)")
        }
        properties.append(try microseconds(name, value, pointer, text))
    }
    return properties
}

private func isLetter(_ byte: UInt8) -> Bool {
    (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
}

/// A property whose name ends in `Sec` behind a small letter: `TimeoutStopSec`, but not `TimeoutStopUSec`.
private func microseconds(_ name: String, _ value: BusValue, _ pointer: String, _ text: String) throws(SpecProblem) -> UnitProperty {
    let letters = name.utf8.reversed()
    guard letters.starts(with: "ceS".utf8), let before = letters.dropFirst(3).first,
        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(before)
    else { return UnitProperty(name, value) }
    let name = String(name.dropLast(3)) + "USec"
    let perSecond: UInt64 = 1_000_000
    let whole: UInt64?
    switch value {
    case .byte(let number): whole = UInt64(number)
    case .int16(let number): whole = UInt64(exactly: number)
    case .uint16(let number): whole = UInt64(number)
    case .int32(let number): whole = UInt64(exactly: number)
    case .uint32(let number): whole = UInt64(number)
    case .int64(let number): whole = UInt64(exactly: number)
    case .uint64(let number): whole = number
    case .double(let number):
        // NaN and infinity are outside of every range.
        let scaled = (number * Double(perSecond)).rounded()
        guard let exact = UInt64(exactly: scaled) else {
            throw SpecProblem(pointer, "must be a number of seconds, is \(quoted(text))")
        }
        return UnitProperty(name, .uint64(exact))
    default: whole = nil
    }
    guard let whole, case let (product, isTooLarge) = whole.multipliedReportingOverflow(by: perSecond), !isTooLarge else {
        throw SpecProblem(pointer, "must be a number of seconds, is \(quoted(text))")
    }
    return UnitProperty(name, .uint64(product))
}
