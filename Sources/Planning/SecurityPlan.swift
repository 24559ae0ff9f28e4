import OCISpec

/// What confines the process after its identity is set.
public struct SecurityPlan: Sendable, Hashable {
    /// Whether execve(2) can never grant more privileges, PR_SET_NO_NEW_PRIVS.
    public var noNewPrivileges: Bool

    /// Creates the value from its properties.
    public init(noNewPrivileges: Bool) {
        self.noNewPrivileges = noNewPrivileges
    }
}

/// Plans what confines the process.
func planSecurity(_ process: Process?) -> SecurityPlan {
    SecurityPlan(noNewPrivileges: process?.noNewPrivileges ?? false)
}
