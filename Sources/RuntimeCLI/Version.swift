import Kernel
import OCISpec

/// This program's version.
let versionNumber = "0.1.0"

/// What `--version` prints. dockerd and go-runc read the first two lines.
func versionText(commit: UInt64) -> String {
    """
    swruntime version \(versionNumber)
    commit: \(commitName(commit))
    spec: \(supportedSpecVersion)
    swift: \(compilerVersion)
    libseccomp: \(Kernel.libseccompVersion())

    """
}

/// The commit's digits, twelve of them.
func commitName(_ number: UInt64) -> String {
    guard number != 0 else { return "unknown" }
    let digits = String(number, radix: 16)
    return String(repeating: "0", count: max(0, 12 - digits.utf8.count)) + digits
}

/// The compiler this program was built with, as far as it can be told at compile time.
private var compilerVersion: String {
    #if compiler(>=6.4)
        "6.4 or later"
    #elseif compiler(>=6.3.2)
        "6.3.2 or later"
    #elseif compiler(>=6.3.1)
        "6.3.1"
    #elseif compiler(>=6.3)
        "6.3"
    #else
        "6.2"
    #endif
}
