public import JSON

extension Features {
    /// The document as `features` prints it: four spaces a level and a line break at the end.
    public func json() throws(JSONError) -> [UInt8] {
        try JSON.encode(self, indentation: .spaces(4)) + [UInt8(ascii: "\n")]
    }
}
