import CKernel
public import KernelABI

/// Sets a resource limit; `ResourceLimit.infinity` stands for none. Raising `hard` wants CAP_SYS_RESOURCE. See prlimit(2).
///
/// - Parameter pid: another process, or 0 for the calling one.
public func setLimit(_ limit: ResourceLimit, soft: UInt64, hard: UInt64, pid: Int32 = 0) throws(SyscallError) {
    try enter("prlimit", limit.name) { sw_setrlimit(pid, limit.rawValue, soft, hard) }
}

/// A resource limit of a process, by default the calling one.
public func limit(_ limit: ResourceLimit, pid: Int32 = 0) throws(SyscallError) -> (soft: UInt64, hard: UInt64) {
    var value = sw_rlimit()
    // SAFETY: the kernel fills the structure during the call only.
    try enter("prlimit", limit.name) { unsafe sw_getrlimit(pid, limit.rawValue, &value) }
    return (value.soft, value.hard)
}

/// Sets how likely the out-of-memory killer chooses the calling process, -1,000 to 1,000. Lowering it wants CAP_SYS_RESOURCE.
///
/// - Parameter procfs: a handle on a procfs of the process's pid namespace. See proc_pid_oom_score_adj(5).
public func setOOMScoreAdjustment(_ value: Int, procfs: borrowing FileDescriptor) throws(SyscallError) {
    try writeFile("self/oom_score_adj", at: procfs, "\(value)")
}

/// Reads how likely the out-of-memory killer chooses the calling process.
///
/// - Parameter procfs: a handle on a procfs of the process's pid namespace.
public func oomScoreAdjustment(procfs: borrowing FileDescriptor) throws(SyscallError) -> Int {
    let bytes = try readFile("self/oom_score_adj", at: procfs, limit: 64)
    guard let value = Int(String(decoding: bytes.prefix { $0 != UInt8(ascii: "\n") }, as: UTF8.self)) else {
        throw SyscallError("read", "self/oom_score_adj", .EPROTO)
    }
    return value
}
