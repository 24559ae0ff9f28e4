import CKernel
public import KernelABI

/// Brings the loopback interface of the calling process's network namespace up; the kernel gives it its addresses.
///
/// Two calls and no netlink message: an old ioctl does it. See netdevice(7).
public func bringLoopbackUp() throws(SyscallError) {
    let internet: Int32 = 2
    let datagrams: Int32 = 2
    let up: Int16 = 0x1
    let number = try enter("socket", "loopback") { sw_socket(internet, datagrams | OpenFlags.closeOnExec.rawValue, 0) }
    let socket = FileDescriptor(adopting: Int32(truncatingIfNeeded: number))
    let descriptor = socket.number
    // SAFETY: the shim reads the string during the call only.
    try enter("ioctl", "bring lo up") { unsafe sw_set_interface_flags(descriptor, "lo", up) }
}
