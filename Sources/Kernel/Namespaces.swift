import CKernel
public import KernelABI

/// Moves the calling process into the namespace behind `descriptor`.
///
/// - Parameters:
///   - descriptor: an open `/proc/<pid>/ns/<kind>` file or a pidfd (pidfd since Linux 5.8).
///   - kinds: one kind for a namespace file; one or more for a pidfd.
/// - Throws: `SyscallError` with `EPERM` without CAP_SYS_ADMIN over the target's user namespace,
///   `EINVAL` when joining a user namespace from a multithreaded process.
///
/// Joining `.newPID` takes effect for children only.
/// See setns(2), namespaces(7); runtime-spec, config-linux, "Namespaces".
public func setNamespace(_ descriptor: borrowing FileDescriptor, kinds: CloneFlags) throws(SyscallError) {
    let number = descriptor.number
    try enter("setns", naming(number)) { sw_setns(number, Int32(truncatingIfNeeded: kinds.rawValue)) }
}

/// Gives the calling process namespaces of its own.
///
/// `.newPID` and `.newTime` take effect for children only. See unshare(2).
public func unshare(_ flags: CloneFlags) throws(SyscallError) {
    try enter("unshare", "0x" + String(flags.rawValue, radix: 16)) { sw_unshare(UInt(flags.rawValue)) }
}

/// Which kind of namespace `descriptor` stands for.
///
/// - Throws: `SyscallError` with `EINVAL` if it is no namespace file at all. Open such a file with `[.nonBlocking]`: it may be anything.
///
/// See ioctl_ns(2).
public func namespaceKind(of descriptor: borrowing FileDescriptor) throws(SyscallError) -> CloneFlags {
    let number = descriptor.number
    // An ioctl means something else on every kind of file, so that the kind comes first.
    guard try filesystemMagic(ofNumber: number) == .nsfs else { throw SyscallError("ioctl", naming(number), .EINVAL) }
    let kind = try enter("ioctl", naming(number)) { sw_namespace_type(number) }
    return CloneFlags(rawValue: UInt64(kind))
}

/// Sets the host name of the calling process's UTS namespace; at most 64 bytes.
public func setHostname(_ name: String) throws(SyscallError) {
    // SAFETY: the kernel reads the string during the call only.
    try enter("sethostname", name) { unsafe sw_sethostname(name, name.utf8.count) }
}

/// Sets the NIS domain name of the calling process's UTS namespace; at most 64 bytes.
public func setDomainname(_ name: String) throws(SyscallError) {
    // SAFETY: the kernel reads the string during the call only.
    try enter("setdomainname", name) { unsafe sw_setdomainname(name, name.utf8.count) }
}
