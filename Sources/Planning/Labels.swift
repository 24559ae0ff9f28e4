public import OCISpec

/// Whether `spec` has a label that SELinux alone can set: of the process or of its mounts.
public func needsSELinux(_ spec: Spec) -> Bool {
    isGiven(spec.process?.selinuxLabel) || isGiven(spec.linux?.mountLabel)
}

/// Whether `spec` has a profile that AppArmor alone can apply. Without AppArmor every process is what `unconfined` asks for.
public func needsAppArmor(_ spec: Spec) -> Bool {
    guard let profile = spec.process?.apparmorProfile else { return false }
    return !profile.isEmpty && profile != unconfinedProfile
}

/// The name that stands for no profile.
let unconfinedProfile = "unconfined"

/// Whether a text is there and not empty; callers written in Go cannot tell an empty one from an absent one.
func isGiven(_ text: String?) -> Bool {
    text?.isEmpty == false
}
