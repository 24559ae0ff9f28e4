import KernelABI

/// One thing done in the container's network namespace.
public enum NetworkStep: Sendable, Hashable {
    /// Sets the loopback interface up.
    case setLoopbackUp
}

/// Plans what is done in a new network namespace; one that is joined was set up by whoever made it.
func planNetwork(_ namespaces: ListedNamespaces) -> [NetworkStep] {
    namespaces.made.contains(.newNetwork) ? [.setLoopbackUp] : []
}
