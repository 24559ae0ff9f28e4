import Kernel
import KernelABI

/// One end of the sync socket: a SOCK_SEQPACKET pair, so that a message arrives whole or not at all.
struct SyncSocket: ~Copyable {
    let descriptor: FileDescriptor

    init(_ descriptor: consuming FileDescriptor) {
        self.descriptor = descriptor
    }

    /// Sends one message.
    func send(_ message: SyncMessage) throws(SyscallError) {
        try Kernel.send(descriptor, message.bytes)
    }

    /// Waits for the next message; `nil` is the end of file: the other process is gone or has closed its end.
    ///
    /// - Throws: `SyscallError` with `EPROTO` for bytes that are no message.
    func receive() throws(SyscallError) -> SyncMessage? {
        let bytes = try Kernel.receive(descriptor, limit: SyncMessage.longestMessage)
        guard !bytes.isEmpty else { return nil }
        guard let message = SyncMessage(bytes: bytes) else { throw SyscallError("recvmsg", "sync socket", .EPROTO) }
        return message
    }
}
