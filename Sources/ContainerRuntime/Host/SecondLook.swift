import JSON
import Kernel
import KernelABI
import Planning

// What the host tells about a refusal, asked only when there is one to report, or by `validate --host`. Each function says what it found, or
// nothing: a message never guesses.

/// How much of a path is shown beside the object itself.
private let longestPathShown = 80

/// The first part of `path` that stops it from being found: `/srv/data does not exist`; `nil` where that says no more than the path itself.
package func missingPart(of path: String) -> String? {
    var walked = ""
    for part in path.utf8.split(separator: UInt8(ascii: "/")) {
        let parent = walked
        walked += "/" + String(Substring(part))
        let status: FileStatus
        do {
            status = try Kernel.status(walked, followSymlinks: false)
        } catch {
            // Any other error tells nothing about what is there.
            guard error.errno == .ENOENT else { return nil }
            if let near = resembling(String(Substring(part)), in: parent) { return "did you mean \(shown(near))?" }
            return walked == path ? nil : "\(shown(walked)) does not exist"
        }
        if status.type == .symlink {
            do {
                _ = try Kernel.status(walked, followSymlinks: true)
            } catch {
                guard let target = try? Kernel.readLink(walked) else { return nil }
                let finding = error.meansAbsence ? "does not exist" : "cannot be followed: \(error.errno)"
                return "\(shown(walked)) is a link to \(shown(target)), which \(finding)"
            }
        }
        guard walked != path, let found = try? Kernel.status(walked, followSymlinks: true), found.type != .directory else { continue }
        return "\(shown(walked)) is no folder"
    }
    return nil
}

extension SyscallError {
    /// Whether a look at a path failed because there is nothing: any other error leaves open what is there.
    var meansAbsence: Bool { errno == .ENOENT || errno == .ENOTDIR }
}

private func shown(_ path: String) -> String { shortened(path, to: longestPathShown) }

/// What is in `folder` and has a similar name.
private func resembling(_ name: String, in folder: String) -> String? {
    guard let descriptor = try? Kernel.open(folder.isEmpty ? "/" : folder, [.readOnly, .directory]),
        let entries = try? Kernel.directoryEntries(descriptor), entries.count <= mostEntriesCompared,
        let near = neighbour(of: name, among: entries.map(\.name).sorted())
    else { return nil }
    return folder + "/" + near
}

/// A larger folder is not searched for a similar name.
private let mostEntriesCompared = 4096

/// The kind of namespace behind a file that is none of the kind asked for: `it is a uts namespace`, `it is no namespace`.
func namespaceFound(at file: borrowing FileDescriptor) -> String {
    guard let kind = try? Kernel.namespaceKind(of: file) else { return "it is no namespace" }
    guard let name = namespaceNames.first(where: { $0.kind == kind })?.name else { return "it is a namespace of another kind" }
    return "it is \(name == "ipc" ? "an" : "a") \(name) namespace"
}

/// The specification's words for the kinds of namespaces, and the files of /proc/<pid>/ns.
let namespaceNames: [(kind: CloneFlags, name: String, file: String)] = [
    (.newPID, "pid", "pid"), (.newNetwork, "network", "net"), (.newMount, "mount", "mnt"), (.newIPC, "ipc", "ipc"), (.newUTS, "uts", "uts"),
    (.newUser, "user", "user"), (.newCgroup, "cgroup", "cgroup"), (.newTime, "time", "time"),
]

/// The file systems that the running kernel knows without loading a module.
func knownFilesystems() -> [String] {
    guard let text = try? Kernel.readFile("/proc/filesystems", limit: 1 << 16) else { return [] }
    // A line is the word nodev or nothing, a tab, and the name.
    return text.split(separator: UInt8(ascii: "\n")).compactMap { $0.split(separator: UInt8(ascii: "\t")).last }
        .map { String(decoding: $0, as: UTF8.self) }
}

/// Why a file system cannot be had, if that is so because the kernel has none of that name.
func unknownFilesystem(_ type: String) -> String? {
    let known = knownFilesystems()
    guard !known.isEmpty, !known.contains(type) else { return nil }
    let near = neighbour(of: type, among: known).map { ", did you mean \($0)?" } ?? ""
    return "/proc/filesystems does not list it" + near
}

/// Why a resource limit cannot be set; `nil` where neither the runtime's own hard limit nor the kernel's bound is in the way.
func obstacle(toLimit limit: ResourceLimit, hard: UInt64) -> String? {
    if limit == .openFiles, let most = mostOpenFiles(), hard > most { return "must be at most \(most) (fs.nr_open)" }
    guard let own = try? Kernel.limit(limit), hard > own.hard else { return nil }
    if let held = try? Kernel.capabilities().effective, held.contains(.sysResource) { return nil }
    return "raising the hard limit of \(own.hard) needs CAP_SYS_RESOURCE"
}

/// What no RLIMIT_NOFILE can be above. Init may have no procfs in sight any more, and the container's is not to be trusted.
private func mostOpenFiles() -> UInt64? {
    guard let proc = try? ProcHandle(), let text = try? proc.read("sys/fs/nr_open", limit: 64) else { return nil }
    return UInt64(String(decoding: text.prefix { $0 != UInt8(ascii: "\n") }, as: UTF8.self))
}

/// A file that holds one number.
func number(in path: String) -> UInt64? {
    guard let bytes = try? Kernel.readFile(path, limit: 64) else { return nil }
    return UInt64(String(decoding: bytes.prefix { $0 != UInt8(ascii: "\n") }, as: UTF8.self))
}

/// Why the kernel refuses an id map: what of it the runtime's own user namespace does not have.
func obstacle(toMap map: [IDMapping], ownMap: String) -> String? {
    guard let text = try? Kernel.readFile(ownMap, limit: 1 << 16) else { return nil }
    let ranges = text.split(separator: UInt8(ascii: "\n")).compactMap { line -> (first: UInt64, count: UInt64)? in
        let words = line.split(separator: UInt8(ascii: " ")).compactMap { UInt64(String(decoding: $0, as: UTF8.self)) }
        return words.count == 3 ? (words[0], words[2]) : nil
    }
    for line in map {
        let first = UInt64(line.hostID)
        let end = first + UInt64(line.size)
        if !ranges.contains(where: { $0.first <= first && end <= $0.first + $0.count }) {
            return "host ids \(first) to \(end - 1) are not all in the runtime's own user namespace (\(ownMap))"
        }
    }
    let capability: Capability = ownMap.hasSuffix("gid_map") ? .setgid : .setuid
    if let held = try? Kernel.capabilities().effective, held.contains(capability) { return nil }
    return "without \(capability.name) only the runtime's own id can be mapped"
}

/// Why the root folder cannot be used.
func obstacle(toRoot path: String, _ errno: Errno) -> String? {
    if let part = missingPart(of: path) { return part }
    guard errno == .ENOTDIR || errno == .ELOOP, let status = try? Kernel.status(path, followSymlinks: false) else { return nil }
    return status.type == .symlink ? "it must not be a symbolic link" : "it must be a folder"
}

/// Why new namespaces cannot be made: a limit of the host, or what the caller lacks.
func obstacle(toMaking kinds: CloneFlags, _ errno: Errno) -> String? {
    if errno == .ENOSPC {
        let full = namespaceNames.first { kinds.contains($0.kind) && number(in: "/proc/sys/user/max_\($0.file)_namespaces") == 0 }
        return full.map { "/proc/sys/user/max_\($0.file)_namespaces allows none" }
    }
    guard errno == .EPERM, !kinds.contains(.newUser), let held = try? Kernel.capabilities().effective, !held.contains(.sysAdmin) else {
        return nil
    }
    return "without CAP_SYS_ADMIN namespaces can be made together with a user namespace only"
}

// MARK: programs

/// Why execve(2) refuses a file that is there: its first line, its ELF header, its mode or its mount.
func obstacle(toExecuting path: String, _ errno: Errno) -> String? {
    guard let root = try? Kernel.open("/", [.path, .directory]) else { return nil }
    return obstacle(toExecuting: path, errno, beneath: root, isWhole: true)
}

/// The same for a program beneath a container's root.
///
/// - Parameter isWhole: whether all that is mounted there can be seen; else what seems to be missing may be there all the same.
func obstacle(toExecuting path: String, _ errno: Errno, beneath root: borrowing FileDescriptor, isWhole: Bool) -> String? {
    switch errno {
    case .EACCES: if let refusal = refusalToExecute(path, beneath: root) { return refusal }
    case .ENOENT, .ENOEXEC, .ELIBBAD, .EINVAL: break
    default: return nil
    }
    guard let head = beginning(of: path, beneath: root) else { return errno == .ENOENT && isWhole ? missingPart(of: path) : nil }
    if head.isEmpty { return "the file is empty" }
    if head.starts(with: Array("#!".utf8)) { return scriptObstacle(head, beneath: root, isWhole: isWhole) }
    if head.starts(with: elfMagic) { return elfObstacle(head, beneath: root, isWhole: isWhole) }
    return errno == .ENOEXEC ? "it is neither a program nor a script that begins with #!" : nil
}

/// The first bytes of a regular file.
///
/// ORDER: looked at before it is opened: opening alone may do something, if it is a device that the image brought along (a watchdog, a tape).
private func beginning(of path: String, beneath root: borrowing FileDescriptor) -> [UInt8]? {
    guard let place = try? Kernel.openBeneath(root, path, [.path]), (try? Kernel.status(of: place))?.type == .regular,
        let file = try? Kernel.open(place.pathForMount, [.readOnly, .nonBlocking, .noControllingTerminal])
    else { return nil }
    return try? Kernel.readSome(file, limit: 4096)
}

/// Why the calling process may not execute a file: its mode or its mount.
func refusalToExecute(_ path: String) -> String? {
    guard let root = try? Kernel.open("/", [.path, .directory]) else { return nil }
    return refusalToExecute(path, beneath: root)
}

private func refusalToExecute(_ path: String, beneath root: borrowing FileDescriptor) -> String? {
    guard let file = try? Kernel.openBeneath(root, path, [.path]), let status = try? Kernel.status(of: file) else { return nil }
    if status.type == .directory { return "it is a folder" }
    if status.permissions.rawValue & 0o111 == 0 { return "no execute bit is set (mode \(octal(status.permissions.rawValue)))" }
    if let attributes = try? Kernel.mountAttributes(of: file), attributes.contains(.noExec) { return "its file system is mounted noexec" }
    return nil
}

private func octal(_ mode: UInt32) -> String {
    let digits = String(mode, radix: 8)
    return String(repeating: "0", count: max(0, 4 - digits.utf8.count)) + digits
}

private func scriptObstacle(_ head: [UInt8], beneath root: borrowing FileDescriptor, isWhole: Bool) -> String? {
    let line = head.dropFirst(2).prefix { $0 != UInt8(ascii: "\n") }
    if line.last == UInt8(ascii: "\r") { return "its first line ends in CR LF" }
    let words = line.split { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\t") }
    guard let first = words.first else { return "its #! line names no interpreter" }
    return missing("interpreter", String(decoding: first, as: UTF8.self), beneath: root, isWhole: isWhole)
}

private func missing(_ what: String, _ path: String, beneath root: borrowing FileDescriptor, isWhole: Bool) -> String? {
    let status: FileStatus
    do throws(SyscallError) {
        let file = try Kernel.openBeneath(root, path, [.path])
        status = try Kernel.status(of: file)
    } catch {
        guard error.meansAbsence else { return "its \(what) \(shown(path)) cannot be looked at: \(error.errno.name)" }
        return isWhole
            ? "its \(what) \(shown(path)) does not exist" : "it names the \(what) \(shown(path)), which the root file system lacks"
    }
    if status.type == .directory { return "its \(what) \(shown(path)) is a folder" }
    return status.permissions.rawValue & 0o111 == 0 ? "its \(what) \(shown(path)) has no execute bit" : nil
}

private let elfMagic: [UInt8] = [0x7F, 0x45, 0x4C, 0x46]

/// The fields of an ELF header that decide whether the kernel takes it; see elf(5).
private func elfObstacle(_ head: [UInt8], beneath root: borrowing FileDescriptor, isWhole: Bool) -> String? {
    guard head.count >= 64 else { return "its ELF header is cut off" }
    let is64 = head[4] == 2
    let isLittle = head[5] == 1
    func number(_ offset: Int, _ width: Int) -> Int {
        guard offset >= 0, offset + width <= head.count else { return 0 }
        let bytes = head[offset..<offset + width]
        return (isLittle ? Array(bytes.reversed()) : Array(bytes)).prefix(8).reduce(0) { ($0 & 0x7FFF_FFFF_FFFF) << 8 | Int($1) }
    }
    let machine = number(18, 2)
    if let other = machineNames[machine], machine != ownMachine { return "it is a program for \(other), not for this machine" }
    // The program header of kind PT_INTERP (3) names the loader.
    let table = is64 ? number(32, 8) : number(28, 4)
    let size = number(is64 ? 54 : 42, 2)
    for index in 0..<min(number(is64 ? 56 : 44, 2), 64) {
        let entry = table + index * size
        guard number(entry, 4) == 3 else { continue }
        let start = is64 ? number(entry + 8, 8) : number(entry + 4, 4)
        guard start > 0, start < head.count else { return nil }
        let loader = String(decoding: head[start...].prefix { $0 != 0 }, as: UTF8.self)
        return missing("loader", loader, beneath: root, isWhole: isWhole)
    }
    return nil
}

/// e_machine of elf.h, the common ones.
private let machineNames = [
    3: "32-bit x86", 8: "MIPS", 20: "32-bit PowerPC", 21: "64-bit PowerPC", 22: "s390", 40: "32-bit ARM", 62: "x86-64", 183: "arm64",
    243: "RISC-V", 258: "LoongArch",
]

private var ownMachine: Int {
    #if arch(x86_64)
        62
    #elseif arch(arm64)
        183
    #elseif arch(riscv64)
        243
    #else
        0
    #endif
}
