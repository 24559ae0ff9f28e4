/// What may happen to a descriptor, as poll(2) tells it.
public struct PollEvents: OptionSet, Sendable, Hashable {
    /// The bits as the kernel takes them.
    public let rawValue: Int16

    /// Wraps the bits, known or not.
    public init(rawValue: Int16) {
        self.rawValue = rawValue
    }

    /// `POLLIN`: there is something to read; for a pidfd: the process has ended.
    public static var readable: PollEvents { PollEvents(rawValue: 0x1) }
    /// `POLLOUT`: writing does not block.
    public static var writable: PollEvents { PollEvents(rawValue: 0x4) }
    /// `POLLERR`: an error, or a pipe without readers. Reported unasked.
    public static var error: PollEvents { PollEvents(rawValue: 0x8) }
    /// `POLLHUP`: the other end is closed; there may be something left to read. Reported unasked.
    public static var hangUp: PollEvents { PollEvents(rawValue: 0x10) }
    /// `POLLNVAL`: the number is not open. Reported unasked.
    public static var invalid: PollEvents { PollEvents(rawValue: 0x20) }
}
