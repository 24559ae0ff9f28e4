/// An architecture as a filter names it: the kernel's `AUDIT_ARCH_…`, except for x32.
///
/// The kernel reports x32 as x86-64 with `x32Bit` in the number of the call; libseccomp gives it a number of its own, which never reaches a filter.
/// See include/uapi/linux/audit.h; seccomp.h of libseccomp, `SCMP_ARCH_…`.
public struct SeccompArchitecture: RawRepresentable, Sendable, Hashable {
    /// The number as libseccomp takes it.
    public let rawValue: UInt32

    /// Wraps the number, known or not.
    public init(rawValue: UInt32) {
        self.rawValue = rawValue
    }

    /// What the kernel adds to the number of an x32 call, `__X32_SYSCALL_BIT`.
    public static var x32Bit: UInt32 { 0x4000_0000 }

    /// 32-bit x86.
    public static var x86: SeccompArchitecture { SeccompArchitecture(rawValue: 0x4000_0003) }
    /// 64-bit x86.
    public static var amd64: SeccompArchitecture { SeccompArchitecture(rawValue: 0xc000_003e) }
    /// 64-bit x86 with 32-bit pointers; libseccomp's own number.
    public static var x32: SeccompArchitecture { SeccompArchitecture(rawValue: 0x4000_003e) }
    /// 32-bit ARM.
    public static var arm: SeccompArchitecture { SeccompArchitecture(rawValue: 0x4000_0028) }
    /// 64-bit ARM.
    public static var aarch64: SeccompArchitecture { SeccompArchitecture(rawValue: 0xc000_00b7) }
    /// MIPS, big-endian, o32.
    public static var mips: SeccompArchitecture { SeccompArchitecture(rawValue: 0x0000_0008) }
    /// MIPS, big-endian, 64-bit.
    public static var mips64: SeccompArchitecture { SeccompArchitecture(rawValue: 0x8000_0008) }
    /// MIPS, big-endian, n32.
    public static var mips64n32: SeccompArchitecture { SeccompArchitecture(rawValue: 0xa000_0008) }
    /// MIPS, little-endian, o32.
    public static var mipsel: SeccompArchitecture { SeccompArchitecture(rawValue: 0x4000_0008) }
    /// MIPS, little-endian, 64-bit.
    public static var mipsel64: SeccompArchitecture { SeccompArchitecture(rawValue: 0xc000_0008) }
    /// MIPS, little-endian, n32.
    public static var mipsel64n32: SeccompArchitecture { SeccompArchitecture(rawValue: 0xe000_0008) }
    /// 32-bit PowerPC.
    public static var ppc: SeccompArchitecture { SeccompArchitecture(rawValue: 0x0000_0014) }
    /// 64-bit PowerPC, big-endian.
    public static var ppc64: SeccompArchitecture { SeccompArchitecture(rawValue: 0x8000_0015) }
    /// 64-bit PowerPC, little-endian.
    public static var ppc64le: SeccompArchitecture { SeccompArchitecture(rawValue: 0xc000_0015) }
    /// 31-bit s390.
    public static var s390: SeccompArchitecture { SeccompArchitecture(rawValue: 0x0000_0016) }
    /// 64-bit s390.
    public static var s390x: SeccompArchitecture { SeccompArchitecture(rawValue: 0x8000_0016) }
    /// 32-bit PA-RISC.
    public static var parisc: SeccompArchitecture { SeccompArchitecture(rawValue: 0x0000_000f) }
    /// 64-bit PA-RISC.
    public static var parisc64: SeccompArchitecture { SeccompArchitecture(rawValue: 0x8000_000f) }
    /// 64-bit RISC-V.
    public static var riscv64: SeccompArchitecture { SeccompArchitecture(rawValue: 0xc000_00f3) }
    /// 64-bit LoongArch.
    public static var loongarch64: SeccompArchitecture { SeccompArchitecture(rawValue: 0xc000_0102) }
    /// Motorola 68000.
    public static var m68k: SeccompArchitecture { SeccompArchitecture(rawValue: 0x0000_0004) }
    /// SuperH, little-endian.
    public static var sh: SeccompArchitecture { SeccompArchitecture(rawValue: 0x4000_002a) }
    /// SuperH, big-endian.
    public static var sheb: SeccompArchitecture { SeccompArchitecture(rawValue: 0x0000_002a) }

    /// Whether its arguments have 64 bits; those of x32 and n32 are taken for 32 bits, as libseccomp does.
    public var has64BitArguments: Bool {
        // __AUDIT_ARCH_64BIT
        rawValue & 0x8000_0000 != 0 && self != .mips64n32 && self != .mipsel64n32
    }

    /// The number that the kernel reports for it.
    public var reported: UInt32 { self == .x32 ? SeccompArchitecture.amd64.rawValue : rawValue }
}
