import CKernel
import KernelABI

/// Resolves a path beneath a root one component at a time, holding a descriptor of every directory on the way.
///
/// No step can leave the root: a component is one name, opened in the directory we hold without following a link; a link's text is put in
/// front of what is left of the path; `..` goes back to the descriptor we came from and is never looked up.
/// Differs from openat2(2) in two points: every symbolic link on procfs is refused, /proc/self included, because a magic link cannot be told
/// from one that is text; and at most 255 directories may lie on the way.
struct PathWalk: ~Copyable {
    /// What is made where a component is missing.
    enum Creation {
        case nothing
        case directories(FileMode)
        case fileAndParents
    }

    private let root: Int32
    private let path: String
    /// From the directory below the root to the one we are in.
    private var directories = DescriptorList()
    /// What is left of the path, the next component last.
    private var pending: [String]
    private var linksFollowed = 0
    private var creations = 0

    /// The kernel's own bounds on a path (PATH_MAX) and on links followed (MAXSYMLINKS), and ours on depth.
    private static let longestPath = 4096
    private static let mostLinks = 40
    private static let deepest = 255
    /// More components than this do not fit into a path; only somebody who keeps removing what we make leads here.
    private static let mostCreations = 2048

    /// The root is borrowed: it must stay open as long as the walk.
    init(root: borrowing FileDescriptor, path: String) throws(SyscallError) {
        guard !path.isEmpty else { throw SyscallError("openat", path, .ENOENT) }
        guard path.utf8.count < PathWalk.longestPath else { throw SyscallError("openat", path, .ENAMETOOLONG) }
        self.root = root.number
        self.path = path
        pending = PathWalk.components(of: path).reversed()
    }

    /// Opens what is at the path.
    mutating func open(_ flags: OpenFlags, mode: FileMode, creating creation: Creation) throws(SyscallError) -> FileDescriptor {
        while let name = pending.popLast() {
            switch name {
            case ".": continue
            case "..": _ = directories.removeLast()
            default:
                guard let found = try lookUp(name) else {
                    if let opened = try make(name, flags, mode, creation) { return opened }
                    continue
                }
                if let opened = try take(found, name, flags, mode) { return opened }
            }
        }
        // The path ended with the root, a slash or dots.
        return try Kernel.open(".", inDirectory: current, flags.subtracting(.noFollow), mode: mode)
    }

    private var current: Int32 {
        directories.isEmpty ? root : directories.number(at: directories.count - 1)
    }

    /// Opens one name in the current directory as a path descriptor, the link itself if it is one; `nil` if there is none.
    private func lookUp(_ name: String) throws(SyscallError) -> FileDescriptor? {
        do {
            return try Kernel.open(name, inDirectory: current, [.path, .noFollow], mode: .none)
        } catch {
            guard error.errno == .ENOENT else { throw SyscallError("openat", path, error.errno) }
            return nil
        }
    }

    /// Goes on from a component that exists; returns a descriptor if the path ends here.
    private mutating func take(
        _ found: consuming FileDescriptor, _ name: String, _ flags: OpenFlags, _ mode: FileMode
    ) throws(SyscallError) -> FileDescriptor? {
        let type = try status(of: found).type
        let isLast = pending.isEmpty
        if type == .symlink {
            let linkIsWanted = isLast && (flags.contains(.noFollow) || flags.contains([.create, .exclusive]))
            guard linkIsWanted else {
                try follow(found)
                return nil
            }
            guard flags.contains(.path), !flags.contains(.directory) else { throw failure(for: flags) }
            return found
        }
        guard isLast else {
            guard type == .directory else { throw SyscallError("openat", path, .ENOTDIR) }
            guard directories.count < PathWalk.deepest else { throw SyscallError("openat", path, .ENAMETOOLONG) }
            directories.append(found)
            return nil
        }
        if flags.contains(.path) {
            guard type == .directory || !flags.contains(.directory) else { throw SyscallError("openat", path, .ENOTDIR) }
            return found
        }
        // A link put there in the meantime is refused with ELOOP.
        return try Kernel.open(name, inDirectory: current, flags.union(.noFollow), mode: mode)
    }

    /// Why a link at the end of the path is refused.
    private func failure(for flags: OpenFlags) -> SyscallError {
        if flags.contains([.create, .exclusive]) { return SyscallError("openat", path, .EEXIST) }
        return SyscallError("openat", path, flags.contains(.directory) ? .ENOTDIR : .ELOOP)
    }

    /// Puts a link's text in front of what is left of the path.
    private mutating func follow(_ link: borrowing FileDescriptor) throws(SyscallError) {
        linksFollowed += 1
        guard linksFollowed <= PathWalk.mostLinks else { throw SyscallError("openat", path, .ELOOP) }
        guard try filesystemMagic(of: link) != .proc else { throw SyscallError("openat", path, .ELOOP) }
        let target = try readLink("", at: link)
        if target.utf8.first == UInt8(ascii: "/") { directories.closeAll() }
        pending.append(contentsOf: PathWalk.components(of: target).reversed())
    }

    /// Makes a missing component, which is then looked up again; returns a descriptor if the path ends here and `flags` made the file.
    private mutating func make(
        _ name: String, _ flags: OpenFlags, _ mode: FileMode, _ creation: Creation
    ) throws(SyscallError) -> FileDescriptor? {
        let isLast = pending.isEmpty
        if isLast, flags.contains(.create) {
            return try Kernel.open(name, inDirectory: current, flags.union(.noFollow), mode: mode)
        }
        creations += 1
        guard creations <= PathWalk.mostCreations else { throw SyscallError("openat", path, .ELOOP) }
        do throws(SyscallError) {
            switch creation {
            case .nothing: throw SyscallError("openat", path, .ENOENT)
            case .directories(let mode): try makeDirectory(name, mode)
            case .fileAndParents where isLast: try makeFile(name)
            case .fileAndParents: try makeDirectory(name, .worldSearchable)
            }
        } catch {
            // Somebody else made it in the meantime: what it is shows when it is looked up.
            guard error.errno == .EEXIST else { throw error }
        }
        pending.append(name)
        return nil
    }

    private func makeDirectory(_ name: String, _ mode: FileMode) throws(SyscallError) {
        let directory = current
        // SAFETY: the kernel reads the string during the call only.
        try enter("mkdirat", path) { unsafe sw_mkdirat(directory, name, mode.rawValue) }
    }

    private func makeFile(_ name: String) throws(SyscallError) {
        _ = try Kernel.open(name, inDirectory: current, [.writeOnly, .create, .exclusive, .noFollow], mode: .worldReadable)
    }

    /// The names between slashes.
    static func names(in path: String) -> [String] {
        path.utf8.split(separator: UInt8(ascii: "/")).map { String(Substring($0)) }
    }

    /// Whether the last component is a plain name, without a slash behind it.
    static func endsWithName(_ path: String) -> Bool {
        guard let last = components(of: path).last else { return false }
        return last != "." && last != ".."
    }

    /// The names between slashes, with `.` for a slash at the end: what stands before it must be a directory, and a link is followed.
    private static func components(of path: String) -> [String] {
        var components = names(in: path)
        if path.utf8.last == UInt8(ascii: "/"), !components.isEmpty { components.append(".") }
        return components
    }
}
