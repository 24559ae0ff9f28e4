public import KernelABI

/// Why a cgroup could not be made, limited, stopped or removed.
public enum CgroupError: Error, Sendable, Hashable, CustomStringConvertible {
    /// A call failed.
    case system(SyscallError)
    /// A value of the plan was not taken. `origin` is its JSON path; `explanation` is what a second look at the cgroup found.
    case write(origin: String, SyscallError, explanation: String?)
    /// The container's cgroup was there before and has processes.
    case notEmpty(folder: String, processes: Int)
    /// The container's cgroup is frozen: it was there before, or one above it is.
    case frozen(folder: String)
    /// Another create is about to use the cgroup.
    case claimed(folder: String)
    /// Processes or cgroups are left after all that could be done.
    case stillInUse(folder: String, processes: Int)
    /// The cgroup did not become frozen or thawed within the time.
    case freezerStuck(folder: String, state: String)
    /// The cgroup cannot be thawed, because one above it is frozen.
    case frozenAbove(folder: String)
    /// None of the container's hierarchies can freeze.
    case noFreezer
    /// There is no systemd, or none that can be reached.
    case noSystemd(String)
    /// systemd or the bus answers with an error, by its name if it has one, or with what is no answer.
    case bus(name: String, text: String)
    /// systemd or the bus does not answer any more.
    case busSilent(SyscallError)
    /// systemd did not do to a unit what it was asked for.
    case unit(_ verb: String, _ name: String, reason: String)
    /// systemd has put the container's process elsewhere.
    case misplaced(expected: String, found: String)

    /// The JSON path of the value that was not taken; `nil` for what has no place in config.json.
    public var origin: String? {
        if case .write(let origin, _, _) = self { return origin }
        return nil
    }

    /// The kernel's answer behind the error, if it was one.
    public var cause: SyscallError? {
        switch self {
        case .system(let cause), .write(_, let cause, _): cause
        case .notEmpty, .frozen, .claimed, .stillInUse, .freezerStuck, .frozenAbove, .noFreezer, .noSystemd, .bus,
            .busSilent, .unit, .misplaced:
            nil
        }
    }

    /// One line, with the JSON path in front: `linux.resources.memory.limit: write(2) /sys/fs/cgroup/memory/web1/memory.limit_in_bytes 4096: EBUSY …`.
    public var description: String {
        switch self {
        case .system(let cause): cause.description
        case .write(let origin, let cause, nil): "\(origin): \(cause)"
        case .write(let origin, let cause, let explanation?): "\(origin): \(cause): \(explanation)"
        case .notEmpty(let folder, let processes): "container's cgroup is not empty: \(processes) process(es) found in \(folder)"
        case .frozen(let folder): "container's cgroup unexpectedly frozen: \(folder)"
        case .claimed(let folder): "container's cgroup is taken by another create: \(folder)"
        case .stillInUse(let folder, let processes): "remove cgroup \(folder): still in use by \(processes) process(es)"
        case .freezerStuck(let folder, let state): "freezer of \(folder) stays in state \(state)"
        case .frozenAbove(let folder): "a cgroup above \(folder) is frozen"
        case .noFreezer: "the container has no cgroup that can be frozen"
        case .noSystemd(let why): "no systemd: \(why)"
        case .bus("", let text): text
        case .bus(let name, let text): text.isEmpty ? name : "\(text) (\(name))"
        case .busSilent(let cause):
            cause.errno == .ETIMEDOUT ? "no answer in time" : "the connection broke: \(cause)"
        case .unit(let verb, let name, let reason): "\(verb) the systemd unit \(name): \(reason)"
        case .misplaced(let expected, let found): "systemd put the container's process into the cgroup \(found) and not into \(expected)"
        }
    }
}

extension CgroupError {
    /// The name of an error that came over the bus.
    var busName: String? {
        if case .bus(let name, _) = self { return name }
        return nil
    }

    /// systemd does not know the unit, or not any more.
    var isUnitGone: Bool { busName == "org.freedesktop.systemd1.NoSuchUnit" }
}
