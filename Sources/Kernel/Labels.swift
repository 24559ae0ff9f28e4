import KernelABI

// What there is of SELinux and AppArmor. Both are asked by their own files, as libselinux and libapparmor do; those libraries run
// constructors at every start of the program (decision 0019).

/// Whether SELinux labels processes here: its file system is mounted where everybody looks for it, and a policy is loaded.
///
/// A read-only mount of it stands for "off": that is how a host tells the programs of a container that they are not to label anything.
/// Four calls at most; for a configuration that has a label only. See selinux(8), is_selinux_enabled(3).
public func isSELinuxEnabled() -> Bool {
    guard let folder = try? open("/sys/fs/selinux", [.path, .directory]), let magic = try? filesystemMagic(of: folder), magic == .selinuxfs,
        let attributes = try? mountAttributes(of: folder), !attributes.contains(.readOnly),
        let label = try? readFile("/proc/self/attr/current", limit: longestLabel)
    else { return false }
    // Before a policy is loaded every process has the first of the initial contexts.
    return !label.starts(with: "kernel".utf8) || label.contains(UInt8(ascii: ":"))
}

/// Whether the loaded policy of SELinux knows `context`: its own file takes or refuses one that is written to it, and changes nothing.
///
/// `nil` where it does not tell, as under a policy that keeps the caller from asking. Three calls; for a configuration that has a mount label
/// only. See security_check_context(3).
public func isKnownToSELinux(_ context: String) -> Bool? {
    do {
        try writeFile("/sys/fs/selinux/context", context)
        return true
    } catch {
        return error.errno == .EINVAL && error.call.description == "write" ? false : nil
    }
}

/// Whether AppArmor is switched on. One look at a file; for a configuration that has a profile only.
public func isAppArmorEnabled() -> Bool {
    guard let answer = try? readFile("/sys/module/apparmor/parameters/enabled", limit: 16) else { return false }
    return answer.first == UInt8(ascii: "Y")
}

/// The kernel gives and takes at most a page.
private let longestLabel = 4096
