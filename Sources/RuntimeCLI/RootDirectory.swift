/// The folder under which the containers' state lives, and how it was chosen.
struct RootDirectory: Sendable, Equatable {
    /// Absolute, without `.`, `..` and double slashes.
    let path: String
    /// Where the path comes from.
    let origin: Origin

    enum Origin: Sendable, Equatable {
        /// `--root`
        case option
        /// `$XDG_RUNTIME_DIR`, whose folders vanish after some hours unless they carry the sticky bit.
        case runtimeDirectory
        /// The built-in default.
        case builtIn
    }
}

/// What the choice of the default root depends on.
struct UserFacts: Sendable {
    var effectiveUserID: UInt32
    var isInitialUserNamespace: Bool
    /// `$XDG_RUNTIME_DIR`; empty or absent counts as unset.
    var runtimeDirectory: String?
    /// `$USER`
    var userName: String?
}

/// The root when `--root` was not given, chosen as runc does.
///
/// `$XDG_RUNTIME_DIR` counts for ordinary users, and for root of a user namespace unless `$USER` says it is the real one.
func defaultRoot(for user: UserFacts) -> RootDirectory {
    let builtIn = RootDirectory(path: "/run/swruntime", origin: .builtIn)
    guard let folder = user.runtimeDirectory, !folder.isEmpty else { return builtIn }
    if user.effectiveUserID == 0, user.isInitialUserNamespace || user.userName == "root" { return builtIn }
    return RootDirectory(path: cleaned(folder + "/swruntime"), origin: .runtimeDirectory)
}

/// The root that `--root` names, relative to `currentDirectory`; `nil` for the root of the file system, which would put container folders beside /etc.
func givenRoot(_ option: String, currentDirectory: String) -> RootDirectory? {
    let path = cleaned(option.utf8.first == UInt8(ascii: "/") ? option : currentDirectory + "/" + option)
    guard path != "/", !option.isEmpty else { return nil }
    return RootDirectory(path: path, origin: .option)
}

/// An absolute path without `.`, `..` and double slashes, by its words alone.
///
/// Works on bytes: splitting and joining texts costs a fifth of a whole `state`, since each first use of a generic type is looked up by name.
private func cleaned(_ path: String) -> String {
    let slash = UInt8(ascii: "/")
    let dot = UInt8(ascii: ".")
    var clean: [UInt8] = []
    var component: [UInt8] = []
    func close() {
        if component == [dot, dot] {
            while let last = clean.popLast(), last != slash {}
        } else if !component.isEmpty, component != [dot] {
            clean.append(slash)
            clean += component
        }
        component.removeAll(keepingCapacity: true)
    }
    for byte in path.utf8 {
        if byte == slash { close() } else { component.append(byte) }
    }
    close()
    return clean.isEmpty ? "/" : String(decoding: clean, as: UTF8.self)
}
