public import OCISpec

/// Whether `spec` has a label that SELinux alone can set: of the process or of its mounts.
public func needsSELinux(_ spec: Spec) -> Bool {
    isGiven(spec.process?.selinuxLabel) || isGiven(spec.linux?.mountLabel)
}

/// Whether `spec` has a profile of AppArmor.
public func needsAppArmor(_ spec: Spec) -> Bool {
    isGiven(spec.process?.apparmorProfile)
}

/// The name that stands for no profile: what every process has without AppArmor.
let unconfinedProfile = "unconfined"

/// Whether a text is there and not empty; callers written in Go cannot tell an empty one from an absent one.
func isGiven(_ text: String?) -> Bool {
    text?.isEmpty == false
}
