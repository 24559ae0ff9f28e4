import CKernel
public import KernelABI

/// Makes a counter that others raise and that can be waited for: an event of cgroup v1. Non-blocking. See eventfd(2).
public func eventCounter() throws(SyscallError) -> FileDescriptor {
    let number = try enter("eventfd2", "") { sw_eventfd(OpenFlags([.closeOnExec, .nonBlocking]).rawValue) }
    return FileDescriptor(adopting: Int32(truncatingIfNeeded: number))
}

/// Takes what a counter has reached and sets it back to 0, which is also the answer where nothing happened.
///
/// - Parameter number: of a descriptor made by `eventCounter`.
public func takeCount(number: Int32) throws(SyscallError) -> UInt64 {
    var count: UInt64 = 0
    let result = uninterrupted {
        // SAFETY: the kernel writes eight bytes, which is what the number holds.
        unsafe withUnsafeMutableBytes(of: &count) { unsafe sw_read(number, $0.baseAddress, $0.count) }
    }
    if result == minus(.EAGAIN) { return 0 }
    guard result >= 0 else { throw failure("read", naming(number), result) }
    return count
}
