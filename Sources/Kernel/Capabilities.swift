import CKernel
public import KernelABI

// The five capability sets of the calling process. See capabilities(7).

/// The effective, permitted and inheritable sets. See capget(2).
public func capabilities() throws(SyscallError) -> (effective: CapabilitySet, permitted: CapabilitySet, inheritable: CapabilitySet) {
    var sets = sw_capabilities()
    // SAFETY: the shim fills the structure during the call only.
    try enter("capget", "") { unsafe sw_capget(&sets) }
    return (
        CapabilitySet(rawValue: sets.effective), CapabilitySet(rawValue: sets.permitted), CapabilitySet(rawValue: sets.inheritable)
    )
}

/// Sets all three sets at once. See capset(2).
///
/// - Throws: `SyscallError` with `EPERM` if `permitted` has members the process lacks, `effective` members that are not permitted,
///   or `inheritable` members outside of the bounding set.
public func setCapabilities(effective: CapabilitySet, permitted: CapabilitySet, inheritable: CapabilitySet) throws(SyscallError) {
    let sets = sw_capabilities(effective: effective.rawValue, permitted: permitted.rawValue, inheritable: inheritable.rawValue)
    try enter("capset", "") { sw_capset(sets) }
}

/// The bounding set: one call for each capability of the kernel.
public func boundingSet() throws(SyscallError) -> CapabilitySet {
    var bits: UInt64 = 0
    for number in UInt(0)..<64 {
        let result = uninterrupted { sw_prctl(readBounding, number, 0, 0, 0) }
        if result == minus(.EINVAL) { break }
        guard result >= 0 else { throw failure("prctl", "PR_CAPBSET_READ", result) }
        if result == 1 { bits |= 1 << UInt64(number) }
    }
    return CapabilitySet(rawValue: bits)
}

/// Drops all but `keep` from the bounding set, those included that are newer than this program. Wants CAP_SETPCAP.
public func dropFromBoundingSet(keep: CapabilitySet) throws(SyscallError) {
    for number in UInt(0)..<64 where keep.rawValue & (1 << UInt64(number)) == 0 {
        let result = uninterrupted { sw_prctl(dropBounding, number, 0, 0, 0) }
        // Beyond the kernel's last capability.
        if result == minus(.EINVAL) { return }
        guard result >= 0 else { throw failure("prctl", "PR_CAPBSET_DROP \(number)", result) }
    }
}

/// Makes `ambient` the ambient set (Linux 4.3); its members must be permitted and inheritable already.
public func setAmbient(_ ambient: CapabilitySet) throws(SyscallError) {
    try enter("prctl", "PR_CAP_AMBIENT_CLEAR_ALL") { sw_prctl(ambientSet, ambientClearAll, 0, 0, 0) }
    for number in UInt(0)..<64 where ambient.rawValue & (1 << UInt64(number)) != 0 {
        try enter("prctl", "PR_CAP_AMBIENT_RAISE \(number)") { sw_prctl(ambientSet, ambientRaise, number, 0, 0) }
    }
}

/// The ambient set (Linux 4.3): one call for each capability of the kernel.
public func ambientCapabilities() throws(SyscallError) -> CapabilitySet {
    var bits: UInt64 = 0
    for number in UInt(0)..<64 {
        let result = uninterrupted { sw_prctl(ambientSet, ambientIsSet, number, 0, 0) }
        if result == minus(.EINVAL) { break }
        guard result >= 0 else { throw failure("prctl", "PR_CAP_AMBIENT_IS_SET", result) }
        if result == 1 { bits |= 1 << UInt64(number) }
    }
    return CapabilitySet(rawValue: bits)
}

/// The number of the kernel's last capability: 40 since Linux 5.9.
public func lastCapability() -> UInt8 {
    // Known numbers lie below unknown ones: halve the distance instead of asking for each.
    var known: UInt = 0
    var unknown: UInt = 64
    while unknown - known > 1 {
        let middle = (known + unknown) / 2
        if sw_prctl(readBounding, middle, 0, 0, 0) >= 0 { known = middle } else { unknown = middle }
    }
    return UInt8(known)
}

// prctl(2) options, which only this file uses.
private let readBounding: Int32 = 23
private let dropBounding: Int32 = 24
private let ambientSet: Int32 = 47
private let ambientIsSet: UInt = 1
private let ambientRaise: UInt = 2
private let ambientClearAll: UInt = 4
