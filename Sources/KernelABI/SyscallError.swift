/// A failed system call: which call, on what, and how.
public struct SyscallError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The man page's name of the call, such as `mount`.
    public let call: StaticString
    /// What the call was about: a path, `proc at /proc`, `descriptor 7`; empty if there is nothing to name.
    public let subject: String
    /// The kernel's answer.
    public let errno: Errno

    /// Describes one failed call.
    public init(_ call: StaticString, _ subject: String, _ errno: Errno) {
        self.call = call
        self.subject = subject
        self.errno = errno
    }

    /// One line: `mount(2) proc at /proc: ENODEV (no such device)`.
    public var description: String {
        subject.isEmpty ? "\(call.description)(2): \(errno)" : "\(call.description)(2) \(subject): \(errno)"
    }

    /// Compares call names by their text.
    public static func == (left: SyscallError, right: SyscallError) -> Bool {
        left.errno == right.errno && left.subject == right.subject && left.call.description == right.call.description
    }

    /// Hashes the call's name by its text.
    public func hash(into hasher: inout Hasher) {
        hasher.combine(call.description)
        hasher.combine(subject)
        hasher.combine(errno)
    }
}
