import OCISpec
import Testing

@Suite("Versions")
struct VersionTests {
    @Test(
        arguments: [
            ("1.3.0", 1, 3, 0, nil, nil),
            ("0.0.0", 0, 0, 0, nil, nil),
            ("10.20.30", 10, 20, 30, nil, nil),
            ("1.0.2-dev", 1, 0, 2, "dev", nil),
            ("1.2.1+dev", 1, 2, 1, nil, "dev"),
            ("1.0.0-rc.1+build.007", 1, 0, 0, "rc.1", "build.007"),
            ("1.0.0-0a.--", 1, 0, 0, "0a.--", nil),
            ("1.0.0+a-b", 1, 0, 0, nil, "a-b"),
            ("4294967295.0.0", 4_294_967_295, 0, 0, nil, nil),
        ] as [(String, UInt32, UInt32, UInt32, String?, String?)])
    func aVersionHasFiveParts(_ text: String, major: UInt32, minor: UInt32, patch: UInt32, prerelease: String?, build: String?) throws {
        let version = try #require(SpecVersion(parsing: text))
        #expect(version.major == major)
        #expect(version.minor == minor)
        #expect(version.patch == patch)
        #expect(version.prerelease == prerelease)
        #expect(version.build == build)
    }

    @Test(arguments: [
        "", "1", "1.3", "1.3.0.0", "1.3.", ".3.0", "01.3.0", "1.03.0", "1.3.00", "v1.3.0", "1.3.0 ", " 1.3.0", "1.3.0-", "1.3.0+",
        "1.3.0-a..b",
        "1.3.0-01", "1.3.0-ä", "1.3.0+a+b", "1.3.x", "-1.3.0", "+1.3.0", "1.+3.0", "1.3.٣", "4294967296.0.0", "banana", "1.3.0\n",
    ])
    func whatIsNoSemVerIsNoVersion(_ text: String) {
        #expect(SpecVersion(parsing: text) == nil)
    }

    @Test(arguments: [("1.0.0", true), ("1.99.7-dev", true), ("0.9.0", false), ("2.0.0", false), ("2.0.0-rc1", false)])
    func onlyMajorVersionOneIsSupported(_ text: String, isSupported: Bool) throws {
        #expect(try #require(SpecVersion(parsing: text)).isSupported == isSupported)
    }

    @Test func theVersionWeReportIsOneWeSupport() {
        #expect(SpecVersion(parsing: supportedSpecVersion)?.isSupported == true)
    }
}
