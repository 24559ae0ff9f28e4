import JSON
import OCISpec

/// The kernel takes at most a page in one write, and AppArmor's begins with a command.
private let longestLabel = 4095
private let longestProfile = longestLabel - "exec ".utf8.count

/// Checks the form of `process.selinuxLabel` and `process.apparmorProfile`; whether they mean anything is known to the kernel alone.
///
/// See runtime-spec, config, "Linux Process". `linux.mountLabel` has the form of the first one.
func checkLabels(_ process: Process, _ problems: inout ProblemList) {
    if let label = process.selinuxLabel, !label.isEmpty { checkSELinuxLabel(label, at: "process.selinuxLabel", &problems) }
    if let profile = process.apparmorProfile, profile.utf8.count > longestProfile {
        problems.add("process.apparmorProfile", "must be at most \(longestProfile) bytes, are \(profile.utf8.count)")
    }
}

/// Checks the form of an SELinux context: three or more words with colons between them. See selinux(8).
func checkSELinuxLabel(_ label: String, at path: String, _ problems: inout ProblemList) {
    // The level may hold colons too; what is too long is not split into millions of words.
    let words = label.utf8.split(separator: UInt8(ascii: ":"), maxSplits: longestLabel, omittingEmptySubsequences: false)
    if words.count < 3 || words.contains(where: \.isEmpty) || label.utf8.contains(where: { $0 <= UInt8(ascii: " ") }) {
        problems.add(path, "must be user:role:type or user:role:type:level, is \(quoted(label))")
    }
    if label.utf8.count > longestLabel { problems.add(path, "must be at most \(longestLabel) bytes, are \(label.utf8.count)") }
}

/// The rule that a context breaks which the host's policy does not know.
public func unknownContext(_ label: String) -> String {
    "must be a context of the policy that this host has loaded, is \(quoted(label))"
}

/// The rule that any SELinux label breaks on a host without SELinux.
public func labelWithoutSELinux(_ label: String) -> String {
    "must be absent where SELinux is disabled or not supported, is \(quoted(label))"
}

/// Adds the labels of the process that this host cannot set, where it was looked at.
func checkSecurityModules(_ process: Process, on host: HostFacts, _ problems: inout ProblemList) {
    if let label = process.selinuxLabel, !label.isEmpty, host.hasSELinux == false {
        problems.add("process.selinuxLabel", labelWithoutSELinux(label))
    }
    if let profile = process.apparmorProfile, !profile.isEmpty, profile != unconfinedProfile, host.hasAppArmor == false {
        problems.add(
            "process.apparmorProfile",
            "must be absent or \(unconfinedProfile) where AppArmor is disabled or not supported, is \(quoted(profile))")
    }
}
