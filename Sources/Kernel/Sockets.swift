import CKernel
public import KernelABI

// Pairs of connected sockets that keep the borders of messages, and descriptors sent over them. See unix(7).

/// Makes two connected sockets (AF_UNIX, SOCK_SEQPACKET): one `send` is one `receive`, and the end of the other side is an end of file.
public func socketPair() throws(SyscallError) -> DescriptorPair {
    var numbers: (Int32, Int32) = (-1, -1)
    try enter("socketpair", "") {
        // SAFETY: the kernel writes two numbers, which is what the tuple holds.
        unsafe withUnsafeMutableBytes(of: &numbers) { bytes in
            unsafe sw_socketpair(
                unixDomain, sequencedPackets | OpenFlags.closeOnExec.rawValue, bytes.baseAddress?.assumingMemoryBound(to: Int32.self))
        }
    }
    return DescriptorPair(first: FileDescriptor(adopting: numbers.0), second: FileDescriptor(adopting: numbers.1))
}

/// Makes a socket (AF_UNIX, SOCK_SEQPACKET) that listens as the file `name` in `directory`; `EADDRINUSE` if there is one.
///
/// The path goes through /proc/self/fd, because an address holds 107 bytes only.
public func listen(_ name: String, at directory: borrowing FileDescriptor) throws(SyscallError) -> FileDescriptor {
    let socket = try unixSocket()
    let path = "/proc/self/fd/\(directory.number)/\(name)"
    // SAFETY: a string reaches C as its bytes; the shim copies as many as it is told.
    try enter("bind", name) { unsafe sw_bind_unix(socket.number, path, path.utf8.count) }
    try enter("listen", name) { sw_listen(socket.number, 1) }
    return socket
}

/// Connects to the socket that listens as the file `name` in `directory`; `ECONNREFUSED` if nobody does any more.
public func connect(_ name: String, at directory: borrowing FileDescriptor) throws(SyscallError) -> FileDescriptor {
    let socket = try unixSocket()
    let path = "/proc/self/fd/\(directory.number)/\(name)"
    // SAFETY: as in `listen`.
    try enter("connect", name) { unsafe sw_connect_unix(socket.number, path, path.utf8.count) }
    return socket
}

/// Waits for the next connection to a listening socket.
public func accept(_ socket: borrowing FileDescriptor) throws(SyscallError) -> FileDescriptor {
    let number = socket.number
    let connection = try enter("accept4", naming(number)) { sw_accept(number, OpenFlags.closeOnExec.rawValue) }
    return FileDescriptor(adopting: Int32(truncatingIfNeeded: connection))
}

private func unixSocket() throws(SyscallError) -> FileDescriptor {
    let number = try enter("socket", "") { sw_socket(unixDomain, sequencedPackets | OpenFlags.closeOnExec.rawValue, 0) }
    return FileDescriptor(adopting: Int32(truncatingIfNeeded: number))
}

/// Sends one message; `EPIPE` if the other side is closed (no SIGPIPE), `EMSGSIZE` if it is too long.
public func send(_ socket: borrowing FileDescriptor, _ message: [UInt8]) throws(SyscallError) {
    let number = socket.number
    try enter("sendto", naming(number)) {
        // SAFETY: the kernel reads the array's bytes during the call only.
        unsafe message.withUnsafeBytes { unsafe sw_send(number, $0.baseAddress, $0.count, noSignal) }
    }
}

/// Receives one message; empty at the end of file. `EMSGSIZE` if it is longer than `limit`, `ECONNRESET` if the other side left some unread.
public func receive(_ socket: borrowing FileDescriptor, limit: Int) throws(SyscallError) -> [UInt8] {
    let number = socket.number
    var result = 0
    // SAFETY: `result` bytes were written by the kernel, and never more than the buffer holds.
    let message = unsafe [UInt8](unsafeUninitializedCapacity: max(limit, 1)) { buffer, count in
        let room = buffer.count
        result = uninterrupted { unsafe sw_recv(number, buffer.baseAddress, room, truncated) }
        // With MSG_TRUNC the result is the length the message had.
        count = min(max(result, 0), room)
    }
    guard result >= 0 else { throw failure("recvfrom", naming(number), result) }
    guard result <= limit else { throw SyscallError("recvfrom", naming(number), .EMSGSIZE) }
    return message
}

/// Sends one message of at least one byte together with a copy of descriptor `passed`.
public func sendDescriptor(_ passed: Int32, over socket: borrowing FileDescriptor, message: [UInt8]) throws(SyscallError) {
    let number = socket.number
    try enter("sendmsg", naming(number)) {
        // SAFETY: the kernel reads the message and one number during the call only.
        unsafe message.withUnsafeBytes { bytes in
            unsafe withUnsafePointer(to: passed) { unsafe sw_send_descriptors(number, bytes.baseAddress, bytes.count, $0, 1) }
        }
    }
}

/// Connects to the stream socket (AF_UNIX, SOCK_STREAM) that listens at `path`.
///
/// - Parameters:
///   - path: the caller's own, absolute or relative to the working directory, of any length.
///   - timeoutSeconds: how long this call, and each later one that sends, may wait; then `ETIMEDOUT`.
public func connectStream(_ path: String, timeoutSeconds: Int) throws(SyscallError) -> FileDescriptor {
    let slash = path.utf8.lastIndex(of: UInt8(ascii: "/"))
    let folder = slash.map { $0 == path.utf8.startIndex ? "/" : String(path[..<$0]) } ?? "."
    let name = slash.map { String(path[path.utf8.index(after: $0)...]) } ?? path
    let directory = try open(folder, [.path, .directory])
    let number = try enter("socket", "") { sw_socket(unixDomain, stream | OpenFlags.closeOnExec.rawValue, 0) }
    let socket = FileDescriptor(adopting: Int32(truncatingIfNeeded: number))
    try enter("setsockopt", "SO_SNDTIMEO") { sw_set_send_timeout(socket.number, timeoutSeconds) }
    let shortcut = "/proc/self/fd/\(directory.number)/\(name)"
    // SAFETY: as in `listen`.
    let result = uninterrupted { unsafe sw_connect_unix(socket.number, shortcut, shortcut.utf8.count) }
    guard result >= 0 else { throw sendFailure("connect", path, result) }
    return socket
}

/// The same for a name of the abstract namespace of unix(7), given without the zero before it.
public func connectAbstractStream(_ name: String, timeoutSeconds: Int) throws(SyscallError) -> FileDescriptor {
    let number = try enter("socket", "") { sw_socket(unixDomain, stream | OpenFlags.closeOnExec.rawValue, 0) }
    let socket = FileDescriptor(adopting: Int32(truncatingIfNeeded: number))
    try enter("setsockopt", "SO_SNDTIMEO") { sw_set_send_timeout(socket.number, timeoutSeconds) }
    // SAFETY: as in `listen`.
    let result = uninterrupted { unsafe sw_connect_abstract(socket.number, name, name.utf8.count) }
    guard result >= 0 else { throw sendFailure("connect", "@" + name, result) }
    return socket
}

/// Sends all of `bytes` over a stream socket; `EPIPE` if the other side is closed (no SIGPIPE).
public func sendAll(_ bytes: [UInt8], over socket: borrowing FileDescriptor) throws(SyscallError) {
    let number = socket.number
    var sent = 0
    while sent < bytes.count {
        let start = sent
        let result = uninterrupted {
            // SAFETY: `start` lies within the array; the kernel reads what follows during the call only.
            unsafe bytes.withUnsafeBytes { bytes in
                unsafe sw_send(number, bytes.baseAddress?.advanced(by: start), bytes.count - start, noSignal)
            }
        }
        guard result > 0 else { throw sendFailure("sendto", naming(number), result) }
        sent += result
    }
}

/// Sends all of `bytes`, at least one, over a stream socket; a copy of descriptor `passed` goes with the first part alone.
public func sendAll(_ bytes: [UInt8], passing passed: Int32, over socket: borrowing FileDescriptor) throws(SyscallError) {
    let number = socket.number
    var sent = 0
    while sent < bytes.count {
        let start = sent
        let result = uninterrupted {
            // SAFETY: `start` lies within the array; the kernel reads what follows and one number during the call only.
            unsafe bytes.withUnsafeBytes { bytes in
                let rest = unsafe bytes.baseAddress?.advanced(by: start)
                let count = bytes.count - start
                if start > 0 { return unsafe sw_send(number, rest, count, noSignal) }
                return unsafe withUnsafePointer(to: passed) { unsafe sw_send_descriptors(number, rest, count, $0, 1) }
            }
        }
        guard result > 0 else { throw sendFailure("sendmsg", "", result) }
        sent += result
    }
}

/// The kernel says EAGAIN when the time of a socket is up.
private func sendFailure(_ call: StaticString, _ subject: String, _ result: Int) -> SyscallError {
    failure(call, subject, result == minus(.EAGAIN) ? minus(.ETIMEDOUT) : result)
}

/// A message and the descriptors that came with it.
@frozen
public struct ReceivedMessage: ~Copyable, Sendable {
    /// The message; empty at the end of file.
    public var bytes: [UInt8]
    /// The descriptors, close-on-exec, in the sender's order.
    public var descriptors: DescriptorList
}

/// Receives one message of at most `limit` bytes with at most 16 descriptors; `EMSGSIZE` if there was more.
public func receiveDescriptors(_ socket: borrowing FileDescriptor, limit: Int) throws(SyscallError) -> ReceivedMessage {
    let number = socket.number
    var result = 0
    var numbers = [Int32](repeating: -1, count: Int(SW_MAX_DESCRIPTORS))
    var count = 0
    var flags: Int32 = 0
    // SAFETY: `result` bytes were written by the kernel, at most the buffer's size; the numbers have the room the shim asks for.
    let bytes = unsafe [UInt8](unsafeUninitializedCapacity: max(limit, 1)) { buffer, filled in
        result = uninterrupted { unsafe sw_receive_descriptors(number, buffer.baseAddress, buffer.count, &numbers, &count, &flags) }
        filled = max(result, 0)
    }
    guard result >= 0 else { throw failure("recvmsg", naming(number), result) }
    var descriptors = DescriptorList()
    for passed in numbers.prefix(count) { descriptors.append(FileDescriptor(adopting: passed)) }
    guard flags & (truncated | controlTruncated) == 0, bytes.count <= limit else {
        throw SyscallError("recvmsg", naming(number), .EMSGSIZE)
    }
    return ReceivedMessage(bytes: bytes, descriptors: descriptors)
}

// socket(2) constants, which only this file uses.
private let unixDomain: Int32 = 1
private let stream: Int32 = 1
private let sequencedPackets: Int32 = 5
private let noSignal: Int32 = 0x4000
private let truncated: Int32 = 0x20
private let controlTruncated: Int32 = 0x8
