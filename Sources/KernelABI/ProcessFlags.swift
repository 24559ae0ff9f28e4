/// The kernel's flags of a process: the ninth field of /proc/pid/stat.
///
/// Values from include/linux/sched.h (`PF_*`), which is no user interface in name but has kept these for decades. See proc_pid_stat(5).
public struct ProcessFlags: OptionSet, Sendable, Hashable {
    /// The bits as the kernel takes them.
    public let rawValue: UInt32

    /// Wraps the bits, known or not.
    public init(rawValue: UInt32) {
        self.rawValue = rawValue
    }

    /// `PF_EXITING`: the process is on its way out.
    public static var exiting: ProcessFlags { ProcessFlags(rawValue: 0x4) }
    /// `PF_FORKNOEXEC`: forked, and no program executed since. Cleared by the first execve(2).
    public static var forkNoExec: ProcessFlags { ProcessFlags(rawValue: 0x40) }
    /// `PF_KTHREAD`: a thread of the kernel itself.
    public static var kernelThread: ProcessFlags { ProcessFlags(rawValue: 0x20_0000) }
}
