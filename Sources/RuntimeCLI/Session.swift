import ContainerRuntime
import Kernel
import KernelABI

/// Descriptors for what a command prints, so that a test can catch it.
struct Streams: Sendable {
    var output: Int32 = 1
    var error: Int32 = 2

    /// Writes what the user asked for.
    ///
    /// - Throws: `RuntimeError` if it cannot be written: a caller must not take a cut answer for the whole.
    func write(_ bytes: [UInt8]) throws(RuntimeError) {
        do {
            try Kernel.writeAll(output, bytes, subject: "")
        } catch {
            throw RuntimeError(doing: "write to standard output", cause: error)
        }
    }

    /// Writes a note for the user that is no part of the answer. Nothing can be done if nobody reads it.
    func note(_ line: String) {
        try? Kernel.writeAll(error, Array((line + "\n").utf8), subject: "")
    }
}

/// What every command works with.
struct Session: Sendable {
    let globals: GlobalOptions
    let logger: Logger
    let streams: Streams
    /// See `main`.
    let commit: UInt64

    /// `--strict`, or without it `$SWRUNTIME_STRICT`.
    var isStrict: Bool { globals.isStrict ?? (Kernel.environmentVariable("SWRUNTIME_STRICT") == "1") }

    /// The folder of the containers' state, from `--root` or chosen for the user.
    func root() throws(RuntimeError) -> RootDirectory {
        guard let option = globals.root else { return defaultRoot(for: Session.user()) }
        let isAbsolute = option.utf8.first == UInt8(ascii: "/")
        guard let root = givenRoot(option, currentDirectory: isAbsolute ? "/" : try Session.currentDirectory()) else {
            throw RuntimeError(.invalidArgument, "Option --root argument should not be set to /")
        }
        return root
    }

    /// The containers under the root.
    ///
    /// - Parameter makesRoot: make the user's own root if it is missing, with the sticky bit, which keeps it from being tidied away
    ///   (XDG Base Directory Specification, `$XDG_RUNTIME_DIR`). Other roots are made by `create`.
    func factory(makesRoot: Bool = false) throws(RuntimeError) -> ContainerFactory {
        let root = try root()
        if makesRoot, root.origin == .runtimeDirectory {
            do {
                try Kernel.makeDirectory(root.path, mode: FileMode(rawValue: 0o1700))
            } catch {
                guard error.errno == .EEXIST else { throw RuntimeError(doing: "make \(root.path)", cause: error) }
            }
        }
        return ContainerFactory(root: root.path, logger: logger)
    }

    private static func currentDirectory() throws(RuntimeError) -> String {
        do {
            return try Kernel.currentDirectory()
        } catch {
            throw RuntimeError(doing: "make --root absolute", cause: error)
        }
    }

    /// Asks for no more than the choice of the root needs: for root outside of user namespaces the environment decides nothing.
    private static func user() -> UserFacts {
        let runtimeDirectory = Kernel.environmentVariable("XDG_RUNTIME_DIR")
        let id = Kernel.effectiveUserID()
        guard id == 0, runtimeDirectory != nil else {
            return UserFacts(effectiveUserID: id, isInitialUserNamespace: true, runtimeDirectory: runtimeDirectory, userName: nil)
        }
        return UserFacts(
            effectiveUserID: id, isInitialUserNamespace: isInitialUserNamespace(), runtimeDirectory: runtimeDirectory,
            userName: Kernel.environmentVariable("USER"))
    }
}

/// Whether this process's user namespace is the first one: its map takes every id to itself. `true` where /proc does not tell.
private func isInitialUserNamespace() -> Bool {
    guard let map = try? Kernel.readFile("/proc/self/uid_map", limit: 1 << 16) else { return true }
    let words = map.split { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\n") }
    return words.elementsEqual(["0", "0", "4294967295"]) { $0.elementsEqual($1.utf8) }
}
