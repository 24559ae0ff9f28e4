/// The version of the runtime-spec that this library models and that `state` and `features` report.
public let supportedSpecVersion = "1.3.0"

/// A version in SemVer 2.0.0 form, as `ociVersion` carries it: `1.3.0`, `1.0.2-dev`, `1.2.1+dev`.
///
/// See runtime-spec, config, "Specification version".
public struct SpecVersion: Sendable, Hashable {
    /// Changes when something is taken away; only 1 is understood here.
    public var major: UInt32
    /// Changes when something is added.
    public var minor: UInt32
    /// Changes when something is corrected.
    public var patch: UInt32
    /// The dotted identifiers after `-`, if any.
    public var prerelease: String?
    /// The dotted identifiers after `+`, if any; without meaning for comparison.
    public var build: String?

    /// Reads a version; `nil` if `text` is not in SemVer 2.0.0 form.
    ///
    /// Numbers have no leading zeros, identifiers are letters, digits and `-`, and none is empty. A number that does not fit 32 bits is refused too.
    public init?(parsing text: String) {
        let (beforeBuild, build) = SpecVersion.cut(text, at: "+")
        let (core, prerelease) = SpecVersion.cut(beforeBuild, at: "-")
        if let prerelease, !SpecVersion.areIdentifiers(prerelease, leadingZeros: false) { return nil }
        if let build, !SpecVersion.areIdentifiers(build, leadingZeros: true) { return nil }
        let numbers = core.split(separator: ".", maxSplits: 3, omittingEmptySubsequences: false)
        guard numbers.count == 3,
            let major = SpecVersion.number(numbers[0]),
            let minor = SpecVersion.number(numbers[1]),
            let patch = SpecVersion.number(numbers[2])
        else { return nil }
        self.major = major
        self.minor = minor
        self.patch = patch
        self.prerelease = prerelease.map { String($0) }
        self.build = build.map { String($0) }
    }

    /// Whether this library reads configurations of that version: any 1.x.y, since within a major version nothing is taken away.
    public var isSupported: Bool { major == 1 }

    private static func cut(_ text: some StringProtocol, at mark: Character) -> (head: Substring, tail: Substring?) {
        let text = Substring(text)
        guard let index = text.firstIndex(of: mark) else { return (text, nil) }
        return (text[..<index], text[text.index(after: index)...])
    }

    private static func number(_ text: Substring) -> UInt32? {
        // A sign cannot be there any more: both are marks at which the text was cut.
        guard text.utf8.count == 1 || text.utf8.first != UInt8(ascii: "0") else { return nil }
        return UInt32(text)
    }

    private static func areIdentifiers(_ text: Substring, leadingZeros: Bool) -> Bool {
        var rest = text.utf8
        while true {
            let bytes = rest.prefix { $0 != UInt8(ascii: ".") }
            guard !bytes.isEmpty, bytes.allSatisfy({ isDigit($0) || isLetter($0) || $0 == UInt8(ascii: "-") }) else { return false }
            guard leadingZeros || bytes.count == 1 || bytes.first != UInt8(ascii: "0") || !bytes.allSatisfy(isDigit) else { return false }
            if bytes.endIndex == rest.endIndex { return true }
            rest = rest[rest.index(after: bytes.endIndex)...]
        }
    }

    private static func isDigit(_ byte: UInt8) -> Bool { byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9") }

    private static func isLetter(_ byte: UInt8) -> Bool {
        (byte >= UInt8(ascii: "a") && byte <= UInt8(ascii: "z")) || (byte >= UInt8(ascii: "A") && byte <= UInt8(ascii: "Z"))
    }
}
