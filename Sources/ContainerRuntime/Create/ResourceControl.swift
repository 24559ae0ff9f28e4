import Kernel
import KernelABI
import Planning

// The container's group in resctrl: cache and memory bandwidth. See runtime-spec, config-linux, "IntelRdt".

/// The container's group of resctrl, as the record keeps it.
struct RdtHandle: Sendable, Hashable {
    /// Where the process goes, absolute.
    var group: String
    /// Whether `group` goes with the container: it was made for it and bears its name.
    var removesGroup: Bool
    /// The monitoring group in it, absolute, which always goes with the container.
    var monitor: String?
}

/// Looks for resctrl among the mounts.
func findResctrl() throws(RuntimeError) -> String {
    let mostBytes = 1 << 26
    let mountinfo: [UInt8]
    do {
        mountinfo = try Kernel.readFile("/proc/self/mountinfo", limit: mostBytes)
    } catch {
        throw RuntimeError(doing: "look for resctrl", pointer: "linux.intelRdt", cause: error)
    }
    guard let root = resctrlMountPoint(mountinfo: mountinfo) else {
        throw RuntimeError(
            .unsupported, "needs resctrl, which is not mounted (mount -t resctrl resctrl /sys/fs/resctrl)", pointer: "linux.intelRdt")
    }
    return root
}

/// A group that is to be used: what is there already was looked at, nothing is made yet, so that the record can tell first what will be.
struct PlannedRdtGroup {
    let plan: RdtPlan
    let handle: RdtHandle
    /// Whether the group has to be made.
    let isMissing: Bool
    /// Folders that this create made, the innermost last.
    private(set) var made: [String] = []

    /// - Throws: `RuntimeError` if the group is missing and not to be made, or is there and has other schemata.
    init(_ plan: RdtPlan, root: String) throws(RuntimeError) {
        let group = plan.group.isEmpty ? root : root + "/" + plan.group
        isMissing = try !PlannedRdtGroup.isThere(group)
        if isMissing, plan.ifMissing == .fail {
            throw RuntimeError(
                .invalidSpec, "must name a group that is there, because no schema is given to make one: \(group)", pointer: closIDPointer)
        }
        self.plan = plan
        handle = RdtHandle(
            group: group, removesGroup: isMissing && plan.isRemovedWithContainer,
            monitor: plan.monitor.map { "\(group)/mon_groups/\($0)" })
        if !isMissing, !plan.schemata.isEmpty { try compare() }
    }

    private static func isThere(_ folder: String) throws(RuntimeError) -> Bool {
        do {
            return try Kernel.status(folder, followSymlinks: false).type == .directory
        } catch {
            if error.errno == .ENOENT { return false }
            throw RuntimeError(doing: "look at the group \(folder)", pointer: closIDPointer, cause: error)
        }
    }

    private func compare() throws(RuntimeError) {
        let file = handle.group + "/schemata"
        let found: [UInt8]
        do {
            found = try Kernel.readFile(file, limit: 1 << 20)
        } catch {
            throw RuntimeError(doing: "read \(file)", pointer: closIDPointer, cause: error)
        }
        guard let mismatch = firstMismatch(plan.schemata, inFile: found) else { return }
        throw RuntimeError(.invalidSpec, "must equal what \(file) has, is \(mismatch.text)", pointer: mismatch.origin)
    }

    /// Makes the folders that are missing.
    mutating func makeFolders() throws(RuntimeError) {
        if isMissing { try make(handle.group, pointer: "linux.intelRdt") }
        if let monitor = handle.monitor { try make(monitor, pointer: "linux.intelRdt.enableMonitoring") }
    }

    private mutating func make(_ folder: String, pointer: String) throws(RuntimeError) {
        do {
            try Kernel.makeDirectory(folder, mode: .worldSearchable)
        } catch {
            throw failure("make the group \(folder)", pointer, error)
        }
        made.append(folder)
    }

    /// Gives a new group its schemata; one that was there has them.
    func configure() throws(RuntimeError) {
        guard isMissing else { return }
        for schema in plan.schemata {
            do {
                try Kernel.writeFile(handle.group + "/schemata", schema.text + "\n")
            } catch {
                throw failure("write \(schema.text)", schema.origin, error)
            }
        }
    }

    /// Puts a process into the group; all that it makes later is born there.
    func assign(_ pid: Int32) throws(RuntimeError) {
        for folder in [handle.group, handle.monitor] {
            guard let folder else { continue }
            do {
                try Kernel.writeFile(folder + "/tasks", String(pid))
            } catch {
                throw failure("put init into the group \(folder)", "linux.intelRdt", error)
            }
        }
    }

    /// Takes away what this create made, as if it had never been tried. A failure of it would hide the one that matters.
    func removeMadeFolders() {
        for folder in made.reversed() { try? Kernel.removeDirectory(folder) }
    }

    /// What resctrl itself tells of its last refusal, which errno does not.
    private func failure(_ doing: String, _ pointer: String, _ cause: SyscallError) -> RuntimeError {
        let root = plan.group.isEmpty ? handle.group : String(handle.group.dropLast(plan.group.count + 1))
        let status = (try? Kernel.readFile(root + "/info/last_cmd_status", limit: 4096)) ?? []
        let words = String(decoding: status.prefix { $0 != UInt8(ascii: "\n") }, as: UTF8.self)
        return RuntimeError(doing: words.isEmpty || words == "ok" ? doing : "\(doing) (\(words))", pointer: pointer, cause: cause)
    }
}

private let closIDPointer = "linux.intelRdt.closID"

extension RdtHandle {
    /// Removes what goes with the container, as far as that can be; what is gone already is fine.
    ///
    /// - Throws: `RuntimeError` for the first group that stays.
    func remove() throws(RuntimeError) {
        var failure: RuntimeError?
        for folder in [monitor, removesGroup ? group : nil] {
            guard let folder else { continue }
            do {
                try Kernel.removeDirectory(folder)
            } catch {
                if error.errno != .ENOENT, failure == nil { failure = RuntimeError(doing: "remove the group \(folder)", cause: error) }
            }
        }
        if let failure { throw failure }
    }
}
