import JSON
import OCISpec

/// What the device controller allows: a default and what deviates from it.
///
/// This is the model of cgroup v1's devices.allow and devices.deny: one kind of exception at a time, and no hole in an exception.
/// Rules go through it in their order, so that the kernel is written to only once per device that is left in the end.
struct DevicePolicy: Sendable, Hashable {
    /// Whether a device without an exception may be used. A container starts from "no", as with runc, also without any rule.
    var allowsByDefault = false
    /// Devices for which the opposite holds, in the order of the rules.
    var exceptions: [DeviceException] = []

    /// The policy that the rules of config.json and after them the devices which each container gets amount to.
    ///
    /// - Throws: `SpecProblem` for a malformed rule, or for one that takes a part out of an earlier one, which cgroup v1 cannot express.
    init(_ rules: [LinuxDeviceCgroup]) throws(SpecProblem) {
        guard rules.count <= mostDeviceRules else {
            throw SpecProblem(origin, "must have at most \(mostDeviceRules) entries, has \(rules.count)")
        }
        for index in rules.indices {
            try apply(rules[index], index)
        }
        exceptions.reserveCapacity(exceptions.count + DeviceException.alwaysAllowed.count)
        for device in DeviceException.alwaysAllowed {
            guard apply(allow: true, device) else {
                throw SpecProblem(origin, "must not deny a group of devices that holds \(device.text), which each container gets")
            }
        }
    }

    private mutating func apply(_ rule: LinuxDeviceCgroup, _ index: Int) throws(SpecProblem) {
        let access = try DeviceAccess(rule.access, index)
        let major = try deviceNumber(rule.major, index, "major")
        let minor = try deviceNumber(rule.minor, index, "minor")
        let type = rule.type ?? .all
        if type == .all, major == nil, minor == nil, access == .all {
            allowsByDefault = rule.allow
            exceptions.removeAll(keepingCapacity: true)
            return
        }
        // cgroup v1 takes the letter `a` for everything, whatever stands behind it: only both kinds by name mean what the rule says.
        if type != .block {
            try apply(rule.allow, DeviceException(.character, major, minor, access), index)
        }
        if type != .character {
            try apply(rule.allow, DeviceException(.block, major, minor, access), index)
        }
    }

    private mutating func apply(_ allow: Bool, _ device: DeviceException, _ index: Int) throws(SpecProblem) {
        guard apply(allow: allow, device) else {
            let verb = allow ? "allow" : "deny"
            throw SpecProblem(
                "\(origin)[\(index)]",
                "must not \(verb) \(device.text) out of a larger group of an earlier rule: cgroup v1 cannot express it")
        }
    }

    /// Returns `false` where the rule would cut a hole into an exception.
    private mutating func apply(allow: Bool, _ device: DeviceException) -> Bool {
        guard allow == allowsByDefault else {
            if let index = exceptions.firstIndex(where: { $0.isSameDevice(as: device) }) {
                exceptions[index].access.formUnion(device.access)
            } else {
                exceptions.append(device)
            }
            return true
        }
        var index = exceptions.startIndex
        while index < exceptions.endIndex {
            let isTouched = exceptions[index].overlaps(device) && !exceptions[index].access.isDisjoint(with: device.access)
            guard isTouched else {
                index += 1
                continue
            }
            guard device.covers(exceptions[index]) else { return false }
            exceptions[index].access.subtract(device.access)
            if exceptions[index].access.isEmpty {
                exceptions.remove(at: index)
            } else {
                index += 1
            }
        }
        return true
    }

    /// The lines for devices.allow and devices.deny of a cgroup v1: one that sets the default, one for each exception that no other one holds.
    var writes: [CgroupWrite] {
        let byDefault = allowsByDefault ? "devices.allow" : "devices.deny"
        let otherwise = allowsByDefault ? "devices.deny" : "devices.allow"
        var writes: [CgroupWrite] = []
        writes.reserveCapacity(exceptions.count + 1)
        writes.append(write(byDefault, "a"))
        let groups = exceptions.filter { $0.major == nil || $0.minor == nil }
        for device in exceptions
        where !groups.contains(where: { $0 != device && $0.covers(device) && $0.access.isSuperset(of: device.access) }) {
            writes.append(write(otherwise, device.text))
        }
        return writes
    }

    private func write(_ file: String, _ value: String) -> CgroupWrite {
        CgroupWrite(controller: "devices", file: file, value: value, ifMissing: .fail, origin: origin)
    }
}

/// Each rule is compared with those before it, here and in the kernel: the time is quadratic, so that a longer list would hang the runtime.
let mostDeviceRules = 4096

/// Devices of one kind, with what is done to them.
struct DeviceException: Sendable, Hashable {
    enum Kind: Sendable, Hashable {
        case character
        case block
    }

    let kind: Kind
    /// `nil` stands for every number.
    let major: UInt32?
    let minor: UInt32?
    var access: DeviceAccess

    init(_ kind: Kind, _ major: UInt32?, _ minor: UInt32?, _ access: DeviceAccess) {
        self.kind = kind
        self.major = major
        self.minor = minor
        self.access = access
    }

    /// What each container may use, whatever its rules say: making nodes, and the devices of runtime-spec, "Default Devices", with pseudo-terminals.
    ///
    /// /dev/net/tun is among them because runc allows it and VPN containers count on it.
    static var alwaysAllowed: [DeviceException] {
        [
            DeviceException(.character, nil, nil, .makeNode),
            DeviceException(.block, nil, nil, .makeNode),
            DeviceException(.character, 1, 3, .all),  // /dev/null
            DeviceException(.character, 1, 8, .all),  // /dev/random
            DeviceException(.character, 1, 7, .all),  // /dev/full
            DeviceException(.character, 5, 0, .all),  // /dev/tty
            DeviceException(.character, 1, 5, .all),  // /dev/zero
            DeviceException(.character, 1, 9, .all),  // /dev/urandom
            DeviceException(.character, 136, nil, .all),  // /dev/pts/*
            DeviceException(.character, 5, 2, .all),  // /dev/ptmx
            DeviceException(.character, 10, 200, .all),  // /dev/net/tun
        ]
    }

    func isSameDevice(as other: DeviceException) -> Bool {
        kind == other.kind && major == other.major && minor == other.minor
    }

    /// Whether each device of `other` is one of these.
    func covers(_ other: DeviceException) -> Bool {
        kind == other.kind && (major == nil || major == other.major) && (minor == nil || minor == other.minor)
    }

    /// Whether the two have a device in common.
    func overlaps(_ other: DeviceException) -> Bool {
        kind == other.kind && (major == nil || other.major == nil || major == other.major)
            && (minor == nil || other.minor == nil || minor == other.minor)
    }

    /// As devices.allow takes it: `c 1:3 rwm`, `b *:* m`.
    var text: String {
        var text = kind == .character ? "c " : "b "
        text += major.map { String($0) } ?? "*"
        text += ":"
        text += minor.map { String($0) } ?? "*"
        text += access.letters
        return text
    }
}

/// What is done to a device.
struct DeviceAccess: OptionSet, Sendable, Hashable {
    let rawValue: UInt8

    static var read: DeviceAccess { DeviceAccess(rawValue: 1) }
    static var write: DeviceAccess { DeviceAccess(rawValue: 2) }
    static var makeNode: DeviceAccess { DeviceAccess(rawValue: 4) }
    static var all: DeviceAccess { DeviceAccess(rawValue: 7) }

    /// The letters behind a space: ` rwm`.
    var letters: String {
        var letters = " "
        if contains(.read) { letters += "r" }
        if contains(.write) { letters += "w" }
        if contains(.makeNode) { letters += "m" }
        return letters
    }
}

extension DeviceAccess {
    /// Reads the letters of the rule of the given index.
    init(_ text: String?, _ index: Int) throws(SpecProblem) {
        self = []
        for letter in (text ?? "").utf8 {
            switch letter {
            case UInt8(ascii: "r"): insert(.read)
            case UInt8(ascii: "w"): insert(.write)
            case UInt8(ascii: "m"): insert(.makeNode)
            default: throw SpecProblem("\(origin)[\(index)].access", "must be made of the letters r, w and m, is \(quoted(text ?? ""))")
            }
        }
        guard !isEmpty else { throw SpecProblem("\(origin)[\(index)].access", "must name at least one of r, w and m") }
    }
}

private let origin = "linux.resources.devices"

/// A number of the rule of the given index. `nil` and -1 stand for every number.
func deviceNumber(_ value: Int64?, _ index: Int, _ property: String) throws(SpecProblem) -> UInt32? {
    guard let value, value != -1 else { return nil }
    guard let number = UInt32(exactly: value) else {
        throw SpecProblem("\(origin)[\(index)].\(property)", "must be 0 to 4,294,967,295, or -1 for all, is \(value)")
    }
    return number
}
