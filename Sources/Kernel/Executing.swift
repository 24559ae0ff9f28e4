import CKernel
public import KernelABI

/// A program with its arguments and environment as execve(2) wants them, built ahead of time.
///
/// Built before `clone`, so that the child needs no memory of its own for it.
public struct PreparedProgram: ~Copyable {
    /// The file, as it will be seen by the process that executes it.
    public let path: String
    private let arguments: CStringArray
    private let environment: CStringArray

    /// Copies arguments (the program's own name first) and environment (`KEY=value`).
    public init(path: String, arguments: [String], environment: [String]) {
        self.path = path
        self.arguments = CStringArray(arguments)
        self.environment = CStringArray(environment)
    }

    /// Replaces the calling process by the program; returns only to throw.
    ///
    /// - Throws: `SyscallError` with `ENOENT` (also if the interpreter of the file is missing), `EACCES`, `ENOEXEC`, `E2BIG` and others.
    ///
    /// See execve(2).
    public borrowing func execute() throws(SyscallError) -> Never {
        // SAFETY: both arrays live as long as this value, end with a null pointer and hold strings that end with NUL.
        let result = unsafe sw_execve(path, arguments.pointers, environment.pointers)
        throw failure("execve", path, result)
    }

    /// Replaces the calling process by the file behind `descriptor`, which may be opened as a path only; returns only to throw.
    ///
    /// A script needs a descriptor without close-on-exec, because its interpreter opens it again. See execveat(2).
    public borrowing func execute(descriptor: borrowing FileDescriptor) throws(SyscallError) -> Never {
        // SAFETY: as in `execute()`.
        let result = unsafe sw_execveat(
            descriptor.number, "", arguments.pointers, environment.pointers, AtFlags.emptyPath.rawValue)
        throw failure("execveat", path, result)
    }
}

/// Replaces the calling process by the program at `path`; returns only to throw.
public func execute(_ path: String, arguments: [String], environment: [String]) throws(SyscallError) -> Never {
    try PreparedProgram(path: path, arguments: arguments, environment: environment).execute()
}

/// Replaces the calling process by the file behind `descriptor`; returns only to throw.
public func executeDescriptor(
    _ descriptor: borrowing FileDescriptor, arguments: [String], environment: [String]
) throws(SyscallError) -> Never {
    try PreparedProgram(path: naming(descriptor.number), arguments: arguments, environment: environment).execute(descriptor: descriptor)
}

/// The environment that the calling process was given, `KEY=value`.
public func environment() -> [String] {
    var entries: [String] = []
    // SAFETY: the array ends with a null pointer, and nobody changes it: this program never calls setenv(3).
    guard var entry = unsafe sw_environment() else { return entries }
    while let text = unsafe entry.pointee {
        entries.append(unsafe String(cString: text))
        unsafe entry += 1
    }
    return entries
}

/// Strings as C passes them: an array of pointers that ends with a null pointer, in memory of its own.
///
/// `@safe`, because it owns the memory; using `pointers` is what needs care.
@safe struct CStringArray: ~Copyable {
    let pointers: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>
    private let bytes: UnsafeMutablePointer<CChar>

    init(_ strings: [String]) {
        var length = 0
        for string in strings { length += string.utf8.count + 1 }
        // SAFETY: the sizes are those of the strings counted above; nothing is read before it is written; `deinit` frees both blocks.
        unsafe bytes = .allocate(capacity: max(length, 1))
        unsafe pointers = .allocate(capacity: strings.count + 1)
        var next = unsafe bytes
        for (position, string) in strings.enumerated() {
            unsafe pointers.advanced(by: position).initialize(to: next)
            for byte in string.utf8 {
                unsafe next.initialize(to: CChar(bitPattern: byte))
                unsafe next = next.advanced(by: 1)
            }
            unsafe next.initialize(to: 0)
            unsafe next = next.advanced(by: 1)
        }
        unsafe pointers.advanced(by: strings.count).initialize(to: nil)
    }

    deinit {
        // SAFETY: both blocks were allocated by `init` and hold trivial values.
        unsafe bytes.deallocate()
        unsafe pointers.deallocate()
    }
}
