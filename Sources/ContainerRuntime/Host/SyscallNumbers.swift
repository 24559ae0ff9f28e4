import Kernel
public import Planning

extension SyscallTable {
    /// The numbers of libseccomp as it was linked, of all architectures that it knows. Nothing is built or kept.
    public static var libseccomp: SyscallTable {
        SyscallTable(native: Kernel.nativeSeccompArchitecture()) { name, architecture in Kernel.syscallNumber(of: name, on: architecture) }
    }
}
