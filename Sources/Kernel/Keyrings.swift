import CKernel
public import KernelABI

/// Gives the calling process a session keyring of its own, or one that exists under this name, and returns its serial number.
///
/// The kernel says 0 and no number if the keyring of this name is the session's already.
///
/// - Throws: `SyscallError` with `ENOSYS` without key support in the kernel, `EDQUOT` at the user's quota, `EACCES` if it may not be joined.
///
/// See keyctl_join_session_keyring(3).
@discardableResult
public func joinSessionKeyring(_ name: String) throws(SyscallError) -> Int32 {
    // SAFETY: the kernel reads the string during the call only.
    Int32(truncatingIfNeeded: try enter("keyctl", "join \(name)") { unsafe sw_keyctl_join(name) })
}

/// Sets the permission bits of a key or keyring. See keyctl_setperm(3).
public func setKeyringPermissions(_ key: Int32, _ permissions: UInt32) throws(SyscallError) {
    try enter("keyctl", "set permissions of \(key)") { sw_keyctl_setperm(key, permissions) }
}

/// Reads the permission bits of a key or keyring. See keyctl_describe(3).
public func keyringPermissions(_ key: Int32) throws(SyscallError) -> UInt32 {
    var buffer = [CChar](repeating: 0, count: 256)
    let length = try enter("keyctl", "describe \(key)") {
        // SAFETY: the kernel writes at most the buffer's size.
        unsafe buffer.withUnsafeMutableBufferPointer { unsafe sw_keyctl_describe(key, $0.baseAddress, $0.count) }
    }
    // "type;uid;gid;permissions;name", the permissions in hexadecimal digits.
    let text = buffer.prefix(max(0, min(length, buffer.count) - 1)).map { UInt8(bitPattern: $0) }
    let fields = text.split(separator: UInt8(ascii: ";"), maxSplits: 4, omittingEmptySubsequences: false)
    guard fields.count > 3, let bits = UInt32(String(decoding: fields[3], as: UTF8.self), radix: 16) else {
        throw SyscallError("keyctl", "describe \(key)", .EPROTO)
    }
    return bits
}
