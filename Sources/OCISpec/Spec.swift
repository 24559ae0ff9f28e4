/// The container configuration: what config.json of a bundle says.
///
/// Properties carry the JSON's own keys and stand in the order in which they are written. An absent key is `nil`; an empty list or object is kept as such.
/// Unknown keys and the sections of other platforms (`vm`, `windows`, `solaris`, `zos`, `freebsd`) are skipped. See runtime-spec 1.3.0, config.
public struct Spec: Codable, Sendable, Hashable {
    /// The version of the runtime-spec that the configuration follows, in SemVer 2.0.0 form. See config, "Specification version" and `SpecVersion`.
    public var ociVersion: String

    /// The program to run. Needed at `start` only; a container can be created without it. See config, "Process".
    public var process: Process?

    /// The root file system. Required on Linux. See config, "Root".
    public var root: Root?

    /// The host name inside the container's UTS namespace. Absent: inherited. See config, "Hostname".
    public var hostname: String?

    /// The NIS domain name inside the container's UTS namespace. Absent: inherited. See config, "Domainname".
    public var domainname: String?

    /// What is mounted on top of the root file system, in this order. See config, "Mounts".
    public var mounts: [Mount]?

    /// Programs run at points of the container's life. See config, "POSIX-platform Hooks".
    public var hooks: Hooks?

    /// Free key and value pairs; keys should be reverse domain names and must not be empty. See config, "Annotations".
    public var annotations: [String: String]?

    /// What only Linux has: namespaces, cgroups, devices, seccomp. See config-linux.
    public var linux: Linux?

    /// Creates the value; every optional property left out is absent from the JSON.
    public init(
        ociVersion: String = supportedSpecVersion,
        process: Process? = nil,
        root: Root? = nil,
        hostname: String? = nil,
        domainname: String? = nil,
        mounts: [Mount]? = nil,
        hooks: Hooks? = nil,
        annotations: [String: String]? = nil,
        linux: Linux? = nil
    ) {
        self.ociVersion = ociVersion
        self.process = process
        self.root = root
        self.hostname = hostname
        self.domainname = domainname
        self.mounts = mounts
        self.hooks = hooks
        self.annotations = annotations
        self.linux = linux
    }
}
