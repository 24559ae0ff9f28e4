import CSeccomp
public import KernelABI

/// The version of the libseccomp this program is linked with, such as `2.5.4`.
public func libseccompVersion() -> String {
    // SAFETY: the library hands out a pointer to a structure of its own that never goes away.
    guard let version = unsafe seccomp_version() else { return "unknown" }
    return unsafe "\(version.pointee.major).\(version.pointee.minor).\(version.pointee.micro)"
}

/// The number of the system call `name` on `architecture`, from libseccomp's table; no call into the kernel.
///
/// - Returns: `nil` if libseccomp knows no such name or no such architecture. A negative number stands for a call that this architecture does
///   not have, or has behind socketcall(2) or ipc(2) only. See seccomp_syscall_resolve_name_arch(3).
public func syscallNumber(of name: String, on architecture: SeccompArchitecture) -> Int32? {
    // SAFETY: the function reads up to the null byte that the closure's pointer ends with, and keeps nothing.
    let number = unsafe name.withCString { unsafe seccomp_syscall_resolve_name_arch(architecture.rawValue, $0) }
    // __NR_SCMP_ERROR
    return number == -1 ? nil : number
}

/// The architecture of this program as libseccomp names it.
public func nativeSeccompArchitecture() -> SeccompArchitecture {
    SeccompArchitecture(rawValue: seccomp_arch_native())
}
