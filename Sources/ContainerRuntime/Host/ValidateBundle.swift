import Kernel
public import Planning

/// What `validate` found in a bundle.
public struct BundleReport: Sendable {
    /// The config.json, absolute.
    public let file: String
    /// The findings in the order of the file.
    public let findings: [Finding]
    /// Whether there are more, which matter less or stand further down.
    public let isCut: Bool

    init(_ file: String, _ examination: Examination) {
        self.file = file
        findings = examination.findings
        isCut = examination.isCut
    }

    /// How many findings matter that much.
    public func count(_ severity: Finding.Severity) -> Int { findings.count { $0.severity == severity } }
}

/// Finds all that is wrong with a bundle's config.json; changes nothing.
///
/// - Parameter onHost: whether this host is looked at too: kernel, cgroups, limits, and the files that the configuration names.
/// - Throws: `RuntimeError` if there is no config.json to read, or the host cannot be looked at.
public func validateBundle(_ bundle: String, onHost: Bool) throws(RuntimeError) -> BundleReport {
    let (path, file, bytes) = try readBundle(bundle)
    guard onHost else { return BundleReport(file, examine(configJSON: bytes, syscalls: .libseccomp)) }
    var host: Result<HostFacts, RuntimeError>?
    var examination = examine(configJSON: bytes, syscalls: .libseccomp) { spec in
        host = Result { () throws(RuntimeError) in try probeHost(for: spec) }
        return try? host?.get()
    }
    if let host, let spec = examination.spec { examination.add(hostFindings(spec, bundle: path, try host.get())) }
    return BundleReport(file, examination)
}
