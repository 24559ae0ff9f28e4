import Kernel
import KernelABI

func namesBelongToTheNamespace() throws {
    let before = try text("/proc/sys/kernel/hostname")
    let original = try open("/proc/self/ns/uts", .nonBlocking)
    try unshare(.newUTS)
    try setHostname("exercise")
    try setDomainname("example.org")
    expectEqual(try text("/proc/sys/kernel/hostname"), "exercise\n", "the host name")
    expectEqual(try text("/proc/sys/kernel/domainname"), "example.org\n", "the domain name")
    expectFailure(.EINVAL, "a name of 65 bytes") { () throws(SyscallError) in try setHostname(String(repeating: "x", count: 65)) }
    expectFailure(.EINVAL, "joining as another kind") { () throws(SyscallError) in try setNamespace(original, kinds: .newIPC) }
    try setNamespace(original, kinds: .newUTS)
    expectEqual(try text("/proc/sys/kernel/hostname"), before, "the host name outside")
}

func theLoopbackInterfaceComesUp() throws {
    try unshare(.newNetwork)
    expect(try !text("/proc/self/net/fib_trie").contains("127.0.0.1"), "it is up already")
    try bringLoopbackUp()
    expect(try text("/proc/self/net/fib_trie").contains("127.0.0.1"), "it is still down")
}

func usersGroupsAndCapabilitiesAreSet() throws {
    let keep: CapabilitySet = CapabilitySet([.chown, .kill, .setuid])
    try dropFromBoundingSet(keep: keep)
    expectEqual(try boundingSet(), keep, "the bounding set")
    try setKeepCapabilities(true)
    try setGroups([10, 20, UInt32.max - 1])
    try setGroupIDs(real: 1000, effective: 1000, saved: 1000)
    try setUserIDs(real: 1000, effective: 1000, saved: 1000)
    try setCapabilities(effective: keep, permitted: keep, inheritable: keep)
    try setAmbient(CapabilitySet(.kill))
    expectEqual(try statusLine("Uid"), "1000\t1000\t1000\t1000", "the user ids")
    expectEqual(try statusLine("Gid"), "1000\t1000\t1000\t1000", "the group ids")
    expectEqual(try statusLine("Groups").split(separator: " "), ["10", "20", "4294967294"], "the groups")
    let bits = "00000000000000a1"
    for name in ["CapBnd", "CapEff", "CapPrm", "CapInh"] { expectEqual(try statusLine(name), bits, name) }
    expectEqual(try statusLine("CapAmb"), "0000000000000020", "CapAmb")
    let sets = try capabilities()
    expectEqual(sets.effective, keep, "the effective set")
    expectFailure(.EPERM, "a capability that is not permitted") { () throws(SyscallError) in
        try setCapabilities(effective: .all, permitted: .all, inheritable: [])
    }
    expectFailure(.EPERM, "an ambient capability that is not permitted") { () throws(SyscallError) in
        try setAmbient(CapabilitySet(.sysAdmin))
    }
    expectFailure(.EPERM, "dropping without CAP_SETPCAP") { () throws(SyscallError) in try dropFromBoundingSet(keep: []) }
}

func attributesOfTheProcessAreSet() throws {
    try setProcessName("exercise-name-cut")
    expectEqual(try statusLine("Name"), "exercise-name-c", "the name")
    expectEqual(try statusLine("NoNewPrivs"), "0", "no_new_privs before")
    try setNoNewPrivileges()
    expectEqual(try statusLine("NoNewPrivs"), "1", "no_new_privs")
    let old = setFileCreationMask(0o027)
    expectEqual(setFileCreationMask(old), 0o027, "the file creation mask")
    try setDumpable(false)
    // Files of a process that is not dumpable belong to root whoever the process is.
    try setGroupIDs(real: 1000, effective: 1000, saved: 1000)
    try setUserIDs(real: 1000, effective: 1000, saved: 1000)
    expectEqual(try status("/proc/self/stat", followSymlinks: true).uid, 0, "the owner of /proc/self/stat")
    try setDumpable(true)
    expectEqual(try status("/proc/self/stat", followSymlinks: true).uid, 1000, "the owner of /proc/self/stat")
}

func limitsAreSet() throws {
    try setLimit(.openFiles, soft: 100, hard: 200)
    expectEqual(try limit(.openFiles).soft, 100, "the soft limit")
    expectEqual(try limit(.openFiles).hard, 200, "the hard limit")
    expectFailure(.EINVAL, "a soft limit above the hard one") { () throws(SyscallError) in try setLimit(.openFiles, soft: 300, hard: 200) }
    let procfs = try open("/proc", [.path, .directory])
    try setOOMScoreAdjustment(500, procfs: procfs)
    expectEqual(try oomScoreAdjustment(procfs: procfs), 500, "the adjustment")
    expectEqual(try text("/proc/self/oom_score_adj"), "500\n", "the adjustment in /proc")
    expectFailure(.EINVAL, "an adjustment out of range") { () throws(SyscallError) in try setOOMScoreAdjustment(1001, procfs: procfs) }
}

func aSessionKeyringIsJoined() throws {
    let name = "kernel-exercise-\(ownPID())"
    let keyring = try joinSessionKeyring(name)
    expect(keyring > 0, "serial number \(keyring)")
    let permissions = try keyringPermissions(keyring)
    try setKeyringPermissions(keyring, permissions | 0x80000)
    expectEqual(try keyringPermissions(keyring), permissions | 0x80000, "the permissions")
    expectEqual(try joinSessionKeyring(name), 0, "the serial number of the keyring it has already")
}
