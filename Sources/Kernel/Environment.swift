import func Glibc.getenv

/// The value of an environment variable of the calling process; `nil` if it is not set.
public func environmentVariable(_ name: String) -> String? {
    // SAFETY: the C library returns a NUL-terminated text or nothing; nobody changes the environment of this single-threaded process meanwhile.
    guard let value = unsafe getenv(name) else { return nil }
    return unsafe String(cString: value)
}
