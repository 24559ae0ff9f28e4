import CKernel
import KernelABI

/// The owner of an open descriptor: closes it at the end of its life.
///
/// Every function of this module that opens something returns one, marked close-on-exec.
public struct FileDescriptor: ~Copyable, Sendable {
    /// The number, for calls and log lines. It must not be closed by others.
    public let number: Int32

    /// Takes over `number`, which nobody else may close from now on.
    public init(adopting number: Int32) {
        self.number = number
    }

    /// Gives the number away: the caller closes it, or leaves it open on purpose.
    public consuming func release() -> Int32 {
        let number = number
        discard self
        return number
    }

    deinit {
        // An error of close(2) is of no use here: the number is free in any case.
        _ = sw_close(number)
    }
}

/// Several open descriptors with one owner; an array cannot hold values that are not copyable.
///
/// Closes all of them at the end of its life.
public struct DescriptorList: ~Copyable, Sendable {
    private var numbers: [Int32] = []

    /// An empty list.
    public init() {}

    /// How many descriptors it holds.
    public var count: Int { numbers.count }

    /// Whether it holds none.
    public var isEmpty: Bool { numbers.isEmpty }

    /// The number at a position from 0 to `count - 1`.
    public func number(at position: Int) -> Int32 {
        numbers[position]
    }

    /// Adds a descriptor at the end.
    public mutating func append(_ descriptor: consuming FileDescriptor) {
        numbers.append(descriptor.release())
    }

    /// Hands out the last descriptor; `nil` if the list is empty.
    public mutating func removeLast() -> FileDescriptor? {
        guard let number = numbers.popLast() else { return nil }
        return FileDescriptor(adopting: number)
    }

    /// Hands out the first descriptor; `nil` if the list is empty.
    public mutating func removeFirst() -> FileDescriptor? {
        guard !numbers.isEmpty else { return nil }
        return FileDescriptor(adopting: numbers.removeFirst())
    }

    /// Closes all descriptors now.
    public mutating func closeAll() {
        for number in numbers { _ = sw_close(number) }
        numbers.removeAll()
    }

    deinit {
        for number in numbers { _ = sw_close(number) }
    }
}

/// The two ends of a pipe or a socket pair.
@frozen
public struct DescriptorPair: ~Copyable, Sendable {
    /// A pipe's reading end; one of two equal ends of a socket pair.
    public var first: FileDescriptor
    /// A pipe's writing end; the other end of a socket pair.
    public var second: FileDescriptor

    /// Joins both ends.
    public init(first: consuming FileDescriptor, second: consuming FileDescriptor) {
        self.first = first
        self.second = second
    }

    /// Keeps the first end and closes the other.
    public consuming func keepFirst() -> FileDescriptor { first }

    /// Keeps the second end and closes the other.
    public consuming func keepSecond() -> FileDescriptor { second }
}
