import OCISpec

/// Checks `linux.maskedPaths` and `linux.readonlyPaths`. See runtime-spec, config-linux, "Masked Paths" and "Readonly Paths".
func checkProtectedPaths(_ linux: Linux, _ problems: inout ProblemList) {
    check(linux.maskedPaths ?? [], "linux.maskedPaths", &problems)
    check(linux.readonlyPaths ?? [], "linux.readonlyPaths", &problems)
}

private func check(_ paths: [String], _ list: String, _ problems: inout ProblemList) {
    for (index, protected) in paths.enumerated() { problems.checkAbsolute(protected, at: path(list, index)) }
}
