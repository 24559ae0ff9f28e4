/// What a new process gets for itself: the flags of clone3(2), unshare(2) and setns(2).
///
/// Values from include/uapi/linux/sched.h. unshare and setns take the `new…` flags only.
public struct CloneFlags: OptionSet, Sendable, Hashable {
    /// The bits as the kernel takes them.
    public let rawValue: UInt64

    /// Wraps the bits, known or not.
    public init(rawValue: UInt64) {
        self.rawValue = rawValue
    }

    /// `CLONE_VM`: share the memory with the parent.
    public static var vm: CloneFlags { CloneFlags(rawValue: 0x100) }
    /// `CLONE_PIDFD`: hand the parent a descriptor of the child (Linux 5.2).
    public static var pidfd: CloneFlags { CloneFlags(rawValue: 0x1000) }
    /// `CLONE_VFORK`: hold the parent until the child executes a program or ends.
    public static var vfork: CloneFlags { CloneFlags(rawValue: 0x4000) }
    /// `CLONE_PARENT`: the child's parent is the caller's parent.
    public static var parent: CloneFlags { CloneFlags(rawValue: 0x8000) }
    /// `CLONE_NEWTIME`: a new time namespace (Linux 5.6); for clone3(2) and unshare(2) only, takes effect for children.
    public static var newTime: CloneFlags { CloneFlags(rawValue: 0x80) }
    /// `CLONE_NEWNS`: a new mount namespace.
    public static var newMount: CloneFlags { CloneFlags(rawValue: 0x20000) }
    /// `CLONE_NEWCGROUP`: a new cgroup namespace (Linux 4.6).
    public static var newCgroup: CloneFlags { CloneFlags(rawValue: 0x200_0000) }
    /// `CLONE_NEWUTS`: a new namespace for host and domain name.
    public static var newUTS: CloneFlags { CloneFlags(rawValue: 0x400_0000) }
    /// `CLONE_NEWIPC`: a new System V IPC and message queue namespace.
    public static var newIPC: CloneFlags { CloneFlags(rawValue: 0x800_0000) }
    /// `CLONE_NEWUSER`: a new user namespace.
    public static var newUser: CloneFlags { CloneFlags(rawValue: 0x1000_0000) }
    /// `CLONE_NEWPID`: a new process number namespace.
    public static var newPID: CloneFlags { CloneFlags(rawValue: 0x2000_0000) }
    /// `CLONE_NEWNET`: a new network namespace.
    public static var newNetwork: CloneFlags { CloneFlags(rawValue: 0x4000_0000) }
    /// `CLONE_CLEAR_SIGHAND`: caught signals are back at their default in the child (clone3, Linux 5.5); ignored ones stay ignored.
    public static var clearSignalHandlers: CloneFlags { CloneFlags(rawValue: 0x1_0000_0000) }
    /// `CLONE_INTO_CGROUP`: the child is born in the given cgroup v2 (clone3, Linux 5.7).
    public static var intoCgroup: CloneFlags { CloneFlags(rawValue: 0x2_0000_0000) }

    /// All eight namespace flags.
    public static var allNamespaces: CloneFlags {
        [.newTime, .newMount, .newCgroup, .newUTS, .newIPC, .newUser, .newPID, .newNetwork]
    }
}
