import Glibc
import KernelABI
import Testing

/// Every flag and number has the value of the C headers.
@Suite struct ConstantTests {
    @Test func cloneFlagsEqualTheHeaders() {
        let named: [(String, CloneFlags)] = [
            ("CLONE_VM", .vm), ("CLONE_PIDFD", .pidfd), ("CLONE_VFORK", .vfork), ("CLONE_PARENT", .parent), ("CLONE_NEWTIME", .newTime),
            ("CLONE_NEWNS", .newMount), ("CLONE_NEWCGROUP", .newCgroup), ("CLONE_NEWUTS", .newUTS), ("CLONE_NEWIPC", .newIPC),
            ("CLONE_NEWUSER", .newUser), ("CLONE_NEWPID", .newPID), ("CLONE_NEWNET", .newNetwork),
            ("CLONE_CLEAR_SIGHAND", .clearSignalHandlers), ("CLONE_INTO_CGROUP", .intoCgroup),
        ]
        for (name, value) in named { #expect(Header.value(name) == Int64(value.rawValue), "\(name)") }
    }

    @Test func mountFlagsEqualTheHeaders() {
        let named: [(String, MountFlags)] = [
            ("MS_RDONLY", .readOnly), ("MS_NOSUID", .noSuid), ("MS_NODEV", .noDev), ("MS_NOEXEC", .noExec),
            ("MS_SYNCHRONOUS", .synchronous), ("MS_REMOUNT", .remount), ("MS_MANDLOCK", .mandatoryLock), ("MS_DIRSYNC", .dirSync),
            ("MS_NOSYMFOLLOW", .noSymFollow), ("MS_NOATIME", .noAccessTime), ("MS_NODIRATIME", .noDirectoryAccessTime),
            ("MS_BIND", .bind), ("MS_MOVE", .move), ("MS_REC", .recursive), ("MS_SILENT", .silent), ("MS_POSIXACL", .posixACL),
            ("MS_UNBINDABLE", .unbindable), ("MS_PRIVATE", .private), ("MS_SLAVE", .slave), ("MS_SHARED", .shared),
            ("MS_RELATIME", .relativeAccessTime), ("MS_I_VERSION", .iVersion), ("MS_STRICTATIME", .strictAccessTime),
            ("MS_LAZYTIME", .lazyTime),
        ]
        for (name, value) in named { #expect(Header.value(name) == Int64(value.rawValue), "\(name)") }
    }

    @Test func mountAttributesEqualTheHeaders() {
        let named: [(String, MountAttributes)] = [
            ("MOUNT_ATTR_RDONLY", .readOnly), ("MOUNT_ATTR_NOSUID", .noSuid), ("MOUNT_ATTR_NODEV", .noDev),
            ("MOUNT_ATTR_NOEXEC", .noExec), ("MOUNT_ATTR_NOATIME", .noAccessTime), ("MOUNT_ATTR_STRICTATIME", .strictAccessTime),
            ("MOUNT_ATTR__ATIME", .accessTimeMask), ("MOUNT_ATTR_NODIRATIME", .noDirectoryAccessTime), ("MOUNT_ATTR_IDMAP", .idmap),
            ("MOUNT_ATTR_NOSYMFOLLOW", .noSymFollow),
        ]
        for (name, value) in named { #expect(Header.value(name) == Int64(value.rawValue), "\(name)") }
    }

    @Test func openTreeFlagsEqualTheHeaders() {
        let named: [(String, OpenTreeFlags)] = [
            ("OPEN_TREE_CLONE", .clone), ("OPEN_TREE_CLOEXEC", .closeOnExec), ("AT_SYMLINK_NOFOLLOW", .noSymFollow),
            ("AT_NO_AUTOMOUNT", .noAutomount), ("AT_EMPTY_PATH", .emptyPath), ("AT_RECURSIVE", .recursive),
        ]
        for (name, value) in named { #expect(Header.value(name) == Int64(value.rawValue), "\(name)") }
    }

    @Test func seccompFlagsEqualTheHeaders() {
        let named: [(String, SeccompFlags)] = [
            ("SECCOMP_FILTER_FLAG_TSYNC", .synchronizeThreads), ("SECCOMP_FILTER_FLAG_LOG", .log),
            ("SECCOMP_FILTER_FLAG_SPEC_ALLOW", .allowSpeculation), ("SECCOMP_FILTER_FLAG_NEW_LISTENER", .newListener),
            ("SECCOMP_FILTER_FLAG_TSYNC_ESRCH", .synchronizeThreadsOrFail), ("SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV", .waitKillable),
        ]
        for (name, value) in named { #expect(Header.value(name) == Int64(value.rawValue), "\(name)") }
    }

    @Test func seccompReturnsEqualTheHeaders() {
        let named: [(String, SeccompReturn)] = [
            ("SECCOMP_RET_KILL_PROCESS", .killProcess), ("SECCOMP_RET_KILL_THREAD", .killThread), ("SECCOMP_RET_TRAP", .trap),
            ("SECCOMP_RET_ERRNO", .errno), ("SECCOMP_RET_USER_NOTIF", .notify), ("SECCOMP_RET_TRACE", .trace),
            ("SECCOMP_RET_LOG", .log), ("SECCOMP_RET_ALLOW", .allow),
        ]
        for (name, value) in named { #expect(Header.value(name) == Int64(value.rawValue), "\(name)") }
    }

    @Test func anInstructionIsLaidOutAsTheKernelWantsIt() {
        #expect(MemoryLayout<BPFInstruction>.size == 8)
        let instruction = BPFInstruction(code: 0x0102, jumpTrue: 3, jumpFalse: 4, constant: 0x0506_0708)
        let bytes = withUnsafeBytes(of: instruction) { Array($0) }
        #expect(bytes == [2, 1, 3, 4, 8, 7, 6, 5])
    }

    @Test func extendedInstructionsEqualTheHeaders() {
        let named: [(String, UInt8)] = [
            ("BPF_LDX | BPF_MEM | BPF_W", EBPFCode.loadWord), ("BPF_ALU64 | BPF_MOV | BPF_K", EBPFCode.moveConstant),
            ("BPF_ALU64 | BPF_MOV | BPF_X", EBPFCode.moveRegister), ("BPF_ALU64 | BPF_AND | BPF_K", EBPFCode.and),
            ("BPF_ALU64 | BPF_RSH | BPF_K", EBPFCode.shiftRight), ("BPF_JMP | BPF_JA", EBPFCode.jump),
            ("BPF_JMP | BPF_JEQ | BPF_K", EBPFCode.jumpIfEqual), ("BPF_JMP | BPF_JNE | BPF_K", EBPFCode.jumpUnlessEqual),
            ("BPF_JMP | BPF_JSET | BPF_K", EBPFCode.jumpIfAnyBit), ("BPF_JMP | BPF_EXIT", EBPFCode.exit),
            ("BPF_DEVCG_DEV_BLOCK", DeviceContext.block), ("BPF_DEVCG_DEV_CHAR", DeviceContext.character),
            ("BPF_DEVCG_ACC_MKNOD", DeviceContext.makeNode), ("BPF_DEVCG_ACC_READ", DeviceContext.read),
            ("BPF_DEVCG_ACC_WRITE", DeviceContext.write),
        ]
        for (name, value) in named { #expect(Header.value(name) == Int64(value), "\(name)") }
    }

    /// The numbers that stand in CKernel/include/bpf.h.
    @Test func numbersOfBPFEqualTheHeaders() {
        let named: [(String, Int64)] = [
            ("BPF_PROG_TYPE_CGROUP_DEVICE", 15), ("BPF_CGROUP_DEVICE", 6), ("BPF_PROG_LOAD", 5), ("BPF_PROG_ATTACH", 8),
            ("BPF_PROG_DETACH", 9), ("BPF_PROG_QUERY", 16), ("BPF_PROG_GET_FD_BY_ID", 13), ("BPF_OBJ_GET_INFO_BY_FD", 15),
            ("BPF_F_ALLOW_MULTI", 2), ("BPF_F_REPLACE", 4), ("offsetof(struct bpf_prog_info, name)", 64),
            ("offsetof(union bpf_attr, prog_name)", 48), ("offsetof(union bpf_attr, replace_bpf_fd)", 16),
        ]
        for (name, value) in named { #expect(Header.value(name) == value, "\(name)") }
    }

    @Test func anExtendedInstructionIsLaidOutAsTheKernelWantsIt() {
        #expect(Header.value("sizeof(struct bpf_insn)") == Int64(MemoryLayout<EBPFInstruction>.size))
        let instruction = EBPFInstruction(code: 0x01, destination: 2, source: 3, offset: 0x0405, constant: 0x0607_0809)
        let bytes = withUnsafeBytes(of: instruction) { Array($0) }
        #expect(bytes == [1, 0x32, 5, 4, 9, 8, 7, 6])
    }

    @Test func unmountFlagsEqualTheHeaders() {
        #expect(UnmountFlags.force.rawValue == Int32(MNT_FORCE))
        #expect(UnmountFlags.detach.rawValue == Int32(MNT_DETACH))
        #expect(UnmountFlags.expire.rawValue == Int32(MNT_EXPIRE))
        #expect(UnmountFlags.noFollow.rawValue == Int32(UMOUNT_NOFOLLOW))
    }

    @Test func openFlagsEqualTheHeaders() {
        let named: [(String, OpenFlags)] = [
            ("O_RDONLY", .readOnly), ("O_WRONLY", .writeOnly), ("O_RDWR", .readWrite), ("O_CREAT", .create), ("O_EXCL", .exclusive),
            ("O_NOCTTY", .noControllingTerminal), ("O_TRUNC", .truncate), ("O_APPEND", .append), ("O_NONBLOCK", .nonBlocking),
            ("O_CLOEXEC", .closeOnExec), ("O_PATH", .path), ("O_DIRECTORY", .directory), ("O_NOFOLLOW", .noFollow),
            ("O_TMPFILE", .temporaryFile),
        ]
        for (name, value) in named { #expect(Header.value(name) == Int64(value.rawValue), "\(name)") }
    }

    @Test func resolveFlagsEqualTheHeaders() {
        let named: [(String, ResolveFlags)] = [
            ("RESOLVE_NO_XDEV", .noCrossMounts), ("RESOLVE_NO_MAGICLINKS", .noMagicLinks), ("RESOLVE_NO_SYMLINKS", .noSymlinks),
            ("RESOLVE_BENEATH", .beneath), ("RESOLVE_IN_ROOT", .inRoot), ("RESOLVE_CACHED", .cached),
        ]
        for (name, value) in named { #expect(Header.value(name) == Int64(value.rawValue), "\(name)") }
    }

    @Test func atFlagsEqualTheHeaders() {
        let named: [(String, AtFlags)] = [
            ("AT_SYMLINK_NOFOLLOW", .symlinkNoFollow), ("AT_REMOVEDIR", .removeDirectory), ("AT_SYMLINK_FOLLOW", .symlinkFollow),
            ("AT_NO_AUTOMOUNT", .noAutomount), ("AT_EMPTY_PATH", .emptyPath), ("AT_RECURSIVE", .recursive),
        ]
        for (name, value) in named { #expect(Header.value(name) == Int64(value.rawValue), "\(name)") }
    }

    @Test func theWorkingDirectoryStandInEqualsTheHeaders() {
        #expect(Header.value("AT_FDCWD") == Int64(AtFlags.currentDirectory))
    }

    @Test func fileTypesEqualTheHeaders() {
        let named: [(String, FileType)] = [
            ("S_IFIFO", .fifo), ("S_IFCHR", .characterDevice), ("S_IFDIR", .directory), ("S_IFBLK", .blockDevice), ("S_IFREG", .regular),
            ("S_IFLNK", .symlink), ("S_IFSOCK", .socket),
        ]
        for (name, value) in named { #expect(Header.value(name) == Int64(value.rawValue), "\(name)") }
    }

    @Test func modeBitsEqualTheHeaders() {
        #expect(Header.value("S_IFMT") == Int64(FileMode.typeMask))
        #expect(Header.value("S_ISUID") == Int64(FileMode.setUserID))
        #expect(Header.value("S_ISGID") == Int64(FileMode.setGroupID))
        #expect(Header.value("S_ISVTX") == Int64(FileMode.sticky))
    }

    @Test func pollEventsEqualTheHeaders() {
        let named: [(String, PollEvents)] = [
            ("POLLIN", .readable), ("POLLOUT", .writable), ("POLLERR", .error), ("POLLHUP", .hangUp), ("POLLNVAL", .invalid),
        ]
        for (name, value) in named { #expect(Header.value(name) == Int64(value.rawValue), "\(name)") }
    }

    @Test func filesystemMagicsEqualTheHeaders() {
        let named: [(String, FilesystemMagic)] = [
            ("PROC_SUPER_MAGIC", .proc), ("SYSFS_MAGIC", .sysfs), ("TMPFS_MAGIC", .tmpfs), ("RAMFS_MAGIC", .ramfs),
            ("CGROUP_SUPER_MAGIC", .cgroup), ("CGROUP2_SUPER_MAGIC", .cgroup2), ("NSFS_MAGIC", .nsfs),
            ("OVERLAYFS_SUPER_MAGIC", .overlay), ("DEVPTS_SUPER_MAGIC", .devpts), ("EXT4_SUPER_MAGIC", .ext4), ("XFS_SUPER_MAGIC", .xfs),
            ("BTRFS_SUPER_MAGIC", .btrfs), ("SQUASHFS_MAGIC", .squashfs), ("EROFS_SUPER_MAGIC_V1", .erofs), ("FUSE_SUPER_MAGIC", .fuse),
            ("NFS_SUPER_MAGIC", .nfs), ("HUGETLBFS_MAGIC", .hugetlbfs), ("SECURITYFS_MAGIC", .securityfs), ("SELINUX_MAGIC", .selinuxfs),
            ("BPF_FS_MAGIC", .bpf), ("DEBUGFS_MAGIC", .debugfs), ("TRACEFS_MAGIC", .tracefs), ("PIPEFS_MAGIC", .pipefs),
            ("SOCKFS_MAGIC", .sockfs), ("ANON_INODE_FS_MAGIC", .anonymousInode), ("RDTGROUP_SUPER_MAGIC", .resctrl),
        ]
        for (name, value) in named { #expect(Header.value(name) == Int64(value.rawValue), "\(name)") }
    }

    @Test func schedulingPoliciesEqualTheHeaders() {
        // The spec calls SCHED_NORMAL by its POSIX name; the headers only reserve the number of SCHED_ISO.
        #expect(Header.value("SCHED_NORMAL") == Int64(SchedulingPolicy.other.rawValue))
        #expect(SchedulingPolicy.iso.rawValue == 4)
        for policy in SchedulingPolicy.allCases where policy != .other && policy != .iso {
            #expect(Header.value(policy.name) == Int64(policy.rawValue), "\(policy.name)")
        }
    }

    @Test func schedulingFlagsEqualTheHeaders() {
        let named: [(String, SchedulingFlags)] = [
            ("SCHED_FLAG_RESET_ON_FORK", .resetOnFork), ("SCHED_FLAG_RECLAIM", .reclaim), ("SCHED_FLAG_DL_OVERRUN", .deadlineOverrun),
            ("SCHED_FLAG_KEEP_POLICY", .keepPolicy), ("SCHED_FLAG_KEEP_PARAMS", .keepParameters),
            ("SCHED_FLAG_UTIL_CLAMP_MIN", .clampMinimum), ("SCHED_FLAG_UTIL_CLAMP_MAX", .clampMaximum),
        ]
        for (name, value) in named { #expect(Header.value(name) == Int64(value.rawValue), "\(name)") }
    }

    @Test func priorityClassesEqualTheHeaders() {
        for priority in IOPriorityClass.allCases { #expect(Header.value(priority.name) == Int64(priority.rawValue), "\(priority.name)") }
    }

    @Test func memoryPoliciesEqualTheHeaders() {
        // Newer than the headers of Debian 12: the number of Linux 6.9.
        #expect(MemoryPolicyMode.weightedInterleave.rawValue == 6)
        for mode in MemoryPolicyMode.allCases where mode != .weightedInterleave {
            #expect(Header.value(mode.name) == Int64(mode.rawValue), "\(mode.name)")
        }
    }

    @Test func executionDomainsEqualTheHeaders() {
        #expect(Header.value("PER_LINUX") == Int64(ExecutionDomain.linux.rawValue))
        #expect(Header.value("PER_LINUX32") == Int64(ExecutionDomain.linux32.rawValue))
    }

    @Test func memoryPolicyFlagsEqualTheHeaders() {
        let named: [(String, MemoryPolicyFlags)] = [
            ("MPOL_F_NUMA_BALANCING", .numaBalancing), ("MPOL_F_RELATIVE_NODES", .relativeNodes), ("MPOL_F_STATIC_NODES", .staticNodes),
        ]
        for (name, value) in named { #expect(Header.value(name) == Int64(value.rawValue), "\(name)") }
    }

    @Test func limitsEqualTheHeaders() {
        for limit in ResourceLimit.allCases { #expect(Header.value(limit.name) == Int64(limit.rawValue), "\(limit.name)") }
        #expect(Header.value("RLIM_INFINITY").map { UInt64(bitPattern: $0) } == ResourceLimit.infinity)
    }

    @Test func theSpecsSixteenLimitsAreThere() {
        #expect(ResourceLimit.allCases.count == 16)
    }

    @Test func namesLeadBackToTheirValues() {
        for limit in ResourceLimit.allCases { #expect(ResourceLimit(name: limit.name) == limit) }
        for policy in SchedulingPolicy.allCases { #expect(SchedulingPolicy(name: policy.name) == policy) }
        for priority in IOPriorityClass.allCases { #expect(IOPriorityClass(name: priority.name) == priority) }
        for mode in MemoryPolicyMode.allCases { #expect(MemoryPolicyMode(name: mode.name) == mode) }
    }

    @Test func namesAreReadExactly() {
        #expect(ResourceLimit(name: "rlimit_nofile") == nil)
        #expect(ResourceLimit(name: "NOFILE") == nil)
        #expect(SchedulingPolicy(name: "SCHED_NORMAL") == nil)
        #expect(SchedulingFlags(name: "SCHED_FLAG_RECLAIM") == .reclaim)
        #expect(SchedulingFlags(name: "SCHED_FLAG_ALL") == nil)
        #expect(MemoryPolicyFlags(name: "MPOL_F_STATIC_NODES") == .staticNodes)
    }
}
