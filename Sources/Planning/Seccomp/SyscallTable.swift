public import KernelABI

/// Names and numbers of system calls, handed in by the caller: the kernel's tables come from libseccomp, which Planning cannot ask.
public struct SyscallTable: Sendable {
    /// The architecture whose filter is installed; every profile holds for it.
    public let native: SeccompArchitecture
    private let lookUp: @Sendable (_ name: String, _ architecture: SeccompArchitecture) -> Int32?

    /// Creates the table from what answers a look-up; nothing is built or kept.
    ///
    /// - Parameters:
    ///   - native: the architecture of the runtime.
    ///   - lookUp: `nil` for a name or an architecture it does not know; a negative number for a call that this architecture does not have,
    ///     or has behind a multiplexer only, as libseccomp numbers these.
    public init(
        native: SeccompArchitecture, lookUp: @escaping @Sendable (_ name: String, _ architecture: SeccompArchitecture) -> Int32?
    ) {
        self.native = native
        self.lookUp = lookUp
    }

    /// The number of the system call `name` on `architecture`; `nil` if either is not known.
    public func number(of name: String, on architecture: SeccompArchitecture) -> Int32? {
        lookUp(name, architecture)
    }

    /// Whether there are numbers for `architecture`. Every architecture of Linux has read(2).
    public func knows(_ architecture: SeccompArchitecture) -> Bool {
        lookUp("read", architecture) != nil
    }
}
