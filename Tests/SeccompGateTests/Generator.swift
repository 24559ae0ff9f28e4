import OCISpec

/// Makes profiles, the same from the same seed.
///
/// Not every profile is fit to compare with libseccomp: where several rules of one call ask whether one argument is not equal, less or greater, it
/// merges their halves wrongly (0016), and with some of those it never ends. So one rule of a call asks that of an argument at most.
struct Generator {
    private var random: SplitMix

    init(seed: UInt64) {
        random = SplitMix(state: seed)
    }

    private static let names = [
        "read", "write", "openat", "personality", "clone", "clone3", "ioctl", "socket", "socketpair", "bind", "accept", "accept4", "recv",
        "send",
        "recvmmsg", "sendmmsg", "shutdown", "semop", "semget", "semtimedop", "shmget", "shmat", "shmdt", "shmctl", "msgsnd", "msgrcv",
        "msgget",
        "msgctl", "socketcall", "ipc", "_llseek", "mmap2", "mmap", "futex_time64", "fcntl", "fcntl64", "arch_prctl", "set_tls",
        "breakpoint",
        "cacheflush", "stat64", "waitpid", "kill", "exit_group", "getdents64", "no_such_call", "timer_settime", "faccessat2",
        "process_madvise",
        "execve", "rt_sigaction", "ptrace", "setuid32", "sync_file_range2", "s390_pci_mmio_read",
    ]
    private static let actions: [LinuxSeccompAction] = [.kill, .killProcess, .killThread, .trap, .errno, .trace, .allow, .log, .notify]
    private static let operators: [LinuxSeccompOperator] = [
        .notEqual, .lessThan, .lessOrEqual, .equal, .greaterOrEqual, .greaterThan, .maskedEqual,
    ]
    private static let values: [UInt64] = [
        0, 1, 2, 3, 9, 16, 40, 0x7fff_ffff, 0x8000_0000, 0xffff_fffe, 0xffff_ffff, 0x1_0000_0000, 0x1_0000_0001, 0x1_ffff_ffff,
        0x2_0000_0003,
        0x7fff_ffff_ffff_ffff, 0x8000_0000_0000_0000, 0xffff_ffff_0000_0000, 0xffff_ffff_ffff_fffe, 0xffff_ffff_ffff_ffff, 0x7e02_0000,
    ]

    mutating func profile(architectures: [LinuxSeccompArchitecture]) -> LinuxSeccomp {
        let byDefault = random.pick(Self.actions.filter { $0 != .notify })
        var unequal: [String: Set<UInt32>] = [:]
        let rules = (0..<1 + random.next(below: 12)).map { _ in rule(&unequal) }
        return LinuxSeccomp(
            defaultAction: byDefault, defaultErrnoRet: number(byDefault), architectures: architectures, syscalls: rules)
    }

    private mutating func rule(_ unequal: inout [String: Set<UInt32>]) -> LinuxSyscall {
        let action = random.pick(Self.actions)
        let count = random.next(below: 4) == 0 ? 1 + random.next(below: 12) : 1 + random.next(below: 2)
        var names: [String] = []
        for _ in 0..<count {
            let name = random.pick(Self.names)
            if !names.contains(name) || random.next(below: 8) == 0 { names.append(name) }
        }
        return LinuxSyscall(names: names, action: action, errnoRet: number(action), args: arguments(names, &unequal))
    }

    private mutating func number(_ action: LinuxSeccompAction) -> UInt32? {
        guard action == .errno || action == .trace, random.next(below: 4) > 0 else { return nil }
        return random.pick([0, 1, 2, 13, 38, 4094])
    }

    private mutating func arguments(_ names: [String], _ unequal: inout [String: Set<UInt32>]) -> [LinuxSeccompArg]? {
        if random.next(below: 3) == 0 { return random.next(below: 2) == 0 ? nil : [] }
        let most = random.next(below: 6) == 0 ? 6 : 2
        var indexes: [UInt32] = []
        for _ in 0..<1 + random.next(below: most) {
            let index = UInt32(random.next(below: 6))
            if !indexes.contains(index) || random.next(below: 4) == 0 { indexes.append(index) }
        }
        return indexes.map { index in
            var comparison = random.pick(Self.operators)
            if comparison != .equal, comparison != .maskedEqual {
                if names.contains(where: { unequal[$0, default: []].contains(index) }) { comparison = .equal }
                for name in names { unequal[name, default: []].insert(index) }
            }
            return LinuxSeccompArg(
                index: index, value: random.pick(Self.values), valueTwo: random.next(below: 3) > 0 ? random.pick(Self.values) : nil,
                op: comparison)
        }
    }
}
