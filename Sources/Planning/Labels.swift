public import OCISpec

/// Whether `spec` has a label that SELinux alone can set: of the process or of its mounts.
public func needsSELinux(_ spec: Spec) -> Bool {
    isGiven(spec.process?.selinuxLabel) || mountLabel(of: spec) != nil
}

/// The label of the container's mounts; `nil` for none, which an empty one is too.
public func mountLabel(of spec: Spec) -> String? {
    spec.linux?.mountLabel.flatMap { $0.isEmpty ? nil : $0 }
}

/// Whether the top folder of the message queues gets a label.
func labelsMessageQueues(_ spec: Spec) -> Bool {
    mountLabel(of: spec) != nil && spec.mounts?.contains { $0.type == "mqueue" } == true
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
