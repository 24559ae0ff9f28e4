public import JSON

extension Spec {
    /// Reads a config.json.
    ///
    /// - Throws: `JSONError` with pointer, line and column if the text is not strict JSON, if a value has the wrong type, is out of its type's range
    ///   or not in its list of words, if a required key is missing, or if `ociVersion` is not a version 1.x.y.
    ///
    /// What needs more than one value or the host to be judged is left to validation.
    public init(configJSON bytes: [UInt8]) throws(JSONError) {
        try self.init(configuration: JSONTape(parsing: bytes))
    }

    /// Reads a config.json that is parsed already, for callers who also ask the tape where a value stands.
    ///
    /// - Throws: `JSONError`, as `init(configJSON:)` does.
    public init(configuration tape: JSONTape) throws(JSONError) {
        self = try JSON.decode(ReadableSpec.self, from: tape).spec
    }

    /// The configuration as a config.json: a tab a level, no line break at the end, in the order in which runc writes it.
    public func configJSON() throws(JSONError) -> [UInt8] {
        try JSON.encode(self, indentation: .tab)
    }
}

/// A configuration whose version this library can read. It decodes, so that the refusal gets its place in the text as any other does.
private struct ReadableSpec: Decodable {
    let spec: Spec

    private enum Key: CodingKey { case ociVersion }

    init(from decoder: any Decoder) throws {
        spec = try Spec(from: decoder)
        guard let rule = SpecVersion.ruleBroken(by: spec.ociVersion) else { return }
        throw DecodingError.dataCorrupted(DecodingError.Context(codingPath: [Key.ociVersion], debugDescription: rule))
    }
}

extension SpecVersion {
    /// The rule that `text` breaks as the `ociVersion` of a configuration; `nil` if this library can read such a configuration.
    fileprivate static func ruleBroken(by text: String) -> String? {
        guard let version = SpecVersion(parsing: text) else {
            // A version is made of few printable letters; what cannot be one is repeated only if it fits a message.
            let isPrintable = text.utf8.count <= 64 && text.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F && $0 != UInt8(ascii: "\"") }
            return "must be a version such as \(supportedSpecVersion)" + (isPrintable ? ", is \"\(text)\"" : "")
        }
        return version.isSupported ? nil : "must be 1.x.y, is \"\(version.major).\(version.minor).\(version.patch)\""
    }
}
