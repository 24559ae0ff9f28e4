import CKernel
public import KernelABI

/// What /proc/pid/stat tells about a process: enough to know whether it is still the same one, and what it is doing.
public struct ProcessStatus: Sendable, Hashable {
    /// The state's letter: R running, S and D sleeping, T stopped, Z zombie, X dead and others.
    public let state: Character
    /// The number of the parent process.
    public let parentPID: Int32
    /// The kernel's flags.
    public let flags: ProcessFlags
    /// When it started, in clock ticks after the machine. With the number it names the process for as long as the machine runs.
    public let startTime: UInt64

    /// Whether it has ended and only waits to be waited for.
    public var isZombie: Bool { state == "Z" || state == "X" }

    /// Whether it has executed a program since it was made.
    public var hasExecuted: Bool { !flags.contains(.forkNoExec) }
}

/// Looks at the process with number `pid` of the /proc of the calling process; `nil` if there is none.
///
/// One open, one read and one close, on the stack. See proc_pid_stat(5).
public func processStatus(_ pid: Int32) throws(SyscallError) -> ProcessStatus? {
    let path = "/proc/\(pid)/stat"
    let number = uninterrupted {
        // SAFETY: the kernel reads the string during the call only.
        unsafe sw_openat(AtFlags.currentDirectory, path, OpenFlags.closeOnExec.rawValue, 0)
    }
    if number == minus(.ENOENT) { return nil }
    guard number >= 0 else { throw failure("openat", path, number) }
    let descriptor = FileDescriptor(adopting: Int32(truncatingIfNeeded: number))
    return try processStatus(reading: descriptor, path)
}

/// Looks at the process with number `pid` through a handle on a procfs, whose pid namespace gives the number its meaning.
public func processStatus(_ pid: Int32, procfs: borrowing FileDescriptor) throws(SyscallError) -> ProcessStatus? {
    let path = "\(pid)/stat"
    let directory = procfs.number
    let number = uninterrupted {
        // SAFETY: the kernel reads the string during the call only.
        unsafe sw_openat(directory, path, OpenFlags.closeOnExec.rawValue, 0)
    }
    if number == minus(.ENOENT) { return nil }
    guard number >= 0 else { throw failure("openat", path, number) }
    let descriptor = FileDescriptor(adopting: Int32(truncatingIfNeeded: number))
    return try processStatus(reading: descriptor, path)
}

private func processStatus(reading descriptor: borrowing FileDescriptor, _ path: String) throws(SyscallError) -> ProcessStatus? {
    let number = descriptor.number
    var result = 0
    // The 22 fields we want take at most 450 bytes, a long name included.
    // SAFETY: `result` bytes were written by the kernel, at most the buffer's size; the span ends with the closure.
    let status = unsafe withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 1024) { buffer -> ProcessStatus? in
        result = uninterrupted { unsafe sw_read(number, buffer.baseAddress, buffer.count) }
        guard result > 0 else { return nil }
        let bytes = unsafe UnsafeBufferPointer(rebasing: buffer[..<result])
        return unsafe ProcessStatus(stat: bytes.span)
    }
    // The process ended between open and read.
    if result == minus(.ESRCH) { return nil }
    guard result >= 0 else { throw failure("read", path, result) }
    guard let status else { throw SyscallError("read", path, .EPROTO) }
    return status
}

extension ProcessStatus {
    /// Reads one line of /proc/pid/stat; `nil` if it is none.
    ///
    /// The name in parentheses is the process's own choice and may hold spaces, digits and parentheses: fields are counted from the last one.
    init?(stat bytes: Span<UInt8>) {
        var nameEnd = bytes.count - 1
        while nameEnd >= 0, bytes[nameEnd] != UInt8(ascii: ")") { nameEnd -= 1 }
        let stateStart = nameEnd + 2
        guard nameEnd >= 0, stateStart < bytes.count else { return nil }
        // The state is field 3. Signs are passed over: only fields we do not want may be negative.
        var field = 3
        var number: UInt64 = 0
        var parent: UInt64 = 0
        var flags: UInt64 = 0
        for position in stateStart..<bytes.count {
            let byte = bytes[position]
            if byte >= UInt8(ascii: "0"), byte <= UInt8(ascii: "9") {
                number = number &* 10 &+ UInt64(byte - UInt8(ascii: "0"))
            }
            guard byte == UInt8(ascii: " ") else { continue }
            switch field {
            case 4: parent = number
            case 9: flags = number
            case 22:
                state = Character(UnicodeScalar(bytes[stateStart]))
                parentPID = Int32(truncatingIfNeeded: parent)
                self.flags = ProcessFlags(rawValue: UInt32(truncatingIfNeeded: flags))
                startTime = number
                return
            default: break
            }
            field += 1
            number = 0
        }
        return nil
    }
}
