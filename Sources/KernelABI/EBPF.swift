/// One instruction of an extended BPF program, laid out as the kernel's `struct bpf_insn`.
///
/// See kernel, bpf/standardization/instruction-set; include/uapi/linux/bpf.h.
public struct EBPFInstruction: Sendable, Hashable {
    /// What is done: class, source and operation, or size and mode.
    public var code: UInt8
    /// Destination and source register, four bits each.
    private var registers: UInt8
    /// A jump's distance, counted from the next instruction; a load's place behind the address in the source register.
    public var offset: Int16
    /// The operand.
    public var constant: Int32

    /// Creates the value from its properties; register numbers are 0 to 10.
    public init(code: UInt8, destination: UInt8 = 0, source: UInt8 = 0, offset: Int16 = 0, constant: Int32 = 0) {
        self.code = code
        #if _endian(little)
            registers = source << 4 | destination & 15
        #else
            registers = destination << 4 | source & 15
        #endif
        self.offset = offset
        self.constant = constant
    }

    /// The number of the register that is written to, or compared.
    public var destination: UInt8 {
        #if _endian(little)
            registers & 15
        #else
            registers >> 4
        #endif
    }

    /// The number of the register that is read.
    public var source: UInt8 {
        #if _endian(little)
            registers >> 4
        #else
            registers & 15
        #endif
    }
}

/// The operations that our programs need, as the code of their instructions.
public enum EBPFCode {
    /// `BPF_LDX|BPF_MEM|BPF_W`: 32 bits of memory, the upper half cleared.
    public static var loadWord: UInt8 { 0x61 }
    /// `BPF_ALU64|BPF_MOV|BPF_K`
    public static var moveConstant: UInt8 { 0xb7 }
    /// `BPF_ALU64|BPF_MOV|BPF_X`
    public static var moveRegister: UInt8 { 0xbf }
    /// `BPF_ALU64|BPF_AND|BPF_K`
    public static var and: UInt8 { 0x57 }
    /// `BPF_ALU64|BPF_RSH|BPF_K`
    public static var shiftRight: UInt8 { 0x77 }
    /// `BPF_JMP|BPF_JA`
    public static var jump: UInt8 { 0x05 }
    /// `BPF_JMP|BPF_JEQ|BPF_K`
    public static var jumpIfEqual: UInt8 { 0x15 }
    /// `BPF_JMP|BPF_JNE|BPF_K`
    public static var jumpUnlessEqual: UInt8 { 0x55 }
    /// `BPF_JMP|BPF_JSET|BPF_K`: if any of the bits is set.
    public static var jumpIfAnyBit: UInt8 { 0x45 }
    /// `BPF_JMP|BPF_EXIT`
    public static var exit: UInt8 { 0x95 }
}

/// What a program of type `BPF_PROG_TYPE_CGROUP_DEVICE` is handed: `struct bpf_cgroup_dev_ctx`, three words.
public enum DeviceContext {
    /// The kind of device in the lower 16 bits, the access in the upper ones.
    public static var accessType: Int16 { 0 }
    public static var major: Int16 { 4 }
    public static var minor: Int16 { 8 }

    /// `BPF_DEVCG_DEV_BLOCK`
    public static var block: UInt8 { 1 }
    /// `BPF_DEVCG_DEV_CHAR`
    public static var character: UInt8 { 2 }
    /// `BPF_DEVCG_ACC_MKNOD`
    public static var makeNode: UInt8 { 1 }
    /// `BPF_DEVCG_ACC_READ`
    public static var read: UInt8 { 2 }
    /// `BPF_DEVCG_ACC_WRITE`
    public static var write: UInt8 { 4 }
}
