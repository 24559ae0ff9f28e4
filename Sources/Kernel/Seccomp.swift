import CSeccomp

/// The version of the libseccomp this program is linked with, such as `2.5.4`.
public func libseccompVersion() -> String {
    // SAFETY: the library hands out a pointer to a structure of its own that never goes away.
    guard let version = unsafe seccomp_version() else { return "unknown" }
    return unsafe "\(version.pointee.major).\(version.pointee.minor).\(version.pointee.micro)"
}
