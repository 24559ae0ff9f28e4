import Kernel
import KernelABI
import Planning

// Labels are written through the private procfs, so that they cannot end in a file of the container's (CVE-2019-16884, CVE-2025-52881).
// One that is not set is an error.

/// Has the kernel give the process its AppArmor profile and its SELinux label at the next execve(2).
///
/// ORDER: after the createContainer hooks, which are the host's programs; the startContainer hooks are the container's and get them too.
/// Before no_new_privs and before the capabilities go: AppArmor may stack a profile on the present one where it could have changed to it.
func setLabels(_ security: SecurityPlan, through proc: borrowing ProcHandle?) throws(RuntimeError) {
    if let profile = security.apparmorProfile { try setProfile(profile, through: proc) }
    if let label = security.selinuxLabel {
        do {
            try write(label, to: "self/attr/exec", through: proc)
        } catch {
            throw refused(label, error, doing: "set the SELinux label \(label)")
        }
    }
}

/// Has the kernel give the keyrings that the process makes from here on its label, until the next execve(2).
func labelKeyrings(_ label: String, through proc: borrowing ProcHandle?) throws(RuntimeError) {
    do {
        try write(label, to: "self/attr/keycreate", through: proc)
    } catch {
        throw refused(label, error, doing: "set the SELinux label \(label) of the session keyring")
    }
}

private func setProfile(_ profile: String, through proc: borrowing ProcHandle?) throws(RuntimeError) {
    let command = "exec \(profile)"
    do throws(SyscallError) {
        do {
            try write(command, to: "self/attr/apparmor/exec", through: proc)
        } catch {
            // KERNEL: a folder of its own since 5.8; before, and where AppArmor is built without it, it shares the file with SELinux.
            guard error.errno == .ENOENT, error.call.description != "write" else { throw error }
            try write(command, to: "self/attr/exec", through: proc)
        }
    } catch {
        let isUnknown = error.errno == .ENOENT && error.call.description == "write"
        let reason = isUnknown ? " (no such profile is loaded; apparmor_parser loads one)" : ""
        throw RuntimeError(doing: "set the AppArmor profile \(profile)\(reason)", pointer: "process.apparmorProfile", cause: error)
    }
}

private func refused(_ label: String, _ error: SyscallError, doing: String) -> RuntimeError {
    let reason = error.errno == .EINVAL && error.call.description == "write" ? " (the loaded policy has no such context)" : ""
    return RuntimeError(doing: doing + reason, pointer: "process.selinuxLabel", cause: error)
}
