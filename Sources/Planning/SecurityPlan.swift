import OCISpec

/// What confines the process after its identity is set.
public struct SecurityPlan: Sendable, Hashable {
    /// Whether execve(2) can never grant more privileges, PR_SET_NO_NEW_PRIVS.
    public var noNewPrivileges: Bool
    /// The system call filter; `nil` without `linux.seccomp`, and without a process.
    public var seccomp: SeccompPlan?

    /// Creates the value from its properties.
    public init(noNewPrivileges: Bool, seccomp: SeccompPlan? = nil) {
        self.noNewPrivileges = noNewPrivileges
        self.seccomp = seccomp
    }
}

/// Plans what confines the process.
func planSecurity(_ process: Process?, seccomp: SeccompPlan?) -> SecurityPlan {
    SecurityPlan(noNewPrivileges: process?.noNewPrivileges ?? false, seccomp: seccomp)
}
