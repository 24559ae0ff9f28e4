import OCISpec
import Testing

@testable import Planning

private func plan(
    _ cgroupsPath: String?, id: String = "web1", resources: LinuxResources? = nil, annotations: [String: String]? = nil,
    host: HostFacts = .v2, systemd: SystemdFacts = SystemdFacts(version: 252, controlGroup: "", isUser: false)
) throws -> CgroupPlan {
    var host = host
    host.systemd = systemd
    return try planCgroup(
        Spec(annotations: annotations, linux: Linux(resources: resources, cgroupsPath: cgroupsPath)), id: id, on: host)
}

private func properties(_ plan: CgroupPlan) -> [String: BusValue] {
    Dictionary(plan.unit?.properties.map { ($0.name, $0.value) } ?? [], uniquingKeysWith: { $1 })
}

@Test(
    arguments: [
        (nil, "swruntime-web1.scope", "system.slice/swruntime-web1.scope"),
        ("", "swruntime-web1.scope", "system.slice/swruntime-web1.scope"),
        ("system.slice:docker:abc", "docker-abc.scope", "system.slice/docker-abc.scope"),
        (":docker:abc", "docker-abc.scope", "system.slice/docker-abc.scope"),
        ("system.slice::abc", "abc.scope", "system.slice/abc.scope"),
        ("-.slice:p:n", "p-n.scope", "p-n.scope"),
        ("a-b-c.slice:p:n", "p-n.scope", "a.slice/a-b.slice/a-b-c.slice/p-n.scope"),
    ] as [(String?, String, String)])
func thePathNamesSliceAndScope(_ path: String?, _ unit: String, _ folder: String) throws {
    let plan = try plan(path)
    #expect(plan.handle.unit == SystemdUnit(name: unit, isUser: false))
    #expect(plan.handle.unified?.path == folder)
}

@Test func anIDThatIsNoNameOfAUnitIsEscaped() throws {
    #expect(try plan(nil, id: "a+b-c").handle.unit?.name == "swruntime-a\\x2bb-c.scope")
}

@Test func theUsersScopesLieBelowTheUsersManager() throws {
    let user = SystemdFacts(version: 252, controlGroup: "/user.slice/user-1000.slice/user@1000.service", isUser: true)
    let handle = try plan(nil, systemd: user).handle
    #expect(handle.unified?.path == "user.slice/user-1000.slice/user@1000.service/user.slice/swruntime-web1.scope")
    #expect(handle.unit?.isUser == true)
}

@Test func onV1ThePathIsTheSameInEveryHierarchy() throws {
    let plan = try plan("system.slice:p:n", host: .v1)
    #expect(Set(plan.handle.hierarchies.map(\.path)) == ["system.slice/p-n.scope"])
    #expect(plan.handle.hierarchies.count == 6)
}

@Test(arguments: [
    ("/a/b", "must be of the form slice:prefix:name for systemd, is /a/b"),
    ("a:b", "must be of the form slice:prefix:name for systemd, is a:b"),
    ("a.slice:b:c:d", "must be of the form slice:prefix:name for systemd, is a.slice:b:c:d"),
    ("a.slice:b:", "must have a name behind the second colon, is a.slice:b:"),
    ("a.slice:b:c.slice", "must name a scope: systemd puts no process into a slice, and c.slice is one"),
    ("a:b:c", "must begin with the name of a slice such as system.slice or a-b.slice, a is none"),
    (".slice:b:c", "must begin with the name of a slice such as system.slice or a-b.slice, .slice is none"),
    ("a--b.slice:b:c", "must begin with the name of a slice such as system.slice or a-b.slice, a--b.slice is none"),
    ("-a.slice:b:c", "must begin with the name of a slice such as system.slice or a-b.slice, -a.slice is none"),
    ("a/b.slice:b:c", "must begin with the name of a slice such as system.slice or a-b.slice, a/b.slice is none"),
    (
        "a.slice:b:c/d",
        "must give a unit of at most 255 letters, digits and : - _ . \\ @ that does not begin with @, gives b-c/d.scope"
    ),
])
func pathsThatNameNoScopeAreRefused(_ path: String, _ rule: String) {
    let problem = #expect(throws: SpecProblem.self) { try plan(path) }
    #expect(problem?.path == "linux.cgroupsPath")
    #expect(problem?.rule.replacing("\"", with: "") == rule)
}

@Test func aNameThatIsTooLongIsRefused() throws {
    let longest = String(repeating: "a", count: 255 - ".scope".count)
    #expect(try plan(":" + ":" + longest).handle.unit?.name.utf8.count == 255)
    #expect(throws: SpecProblem.self) { try plan("::a" + longest) }
}

@Test func aScopeHasAccountingAndDelegation() throws {
    let properties = try plan("system.slice:p:n").unit?.properties
    #expect(
        properties == [
            UnitProperty("Description", .string("swruntime container web1")), UnitProperty("Slice", .string("system.slice")),
            UnitProperty("Delegate", .boolean(true)), UnitProperty("MemoryAccounting", .boolean(true)),
            UnitProperty("CPUAccounting", .boolean(true)), UnitProperty("IOAccounting", .boolean(true)),
            UnitProperty("TasksAccounting", .boolean(true)), UnitProperty("DefaultDependencies", .boolean(false)),
        ])
}

private func limit(_ file: String, _ value: String) -> CgroupWrite {
    CgroupWrite(controller: "", file: file, value: value, ifMissing: .fail, origin: "")
}

@Test(
    arguments: [
        ("memory.max", "4096", 252, ["MemoryMax=4096"]), ("memory.max", "max", 252, ["MemoryMax=infinity"]),
        ("memory.low", "0", 252, ["MemoryLow=0"]), ("memory.high", "5", 252, ["MemoryHigh=5"]),
        ("memory.swap.max", "0", 252, ["MemorySwapMax=0"]), ("memory.swap.max", "0", 231, []),
        ("memory.min", "1", 239, []), ("memory.min", "1", 240, ["MemoryMin=1"]),
        ("memory.zswap.max", "1", 252, []), ("memory.zswap.max", "1", 253, ["MemoryZSwapMax=1"]),
        ("cpu.weight", "79", 252, ["CPUWeight=79"]), ("cpu.idle", "1", 252, ["CPUWeight=0"]), ("cpu.idle", "1", 251, []),
        ("cpu.idle", "0", 252, []),
        ("cpu.max", "50000 100000", 252, ["CPUQuotaPeriodUSec=100000", "CPUQuotaPerSecUSec=500000"]),
        ("cpu.max", "50000 100000", 241, ["CPUQuotaPerSecUSec=500000"]),
        ("cpu.max", "20500 50000", 252, ["CPUQuotaPeriodUSec=50000", "CPUQuotaPerSecUSec=410000"]),
        ("cpu.max", "1234", 252, ["CPUQuotaPerSecUSec=20000"]), ("cpu.max", "max", 252, ["CPUQuotaPerSecUSec=infinity"]),
        ("cpu.max", "1000 1000000", 252, ["CPUQuotaPeriodUSec=1000000", "CPUQuotaPerSecUSec=10000"]),
        ("cpu.max", "18446744073709551615 1", 252, ["CPUQuotaPeriodUSec=1", "CPUQuotaPerSecUSec=infinity"]),
        ("cpu.max", "1 0", 252, ["CPUQuotaPeriodUSec=0", "CPUQuotaPerSecUSec=1000000"]),
        ("cpuset.cpus", "0-1,9", 252, ["AllowedCPUs=[3, 2]"]), ("cpuset.cpus", "0-1", 243, []), ("cpuset.cpus", "0-10:2/4", 252, []),
        ("cpuset.cpus", "999999999", 252, []), ("cpuset.mems", "0", 252, ["AllowedMemoryNodes=[1]"]),
        ("io.weight", "default 500", 252, ["IOWeight=500"]), ("io.weight", "8:0 500", 252, []),
        ("pids.max", "17", 252, ["TasksMax=17"]), ("pids.max", "0", 252, ["TasksMax=1"]), ("pids.max", "max", 252, ["TasksMax=infinity"]),
        ("memory.limit_in_bytes", "-1", 252, ["MemoryLimit=infinity"]), ("cpu.shares", "2", 252, ["CPUShares=2"]),
        ("blkio.weight", "10", 252, ["BlockIOWeight=10"]), ("memory.oom.group", "1", 252, []),
    ] as [(String, String, Int, [String])])
func limitsBecomePropertiesWhereSystemdHasThem(_ file: String, _ value: String, _ version: Int, _ expected: [String]) {
    let found = systemdProperties(for: [limit(file, value)], isUnified: true, version: version)
    #expect(lines(found) == expected)
}

private func lines(_ properties: [UnitProperty]) -> [String] {
    properties.map { property in
        switch property.value {
        case .uint64(.max): "\(property.name)=infinity"
        case .uint64(let number): "\(property.name)=\(number)"
        case .string(let text): "\(property.name)=\(text)"
        case .array(_, let values): "\(property.name)=[" + values.map(element).joined(separator: ", ") + "]"
        default: "\(property.name)=?"
        }
    }
}

private func element(_ value: BusValue) -> String {
    switch value {
    case .byte(let byte): return "\(byte)"
    case .structure(let members):
        guard case .string(let path)? = members.first, case .string(let access)? = members.last else { return "?" }
        return path + " " + access
    default: return "?"
    }
}

@Test func anIdleCgroupGetsNoWeight() {
    let writes = [limit("cpu.weight", "59"), limit("cpu.idle", "1"), limit("pids.max", "5")]
    #expect(writesBesideProperties(writes, version: 252).map(\.file) == ["cpu.idle", "pids.max"])
    #expect(writesBesideProperties(writes, version: 251) == writes)
    let awake = [limit("cpu.weight", "59"), limit("cpu.idle", "0")]
    #expect(writesBesideProperties(awake, version: 252) == awake)
}

@Test func onV1QuotaAndPeriodAreOneProperty() {
    let found = systemdProperties(
        for: [limit("cpu.cfs_period_us", "50000"), limit("cpu.cfs_quota_us", "25000"), limit("cpuset.cpus", "0")], isUnified: false,
        version: 252)
    #expect(lines(found) == ["CPUQuotaPeriodUSec=50000", "CPUQuotaPerSecUSec=500000"])
    #expect(
        lines(systemdProperties(for: [limit("cpu.cfs_quota_us", "-1")], isUnified: false, version: 252)) == ["CPUQuotaPerSecUSec=infinity"])
}

@Test func onV1SystemdGetsToKnowTheDeviceRules() {
    let rules = [
        limit("devices.deny", "a"), limit("devices.allow", "c *:* m"), limit("devices.allow", "c 1:3 rwm"),
        limit("devices.allow", "b 8:* r"),
        limit("devices.allow", "c 136:* rw"), limit("devices.allow", "c *:5 r"),
    ]
    #expect(
        lines(systemdProperties(for: rules, isUnified: false, version: 252)) == [
            "DevicePolicy=strict", "DeviceAllow=[char-* m, /dev/char/1:3 rwm, block-8 r, char-136 rw]",
        ])
    #expect(
        lines(systemdProperties(for: rules, isUnified: false, version: 239)) == [
            "DevicePolicy=strict", "DeviceAllow=[char-* m, /dev/char/1:3 rwm, block-8 r, char-pts rw]",
        ])
    #expect(
        lines(systemdProperties(for: [limit("devices.allow", "a")], isUnified: false, version: 252)) == [
            "DevicePolicy=auto", "DeviceAllow=[]",
        ])
}

@Test func aListOfWhatIsDeniedLeavesNothingOpenToSystemd() {
    let found = lines(
        systemdProperties(for: [limit("devices.allow", "a"), limit("devices.deny", "b 8:0 rwm")], isUnified: false, version: 252))
    #expect(found.first == "DevicePolicy=strict")
    #expect(found.last?.hasPrefix("DeviceAllow=[char-* m, block-* m, /dev/char/1:3 rwm, ") == true)
}

@Test func annotationsBecomePropertiesInTheOrderOfTheirNames() throws {
    let plan = try plan(
        nil,
        annotations: [
            "org.systemd.property.TimeoutStopSec": "7", "org.systemd.property.CollectMode": "'inactive-or-failed'", "other": "x",
            "org.systemd.property.RuntimeMaxUSec": "uint64 5", "org.systemd.property.RestartSec": "0.25",
        ])
    #expect(
        plan.unit?.properties.suffix(4) == [
            UnitProperty("CollectMode", .string("inactive-or-failed")), UnitProperty("RestartUSec", .uint64(250_000)),
            UnitProperty("RuntimeMaxUSec", .uint64(5)), UnitProperty("TimeoutStopUSec", .uint64(7_000_000)),
        ])
}

@Test(arguments: [
    ("ab", "1", "must name a property of at least three letters, and nothing but letters"),
    ("A-b", "1", "must name a property of at least three letters, and nothing but letters"),
    ("Delegate", "yes", "must be a value in GVariant's text format, \"yes\" is not: no value begins with yes (byte 1)"),
    ("TimeoutStopSec", "'7'", "must be a number of seconds, is \"'7'\""),
    ("TimeoutStopSec", "-7", "must be a number of seconds, is \"-7\""),
    ("TimeoutStopSec", "1e300", "must be a number of seconds, is \"1e300\""),
    ("TimeoutStopSec", "uint64 18446744073709551615", "must be a number of seconds, is \"uint64 18446744073709551615\""),
])
func annotationsThatAreNoPropertyAreRefused(_ name: String, _ value: String, _ rule: String) {
    let problem = #expect(throws: SpecProblem.self) { try plan(nil, annotations: ["org.systemd.property." + name: value]) }
    #expect(problem?.rule == rule)
    #expect(problem?.path == "annotations[\"org.systemd.property.\(name)\"]")
}
