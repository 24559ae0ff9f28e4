import Kernel
import KernelABI

/// Makes a file system and a detached mount of it, as mount(2) would with the same flags and data.
///
/// - Parameter context: the SELinux label of all its files.
func makeFilesystem(
    type: String, source: String?, flags: MountFlags, parameters: [String], context: String?
) throws(SyscallError) -> FileDescriptor {
    let filesystem = try Kernel.openFilesystem(type)
    return try explaining(filesystem) { () throws(SyscallError) in
        if let source { try Kernel.configure(filesystem, "source", source) }
        for word in flags.filesystemWords { try Kernel.configure(filesystem, flag: word) }
        try configure(filesystem, parameters: parameters)
        if let context { try Kernel.configure(filesystem, "context", context) }
        try Kernel.createFilesystem(filesystem)
        return try Kernel.mountFilesystem(filesystem, attributes: flags.attributes.set)
    }
}

/// Sets the options that are no flags of the kernel's own: `size=4m`, `newinstance`.
func configure(_ filesystem: borrowing FileDescriptor, parameters: [String]) throws(SyscallError) {
    for parameter in parameters.flatMap(splitAtCommas) {
        if let equals = parameter.utf8.firstIndex(of: UInt8(ascii: "=")) {
            try Kernel.configure(
                filesystem, String(parameter[..<equals]), String(parameter[parameter.utf8.index(after: equals)...]))
        } else {
            try Kernel.configure(filesystem, flag: parameter)
        }
    }
}

/// Runs the configuration of a file system; the file system's own words say which option it did not like.
func explaining<Result: ~Copyable>(
    _ filesystem: borrowing FileDescriptor, _ configuration: () throws(SyscallError) -> Result
) throws(SyscallError) -> Result {
    do {
        return try configuration()
    } catch {
        guard let reason = Kernel.filesystemLog(filesystem) else { throw error }
        throw SyscallError(error.call, reason, error.errno)
    }
}

/// One option may hold several, as mount(2) takes them: `lowerdir=a,upperdir=b`. A comma behind a backslash or in quotes belongs to its value.
private func splitAtCommas(_ option: String) -> [String] {
    guard option.utf8.contains(UInt8(ascii: ",")) else { return [option] }
    var parts: [[UInt8]] = [[]]
    var isQuoted = false
    var isEscaped = false
    for byte in option.utf8 {
        if byte == UInt8(ascii: ","), !isQuoted, !isEscaped {
            parts.append([])
            continue
        }
        if byte == UInt8(ascii: "\"") { isQuoted.toggle() }
        isEscaped = byte == UInt8(ascii: "\\") && !isEscaped
        parts[parts.count - 1].append(byte)
    }
    return parts.filter { !$0.isEmpty }.map { String(decoding: $0, as: UTF8.self) }
}
