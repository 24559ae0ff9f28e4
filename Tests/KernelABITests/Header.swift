import CKernel

/// The constants of the C headers, by name.
enum Header {
    private static let table: [String: Int64] = {
        var table: [String: Int64] = [:]
        guard var entry = sw_constants() else { return table }
        while let name = entry.pointee.name {
            table[String(cString: name)] = entry.pointee.value
            entry += 1
        }
        return table
    }()

    static func value(_ name: String) -> Int64? { table[name] }
}
