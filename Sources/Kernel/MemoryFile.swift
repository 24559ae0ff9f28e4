import CKernel
public import KernelABI

/// Makes a file that lives in memory only, holds `contents` and stands at its beginning. See memfd_create(2) (Linux 3.17).
///
/// - Parameter name: what /proc/<pid>/fd shows, behind `memfd:`.
public func memoryFile(named name: String, contents: [UInt8]) throws(SyscallError) -> FileDescriptor {
    let number = try enter("memfd_create", name) {
        // SAFETY: a string reaches C as its bytes and a NUL.
        unsafe sw_memfd_create(name)
    }
    let file = FileDescriptor(adopting: Int32(truncatingIfNeeded: number))
    // ORDER: pwrite(2), unlike write(2), leaves the position at the beginning, where a reader starts.
    var written = 0
    while written < contents.count {
        written += try enter("pwrite64", name) {
            // SAFETY: the buffer is `contents` behind `written`, which is less than its count.
            unsafe contents.withUnsafeBytes { buffer in
                let rest = unsafe UnsafeRawBufferPointer(rebasing: buffer[written...])
                return unsafe sw_pwrite(file.number, rest.baseAddress, rest.count, written)
            }
        }
    }
    return file
}
