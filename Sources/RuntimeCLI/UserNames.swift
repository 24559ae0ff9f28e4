/// The name of the user `id` in the text of a passwd file; `nil` if it has none.
///
/// A static program cannot ask the C library, which would load its name services.
func userName(of id: UInt32, inPasswd text: [UInt8]) -> String? {
    for line in text.split(separator: UInt8(ascii: "\n")) {
        let fields = line.split(separator: UInt8(ascii: ":"), omittingEmptySubsequences: false)
        guard fields.count > 2, !fields[0].isEmpty, String(decoding: fields[2], as: UTF8.self) == String(id) else { continue }
        return String(decoding: fields[0], as: UTF8.self)
    }
    return nil
}
