import OCISpec

/// One rule as an eBPF program asks it: the access that it names to its devices is allowed, or denied.
public struct DeviceTest: Sendable, Hashable {
    var allows: Bool
    var kinds: DeviceKinds
    /// `nil` stands for every number.
    var major: UInt32?
    var minor: UInt32?
    var access: DeviceAccess

    /// Whether each device of `other` is one of these.
    func covers(_ other: DeviceTest) -> Bool {
        kinds.isSuperset(of: other.kinds) && (major == nil || major == other.major) && (minor == nil || minor == other.minor)
    }

    /// Whether an access to some device is named by both.
    func overlaps(_ other: DeviceTest) -> Bool {
        !kinds.isDisjoint(with: other.kinds) && !access.isDisjoint(with: other.access)
            && (major == nil || other.major == nil || major == other.major)
            && (minor == nil || other.minor == nil || minor == other.minor)
    }

    /// Whether no device and no access is left to the tests behind this one.
    var isEverything: Bool { kinds == .all && major == nil && minor == nil && access == .all }

    /// As devices.allow of cgroup v1 has it, with `a` for both kinds: `c 1:3 rwm`.
    public var text: String {
        let kind = kinds == .all ? "a" : kinds == .character ? "c" : "b"
        return "\(kind) \(major.map { String($0) } ?? "*"):\(minor.map { String($0) } ?? "*")\(access.letters)"
    }
}

/// Kinds of devices; the bits are the numbers that the kernel has for them.
struct DeviceKinds: OptionSet, Sendable, Hashable {
    let rawValue: UInt8

    static var block: DeviceKinds { DeviceKinds(rawValue: 1) }
    static var character: DeviceKinds { DeviceKinds(rawValue: 2) }
    static var all: DeviceKinds { DeviceKinds(rawValue: 3) }
}

/// Rules in the order in which a program asks them: the last one first, so that the first that matches decides.
///
/// An access for reading and writing is two: each is decided by the first test that names it, and both have to be allowed.
struct DeviceTests: Sendable, Hashable {
    var tests: [DeviceTest]
    /// What holds where no test matches.
    var allowsOtherwise = false

    /// Takes over the rules of config.json, and after them the devices that each container gets, then leaves out what changes nothing.
    ///
    /// - Throws: `SpecProblem` for a malformed rule.
    init(_ rules: [LinuxDeviceCgroup]) throws(SpecProblem) {
        guard rules.count <= mostDeviceRules else {
            throw SpecProblem("linux.resources.devices", "must have at most \(mostDeviceRules) entries, has \(rules.count)")
        }
        tests = []
        tests.reserveCapacity(rules.count + DeviceException.alwaysAllowed.count)
        for device in DeviceException.alwaysAllowed {
            tests.append(
                DeviceTest(
                    allows: true, kinds: device.kind == .block ? .block : .character, major: device.major, minor: device.minor,
                    access: device.access))
        }
        // ORDER: every rule is looked at, so that a malformed one is refused also where a later one overrides it.
        var parsed: [DeviceTest] = []
        parsed.reserveCapacity(rules.count)
        for index in rules.indices { parsed.append(try DeviceTest(rules[index], index)) }
        tests += parsed.reversed()
        merge()
        endAtTestOfEverything()
        dropCovered()
        dropUseless()
    }

    /// Where the run of tests with one verdict that ends at `end` starts. Their order among each other does not matter.
    func startOfRun(before end: Int) -> Int {
        var start = end
        while start > tests.startIndex, tests[start - 1].allows == tests[end - 1].allows { start -= 1 }
        return start
    }

    private func endOfRun(from start: Int) -> Int {
        var end = start
        while end < tests.endIndex, tests[end].allows == tests[start].allows { end += 1 }
        return end
    }

    /// Makes one test of those of a run that differ in one property only. Those of every access, which containers use, come first.
    private mutating func merge() {
        var merged: [DeviceTest] = []
        merged.reserveCapacity(tests.count)
        var start = tests.startIndex
        while start < tests.endIndex {
            let end = endOfRun(from: start)
            let first = merged.endIndex
            for test in tests[start..<end] {
                if let same = merged[first...].firstIndex(where: { $0.isSameDevice(as: test) && $0.kinds == test.kinds }) {
                    merged[same].access.formUnion(test.access)
                } else {
                    merged.append(test)
                }
            }
            // ORDER: kinds after accesses, when each device is there once.
            var index = first
            while index < merged.endIndex {
                let test = merged[index]
                if let same = merged[first..<index].firstIndex(where: { $0.isSameDevice(as: test) && $0.access == test.access }) {
                    merged[same].kinds.formUnion(test.kinds)
                    merged.remove(at: index)
                } else {
                    index += 1
                }
            }
            merged[first...] = ArraySlice(merged[first...].filter { $0.access == .all } + merged[first...].filter { $0.access != .all })
            start = end
        }
        tests = merged
    }

    /// A test that leaves nothing to those behind it takes their place, and that of its neighbours with the same verdict.
    private mutating func endAtTestOfEverything() {
        guard let index = tests.firstIndex(where: { $0.isEverything }) else { return }
        allowsOtherwise = tests[index].allows
        tests.removeSubrange(index...)
        while tests.last?.allows == allowsOtherwise { tests.removeLast() }
    }

    /// Takes away tests to which earlier ones, or others of the same run, leave nothing.
    ///
    /// Only whole ones: a test of every access is the shortest.
    private mutating func dropCovered() {
        var kept: [DeviceTest] = []
        kept.reserveCapacity(tests.count)
        var start = tests.startIndex
        while start < tests.endIndex {
            let end = endOfRun(from: start)
            for index in start..<end {
                let test = tests[index]
                var left = test.access
                for earlier in kept where earlier.covers(test) { left.subtract(earlier.access) }
                // Merged before: no other one of the run is of the same devices.
                for other in tests[(index + 1)..<end] where other.covers(test) { left.subtract(other.access) }
                if !left.isEmpty { kept.append(test) }
            }
            start = end
        }
        tests = kept
    }

    /// Takes away tests that say what would hold without them: their verdict is the last word, and none behind them says another thing.
    private mutating func dropUseless() {
        var kept: [DeviceTest] = []
        kept.reserveCapacity(tests.count)
        for test in tests.reversed() {
            if test.allows == allowsOtherwise, !kept.contains(where: { $0.allows != test.allows && $0.overlaps(test) }) { continue }
            kept.append(test)
        }
        kept.reverse()
        tests = kept
    }
}

extension DeviceTest {
    fileprivate init(_ rule: LinuxDeviceCgroup, _ index: Int) throws(SpecProblem) {
        allows = rule.allow
        access = try DeviceAccess(rule.access, index)
        major = try deviceNumber(rule.major, index, "major")
        minor = try deviceNumber(rule.minor, index, "minor")
        kinds =
            switch rule.type ?? .all {
            case .all: .all
            case .block: .block
            case .character: .character
            }
    }

    fileprivate func isSameDevice(as other: DeviceTest) -> Bool { major == other.major && minor == other.minor }
}
