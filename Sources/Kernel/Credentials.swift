import CKernel
public import KernelABI

// Users and groups of the calling process. The raw calls change one thread; the runtime has no more.

/// Replaces the supplementary groups. See setgroups(2).
public func setGroups(_ groups: [UInt32]) throws(SyscallError) {
    try enter("setgroups", "\(groups.count) groups") {
        // SAFETY: the kernel reads `count` entries during the call only.
        unsafe groups.withUnsafeBufferPointer { unsafe sw_setgroups($0.count, $0.baseAddress) }
    }
}

/// Sets the group ids. See setresgid(2).
public func setGroupIDs(real: UInt32, effective: UInt32, saved: UInt32) throws(SyscallError) {
    try enter("setresgid", "\(effective)") { sw_setresgid(real, effective, saved) }
}

/// Sets the user ids. Leaving 0 drops capabilities unless `setKeepCapabilities` was called. See setresuid(2), capabilities(7).
public func setUserIDs(real: UInt32, effective: UInt32, saved: UInt32) throws(SyscallError) {
    try enter("setresuid", "\(effective)") { sw_setresuid(real, effective, saved) }
}

/// The effective user id, in the process's user namespace.
public func effectiveUserID() -> UInt32 { sw_geteuid() }

/// The real user id, in the process's user namespace.
public func realUserID() -> UInt32 { sw_getuid() }

/// The effective group id, in the process's user namespace.
public func effectiveGroupID() -> UInt32 { sw_getegid() }

/// The real group id, in the process's user namespace.
public func realGroupID() -> UInt32 { sw_getgid() }
