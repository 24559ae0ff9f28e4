/// One capability of the kernel.
///
/// See capabilities(7); runtime-spec, config, "Linux Process" (`capabilities`).
public enum Capability: UInt8, Sendable, Hashable, CaseIterable {
    /// `CAP_CHOWN`: change owners of files at will.
    case chown = 0
    /// `CAP_DAC_OVERRIDE`: ignore permission bits of files.
    case dacOverride = 1
    /// `CAP_DAC_READ_SEARCH`: ignore read permissions of files and search permissions of directories.
    case dacReadSearch = 2
    /// `CAP_FOWNER`: do what needs to be the owner of a file.
    case fowner = 3
    /// `CAP_FSETID`: keep set-user-ID and set-group-ID bits when a file is changed.
    case fsetid = 4
    /// `CAP_KILL`: send signals to any process.
    case kill = 5
    /// `CAP_SETGID`: change group ids and supplementary groups.
    case setgid = 6
    /// `CAP_SETUID`: change user ids.
    case setuid = 7
    /// `CAP_SETPCAP`: change capability sets: drop from the bounding set, add from it to the inheritable set.
    case setpcap = 8
    /// `CAP_LINUX_IMMUTABLE`: set the immutable and append-only attributes.
    case linuxImmutable = 9
    /// `CAP_NET_BIND_SERVICE`: bind sockets to ports below 1,024.
    case netBindService = 10
    /// `CAP_NET_BROADCAST`: unused by the kernel.
    case netBroadcast = 11
    /// `CAP_NET_ADMIN`: configure the network.
    case netAdmin = 12
    /// `CAP_NET_RAW`: use raw and packet sockets.
    case netRaw = 13
    /// `CAP_IPC_LOCK`: lock memory.
    case ipcLock = 14
    /// `CAP_IPC_OWNER`: ignore permissions of System V IPC objects.
    case ipcOwner = 15
    /// `CAP_SYS_MODULE`: load and unload kernel modules.
    case sysModule = 16
    /// `CAP_SYS_RAWIO`: use I/O ports and raw memory.
    case sysRawio = 17
    /// `CAP_SYS_CHROOT`: use chroot(2) and setns(2) into mount namespaces.
    case sysChroot = 18
    /// `CAP_SYS_PTRACE`: trace any process.
    case sysPtrace = 19
    /// `CAP_SYS_PACCT`: switch process accounting.
    case sysPacct = 20
    /// `CAP_SYS_ADMIN`: everything administrative that has no capability of its own: mounts, namespaces and more.
    case sysAdmin = 21
    /// `CAP_SYS_BOOT`: reboot.
    case sysBoot = 22
    /// `CAP_SYS_NICE`: raise priorities, change scheduling of other processes.
    case sysNice = 23
    /// `CAP_SYS_RESOURCE`: exceed resource limits and quotas.
    case sysResource = 24
    /// `CAP_SYS_TIME`: set the clock.
    case sysTime = 25
    /// `CAP_SYS_TTY_CONFIG`: configure terminals, vhangup(2).
    case sysTtyConfig = 26
    /// `CAP_MKNOD`: make device files.
    case mknod = 27
    /// `CAP_LEASE`: take leases on any file.
    case lease = 28
    /// `CAP_AUDIT_WRITE`: write to the audit log.
    case auditWrite = 29
    /// `CAP_AUDIT_CONTROL`: configure auditing.
    case auditControl = 30
    /// `CAP_SETFCAP`: set file capabilities.
    case setfcap = 31
    /// `CAP_MAC_OVERRIDE`: override mandatory access control.
    case macOverride = 32
    /// `CAP_MAC_ADMIN`: configure mandatory access control.
    case macAdmin = 33
    /// `CAP_SYSLOG`: read and clear the kernel log.
    case syslog = 34
    /// `CAP_WAKE_ALARM`: set alarms that wake the system.
    case wakeAlarm = 35
    /// `CAP_BLOCK_SUSPEND`: block system suspend.
    case blockSuspend = 36
    /// `CAP_AUDIT_READ`: read the audit log over netlink (Linux 3.16).
    case auditRead = 37
    /// `CAP_PERFMON`: use performance monitoring (Linux 5.8).
    case perfmon = 38
    /// `CAP_BPF`: use privileged bpf(2) operations (Linux 5.8).
    case bpf = 39
    /// `CAP_CHECKPOINT_RESTORE`: checkpoint and restore, clone3(2) with chosen pids (Linux 5.9).
    case checkpointRestore = 40

    /// Finds a capability by its name, exactly as the spec and capabilities(7) write it: `CAP_CHOWN`.
    public init?(name: String) {
        let length = name.utf8.count
        for number in 0...Capability.checkpointRestore.rawValue {
            guard let candidate = Capability(rawValue: number) else { return nil }
            let candidateName = candidate.name
            // Comparing lengths first spares nearly all string comparisons: a config names some seventy capabilities.
            guard candidateName.utf8.count == length, candidateName == name else { continue }
            self = candidate
            return
        }
        return nil
    }

    /// The name as the spec and capabilities(7) write it: `CAP_CHOWN`.
    public var name: String {
        switch self {
        case .chown: "CAP_CHOWN"
        case .dacOverride: "CAP_DAC_OVERRIDE"
        case .dacReadSearch: "CAP_DAC_READ_SEARCH"
        case .fowner: "CAP_FOWNER"
        case .fsetid: "CAP_FSETID"
        case .kill: "CAP_KILL"
        case .setgid: "CAP_SETGID"
        case .setuid: "CAP_SETUID"
        case .setpcap: "CAP_SETPCAP"
        case .linuxImmutable: "CAP_LINUX_IMMUTABLE"
        case .netBindService: "CAP_NET_BIND_SERVICE"
        case .netBroadcast: "CAP_NET_BROADCAST"
        case .netAdmin: "CAP_NET_ADMIN"
        case .netRaw: "CAP_NET_RAW"
        case .ipcLock: "CAP_IPC_LOCK"
        case .ipcOwner: "CAP_IPC_OWNER"
        case .sysModule: "CAP_SYS_MODULE"
        case .sysRawio: "CAP_SYS_RAWIO"
        case .sysChroot: "CAP_SYS_CHROOT"
        case .sysPtrace: "CAP_SYS_PTRACE"
        case .sysPacct: "CAP_SYS_PACCT"
        case .sysAdmin: "CAP_SYS_ADMIN"
        case .sysBoot: "CAP_SYS_BOOT"
        case .sysNice: "CAP_SYS_NICE"
        case .sysResource: "CAP_SYS_RESOURCE"
        case .sysTime: "CAP_SYS_TIME"
        case .sysTtyConfig: "CAP_SYS_TTY_CONFIG"
        case .mknod: "CAP_MKNOD"
        case .lease: "CAP_LEASE"
        case .auditWrite: "CAP_AUDIT_WRITE"
        case .auditControl: "CAP_AUDIT_CONTROL"
        case .setfcap: "CAP_SETFCAP"
        case .macOverride: "CAP_MAC_OVERRIDE"
        case .macAdmin: "CAP_MAC_ADMIN"
        case .syslog: "CAP_SYSLOG"
        case .wakeAlarm: "CAP_WAKE_ALARM"
        case .blockSuspend: "CAP_BLOCK_SUSPEND"
        case .auditRead: "CAP_AUDIT_READ"
        case .perfmon: "CAP_PERFMON"
        case .bpf: "CAP_BPF"
        case .checkpointRestore: "CAP_CHECKPOINT_RESTORE"
        }
    }
}

/// A set of capabilities as the kernel keeps it: bit n is the capability with number n.
///
/// May hold bits of capabilities that are newer than this program.
public struct CapabilitySet: OptionSet, Sendable, Hashable {
    /// The bits.
    public let rawValue: UInt64

    /// Wraps the bits, known or not.
    public init(rawValue: UInt64) {
        self.rawValue = rawValue
    }

    /// The set with one member.
    public init(_ capability: Capability) {
        rawValue = 1 << UInt64(capability.rawValue)
    }

    /// The set of the given members.
    public init(_ capabilities: [Capability]) {
        var bits: UInt64 = 0
        for capability in capabilities { bits |= 1 << UInt64(capability.rawValue) }
        rawValue = bits
    }

    /// Every capability this program knows.
    public static var all: CapabilitySet { CapabilitySet(rawValue: (1 << UInt64(Capability.checkpointRestore.rawValue + 1)) - 1) }

    /// Whether `capability` is a member.
    public func contains(_ capability: Capability) -> Bool {
        rawValue & (1 << UInt64(capability.rawValue)) != 0
    }

    /// The members by rising number; bits without a name are left out.
    public var capabilities: [Capability] {
        var members: [Capability] = []
        for number in 0...Capability.checkpointRestore.rawValue where rawValue & (1 << UInt64(number)) != 0 {
            if let capability = Capability(rawValue: number) { members.append(capability) }
        }
        return members
    }
}
