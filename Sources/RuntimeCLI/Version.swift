import Kernel
import OCISpec

/// This program's version.
let versionNumber = "0.1.0"

/// What `--version` prints. dockerd and go-runc read the first two lines.
func versionText() -> String {
    """
    swruntime version \(versionNumber)
    commit: unknown
    spec: \(supportedSpecVersion)
    swift: \(compilerVersion)
    libseccomp: \(Kernel.libseccompVersion())

    """
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
