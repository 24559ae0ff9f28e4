import OCISpec

/// What confines the process after its identity is set.
public struct SecurityPlan: Sendable, Hashable {
    public var noNewPrivileges: Bool

    public init(noNewPrivileges: Bool) {
        self.noNewPrivileges = noNewPrivileges
    }
}

/// Plans what confines the process.
func planSecurity(_ process: Process?) -> SecurityPlan {
    SecurityPlan(noNewPrivileges: process?.noNewPrivileges ?? false)
}
