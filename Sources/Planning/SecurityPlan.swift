import OCISpec

/// What confines the process after its identity is set.
public struct SecurityPlan: Sendable, Hashable {
    /// Whether execve(2) can never grant more privileges, PR_SET_NO_NEW_PRIVS.
    public var noNewPrivileges: Bool
    /// The SELinux context that the process gets on execve(2), and its session keyring when it is made. `nil` leaves it to the policy.
    public var selinuxLabel: String?
    /// The AppArmor profile that the process gets on execve(2). `nil` leaves it to the runtime's own profile.
    public var apparmorProfile: String?
    /// The system call filter; `nil` without `linux.seccomp`, and without a process.
    public var seccomp: SeccompPlan?

    /// Creates the value from its properties.
    public init(noNewPrivileges: Bool, selinuxLabel: String? = nil, apparmorProfile: String? = nil, seccomp: SeccompPlan? = nil) {
        self.noNewPrivileges = noNewPrivileges
        self.selinuxLabel = selinuxLabel
        self.apparmorProfile = apparmorProfile
        self.seccomp = seccomp
    }
}

/// Plans what confines the process.
///
/// - Throws: `SpecProblem` for a label whose security module this host lacks.
func planSecurity(_ process: Process?, seccomp: SeccompPlan?, on host: HostFacts) throws(SpecProblem) -> SecurityPlan {
    guard let process else { return SecurityPlan(noNewPrivileges: false, seccomp: seccomp) }
    var problems = ProblemList()
    checkSecurityModules(process, on: host, &problems)
    if let problem = problems.found.first { throw problem }
    return SecurityPlan(
        noNewPrivileges: process.noNewPrivileges ?? false,
        selinuxLabel: isGiven(process.selinuxLabel) ? process.selinuxLabel : nil,
        apparmorProfile: plannedProfile(process.apparmorProfile, on: host),
        seccomp: seccomp)
}

/// Without AppArmor every process is unconfined already.
private func plannedProfile(_ profile: String?, on host: HostFacts) -> String? {
    guard let profile, !profile.isEmpty else { return nil }
    return profile == unconfinedProfile && host.hasAppArmor == false ? nil : profile
}
