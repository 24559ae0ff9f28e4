import CKernel
import KernelABI

/// Runs a shim until it is not interrupted by a signal, and turns `-errno` into an error.
///
/// `subject` is built only for an error.
@discardableResult
@inline(__always)
func enter(_ call: StaticString, _ subject: @autoclosure () -> String, _ shim: () -> Int) throws(SyscallError) -> Int {
    let result = uninterrupted(shim)
    guard result >= 0 else { throw failure(call, subject(), result) }
    return result
}

/// Runs a shim until it is not interrupted by a signal; returns its result or `-errno`.
@inline(__always)
func uninterrupted(_ shim: () -> Int) -> Int {
    var result = shim()
    while result == minus(.EINTR) { result = shim() }
    return result
}

/// The result of a shim that failed with `errno`.
@inline(__always)
func minus(_ errno: Errno) -> Int {
    -Int(errno.rawValue)
}

/// The error that belongs to a negative result of a shim. Out of line: it is the rare case of every call.
@inline(never)
func failure(_ call: StaticString, _ subject: String, _ result: Int) -> SyscallError {
    SyscallError(call, subject, Errno(rawValue: Int32(truncatingIfNeeded: -result)))
}

/// How an error names a descriptor.
func naming(_ number: Int32) -> String {
    "descriptor \(number)"
}
