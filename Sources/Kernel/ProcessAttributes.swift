import CKernel
public import KernelABI

// prctl(2): small settings of the calling process.

/// Sets whether the process may be traced and its files in /proc belong to its user (`PR_SET_DUMPABLE`).
///
/// Without it an unprivileged parent can neither write the id maps nor trace it.
public func setDumpable(_ dumpable: Bool) throws(SyscallError) {
    try control(4, dumpable ? 1 : 0, "PR_SET_DUMPABLE")
}

/// Sets the signal the process gets when the thread that made it ends (`PR_SET_PDEATHSIG`); `nil` for none.
///
/// The kernel clears it whenever credentials change. A parent that is already gone is not noticed: compare `parentPID` afterwards.
public func setParentDeathSignal(_ signal: Signal?) throws(SyscallError) {
    try control(1, UInt(truncatingIfNeeded: signal?.rawValue ?? 0), "PR_SET_PDEATHSIG")
}

/// Forbids for good that execve(2) raises privileges (`PR_SET_NO_NEW_PRIVS`).
public func setNoNewPrivileges() throws(SyscallError) {
    try control(38, 1, "PR_SET_NO_NEW_PRIVS")
}

/// Makes the process adopt its descendants' orphans, or not any more (`PR_SET_CHILD_SUBREAPER`).
public func setChildSubreaper(_ subreaper: Bool = true) throws(SyscallError) {
    try control(36, subreaper ? 1 : 0, "PR_SET_CHILD_SUBREAPER")
}

/// Sets whether the permitted capabilities survive a change of all user ids away from 0 (`PR_SET_KEEPCAPS`); execve(2) clears it.
public func setKeepCapabilities(_ keep: Bool) throws(SyscallError) {
    try control(8, keep ? 1 : 0, "PR_SET_KEEPCAPS")
}

/// As `setKeepCapabilities(true)`, and clears all other secure bits that the caller may have left (`PR_SET_SECUREBITS`).
///
/// execve(2) passes them on, and with one of them a change of the user drops no capabilities. See capabilities(7), "The securebits flags".
/// - Throws: `SyscallError` with `EPERM` without CAP_SETPCAP, or if a bit is locked.
public func keepCapabilitiesAlone() throws(SyscallError) {
    // SECBIT_KEEP_CAPS.
    try control(28, 1 << 4, "PR_SET_SECUREBITS")
}

/// Sets the name ps(1) shows, cut to 15 bytes (`PR_SET_NAME`).
public func setProcessName(_ name: String) throws(SyscallError) {
    // SAFETY: the kernel reads the string during the call only.
    try enter("prctl", "PR_SET_NAME") { unsafe sw_set_name(name) }
}

/// prctl(2) with one argument.
func control(_ option: Int32, _ argument: UInt, _ name: String) throws(SyscallError) {
    try enter("prctl", name) { sw_prctl(option, argument, 0, 0, 0) }
}
