import CSeccomp
import Glibc
import Kernel
import KernelABI
import OCISpec

@testable import Planning

/// What libseccomp makes of a profile, its rules given to it as runc gives them.
struct Reference {
    let program: [BPFInstruction]

    /// A rule that libseccomp does not take: its place in the profile and the error, `-EEXIST` for a contradiction.
    struct Refusal: Error, Equatable {
        let rule: Int
        let error: Int32
    }

    /// - Parameter foreign: whether the architectures have another byte order than this machine; then the filter holds for them alone, and its
    ///   loads are turned to this machine's order.
    init(_ profile: LinuxSeccomp, foreign: Bool = false) throws {
        let byDefault = action(profile.defaultAction, profile.defaultErrnoRet)
        guard let context = seccomp_init(byDefault) else { throw Refusal(rule: -1, error: -1) }
        defer { seccomp_release(context) }
        if foreign { seccomp_arch_remove(context, seccomp_arch_native()) }
        for name in profile.architectures ?? [] {
            let error = seccomp_arch_add(context, SeccompArchitecture(name).rawValue)
            if error != 0, error != -EEXIST { throw Refusal(rule: -1, error: error) }
        }
        for (place, rule) in (profile.syscalls ?? []).enumerated() {
            let result = action(rule.action, rule.errnoRet)
            if result == byDefault { continue }
            for name in rule.names {
                let number = seccomp_syscall_resolve_name(name)
                if number == -1 { continue }
                for conditions in split(rule.args ?? []) {
                    let error = seccomp_rule_add_array(context, result, number, UInt32(conditions.count), conditions)
                    if error != 0 { throw Refusal(rule: place, error: error) }
                }
            }
        }
        program = try export(context).map { foreign ? turned($0) : $0 }
    }
}

/// All conditions together, or each for itself where two are on one argument.
private func split(_ tests: [LinuxSeccompArg]) -> [[scmp_arg_cmp]] {
    let conditions = tests.map { test in
        scmp_arg_cmp(arg: test.index, op: comparison(test.op), datum_a: test.value, datum_b: test.valueTwo ?? 0)
    }
    return Set(tests.map { $0.index }).count == tests.count ? [conditions] : conditions.map { [$0] }
}

private func action(_ action: LinuxSeccompAction, _ number: UInt32?) -> UInt32 {
    let number = (number ?? 1) & 0xffff
    return switch action {
    case .kill, .killThread: 0
    case .killProcess: 0x8000_0000
    case .trap: 0x0003_0000
    case .errno: 0x0005_0000 | number
    case .trace: 0x7ff0_0000 | number
    case .allow: 0x7fff_0000
    case .log: 0x7ffc_0000
    case .notify: 0x7fc0_0000
    }
}

private func comparison(_ operation: LinuxSeccompOperator) -> scmp_compare {
    switch operation {
    case .notEqual: SCMP_CMP_NE
    case .lessThan: SCMP_CMP_LT
    case .lessOrEqual: SCMP_CMP_LE
    case .equal: SCMP_CMP_EQ
    case .greaterOrEqual: SCMP_CMP_GE
    case .greaterThan: SCMP_CMP_GT
    case .maskedEqual: SCMP_CMP_MASKED_EQ
    }
}

private func export(_ context: scmp_filter_ctx) throws -> [BPFInstruction] {
    guard let file = tmpfile() else { throw Reference.Refusal(rule: -1, error: -errno) }
    defer { fclose(file) }
    let descriptor = fileno(file)
    let error = seccomp_export_bpf(context, descriptor)
    if error != 0 { throw Reference.Refusal(rule: -1, error: error) }
    var bytes = [UInt8](repeating: 0, count: 8 * 65536)
    let count = pread(descriptor, &bytes, bytes.count, 0)
    return stride(from: 0, to: count, by: 8).map { start in
        bytes.withUnsafeBytes {
            BPFInstruction(
                code: $0.loadUnaligned(fromByteOffset: start, as: UInt16.self), jumpTrue: $0[start + 2], jumpFalse: $0[start + 3],
                constant: $0.loadUnaligned(fromByteOffset: start + 4, as: UInt32.self))
        }
    }
}

/// An instruction for a machine of the other byte order: its numbers, and the halves of the arguments it loads.
private func turned(_ instruction: BPFInstruction) -> BPFInstruction {
    let code = instruction.code.byteSwapped
    var constant = instruction.constant.byteSwapped
    if code == 0x20, constant >= 16 { constant ^= 4 }
    return BPFInstruction(code: code, jumpTrue: instruction.jumpTrue, jumpFalse: instruction.jumpFalse, constant: constant)
}

extension SyscallTable {
    /// libseccomp's names and numbers.
    static let libseccomp = SyscallTable(native: Kernel.nativeSeccompArchitecture()) { Kernel.syscallNumber(of: $0, on: $1) }
}
