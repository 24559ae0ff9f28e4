import JSON
import KernelABI
import OCISpec

/// Checks version, root, names and annotations. See runtime-spec, config, "Specification version", "Root", "Hostname", "Domainname", "Annotations".
func checkDocument(_ spec: Spec, _ namespaces: ListedNamespaces, _ problems: inout ProblemList) {
    checkVersion(spec.ociVersion, &problems)
    if spec.root == nil { problems.add("root", "is missing") }
    if let root = spec.root, root.path.isEmpty { problems.add("root.path", "must not be empty") }
    checkName(spec.hostname, "hostname", namespaces, &problems)
    checkName(spec.domainname, "domainname", namespaces, &problems)
    if spec.annotations?[""] != nil { problems.add(path("annotations", ""), "must have a key that is not empty") }
}

private func checkVersion(_ text: String, _ problems: inout ProblemList) {
    if text == supportedSpecVersion { return }
    guard let version = SpecVersion(parsing: text) else {
        problems.add("ociVersion", "must be a version such as \(supportedSpecVersion), is \(quoted(text))")
        return
    }
    if !version.isSupported { problems.add("ociVersion", "must be 1.x.y, is \(quoted(text))") }
}

/// The longest host or domain name, __NEW_UTS_LEN of the kernel.
private let longestName = 64

private func checkName(_ name: String?, _ path: String, _ namespaces: ListedNamespaces, _ problems: inout ProblemList) {
    guard let name, !name.isEmpty else { return }
    if !namespaces.contains(.newUTS) { problems.add(path, "needs a uts namespace") }
    if name.utf8.count > longestName { problems.add(path, "must have at most \(longestName) bytes, has \(name.utf8.count)") }
}
