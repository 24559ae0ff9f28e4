import CKernel
public import KernelABI

/// Whether the running kernel accepts these flags of seccomp(2). Asks with a program that cannot be read, so nothing is installed.
///
/// KERNEL: seccomp(2) since 3.17; without it every flag is unknown. A filter around the runtime that refuses the call hides them too.
public func acceptsSeccompFlags(_ flags: SeccompFlags) -> Bool {
    sw_seccomp_probe(flags.rawValue) == -Int(Errno.EFAULT.rawValue)
}
