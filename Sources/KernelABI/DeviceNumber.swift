/// The number of a device: its driver (major) and which of the driver's devices (minor).
///
/// See makedev(3), mknod(2).
public struct DeviceNumber: Sendable, Hashable, CustomStringConvertible {
    /// The driver's number.
    public let major: UInt32
    /// The device's number within the driver.
    public let minor: UInt32

    /// Joins both parts.
    public init(major: UInt32, minor: UInt32) {
        self.major = major
        self.minor = minor
    }

    /// Takes the 64-bit `dev_t` apart that stat(2) and the C library use.
    public init(encoded: UInt64) {
        major = UInt32(truncatingIfNeeded: (encoded >> 8) & 0xfff | (encoded >> 32) & 0xffff_f000)
        minor = UInt32(truncatingIfNeeded: encoded & 0xff | (encoded >> 12) & 0xffff_ff00)
    }

    /// The 64-bit `dev_t` of stat(2) and the C library.
    ///
    /// Up to a major of 4,095 and a minor of 1,048,575 (`fitsKernel`) its lower half is what mknod(2) takes.
    public var encoded: UInt64 {
        let major = UInt64(major)
        let minor = UInt64(minor)
        return (major & 0xfff) << 8 | (major & 0xffff_f000) << 32 | minor & 0xff | (minor & 0xffff_ff00) << 12
    }

    /// Whether the kernel can have such a device: it keeps 12 bits of major and 20 bits of minor.
    public var fitsKernel: Bool { major < 1 << 12 && minor < 1 << 20 }

    /// `major:minor`, as /sys and the cgroup files write it.
    public var description: String { "\(major):\(minor)" }
}
