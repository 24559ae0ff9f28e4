public import KernelABI
public import OCISpec

/// What decides on cgroup v2 which devices a container may use: an eBPF program, attached to the container's cgroup.
///
/// Unlike the device controller of v1 it can express any list of rules, each in its place.
/// See runtime-spec, config-linux, "Allowed Device list"; kernel, admin-guide/cgroup-v2, "Device controller".
public struct DeviceProgram: Sendable, Hashable {
    /// What it asks, in this order; the first test that names an access decides it.
    public var tests: [DeviceTest]
    /// What holds where no test matches.
    public var allowsOtherwise: Bool
    /// The program; empty where everything is allowed, which needs none.
    public var instructions: [EBPFInstruction]
    /// What happens on a kernel without such programs.
    public var ifMissing: MissingFilePolicy

    /// Compiles the rules of config.json, and after them those for the devices that each container gets.
    ///
    /// Without rules of its own a container starts from "nothing allowed" too, but then a kernel that cannot keep that is none of its business.
    /// - Throws: `SpecProblem` for a malformed rule.
    public init(_ rules: [LinuxDeviceCgroup]) throws(SpecProblem) {
        let reduced = try DeviceTests(rules)
        tests = reduced.tests
        allowsOtherwise = reduced.allowsOtherwise
        instructions = compile(reduced)
        ifMissing = rules.isEmpty ? .ignore : .fail
    }
}

/// Turns tests into a program that gives 1 (allowed) or 0.
///
/// The kind is tested once for all tests of a kind, a major number once for all its minor ones. Tests of every access come first, because they are
/// those of the devices that a container uses, and need no look at the access.
private func compile(_ tests: DeviceTests) -> [EBPFInstruction] {
    if tests.tests.isEmpty, tests.allowsOtherwise { return [] }
    var program = EBPFProgram(capacity: 2 * tests.tests.count + 16)
    // The last run says another thing than what holds otherwise, or it would not be there: both ends are reached, and the verifier finds no dead code.
    let opposite = tests.tests.isEmpty ? nil : program.addEnd(allows: !tests.allowsOtherwise)
    let otherwise = program.addEnd(allows: tests.allowsOtherwise)
    var end = tests.tests.endIndex
    while end > tests.tests.startIndex {
        let start = tests.startOfRun(before: end)
        let isOpposite = tests.tests[start].allows != tests.allowsOtherwise
        for group in groups(tests.tests[start..<end]).reversed() {
            program.add(group, verdict: isOpposite ? opposite ?? otherwise : otherwise)
        }
        end = start
    }
    program.addLoads()
    return program.instructions
}

/// Parts a run into tests of the same kinds and access.
private func groups(_ run: ArraySlice<DeviceTest>) -> [[DeviceTest]] {
    var groups: [[DeviceTest]] = []
    for test in run {
        if let index = groups.firstIndex(where: { $0.first?.kinds == test.kinds && $0.first?.access == test.access }) {
            groups[index].append(test)
        } else {
            groups.append([test])
        }
    }
    return groups.filter { $0.first?.access == .all } + groups.filter { $0.first?.access != .all }
}

extension EBPFProgram {
    /// Adds tests of the same kinds and access in front of what there is, which is where they go on.
    fileprivate mutating func add(_ group: [DeviceTest], verdict: Place) {
        guard let first = group.first else { return }
        let next = place
        // A test of all kinds and accesses leaves nothing to those behind it, and is none.
        var hit = verdict
        if first.access != .all {
            hit = first.allows ? addAllowance(of: first.access, ifNothingLeft: verdict) : addDenial(of: first.access, verdict)
        }
        if !group.contains(where: { $0.major == nil && $0.minor == nil }) {
            if place != next { addJump(to: next) }
            addNumbers(group, hit: hit)
        } else if place == next {
            addBranch(.equal, .kind, UInt32(first.kinds.rawValue), to: hit)
            return
        }
        if first.kinds != .all { addBranch(.notEqual, .kind, UInt32(first.kinds.rawValue), to: next) }
    }

    /// Adds tests of numbers: those with a major number, one for all its minor ones, then those with a minor number alone.
    private mutating func addNumbers(_ group: [DeviceTest], hit: Place) {
        for test in group.reversed() where test.major == nil {
            if let minor = test.minor { addBranch(.equal, .minor, minor, to: hit) }
        }
        let rest = place
        var majors: [(number: UInt32, minors: [UInt32?])] = []
        for test in group {
            guard let major = test.major else { continue }
            if let index = majors.firstIndex(where: { $0.number == major }) {
                majors[index].minors.append(test.minor)
            } else {
                majors.append((major, [test.minor]))
            }
        }
        for major in majors.reversed() {
            let following = place
            if major.minors.contains(nil) {
                addBranch(.equal, .major, major.number, to: hit)
                continue
            }
            if following != rest { addJump(to: rest) }
            for case let minor? in major.minors.reversed() { addBranch(.equal, .minor, minor, to: hit) }
            addBranch(.notEqual, .major, major.number, to: following)
        }
    }
}
