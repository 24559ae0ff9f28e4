import KernelABI
import OCISpec

/// Checks `linux.maskedPaths` and `linux.readonlyPaths`. See runtime-spec, config-linux, "Masked Paths" and "Readonly Paths".
func checkProtectedPaths(_ linux: Linux, _ namespaces: ListedNamespaces, _ problems: inout ProblemList) {
    check(linux.maskedPaths ?? [], "linux.maskedPaths", namespaces, &problems)
    check(linux.readonlyPaths ?? [], "linux.readonlyPaths", namespaces, &problems)
}

private func check(_ paths: [String], _ list: String, _ namespaces: ListedNamespaces, _ problems: inout ProblemList) {
    if paths.isEmpty { return }
    if !namespaces.contains(.newMount) { problems.add(list, "needs a mount namespace") }
    for (index, protected) in paths.enumerated() { problems.checkAbsolute(protected, at: path(list, index)) }
}
