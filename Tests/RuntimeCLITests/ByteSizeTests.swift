import Testing

@testable import RuntimeCLI

@Suite struct ByteSizeTests {
    @Test(arguments: [
        ("0", 0), ("-1", -1), ("7", 7), ("1k", 1024), ("1K", 1024), ("2kb", 2048), ("2 KiB", 2048), ("3m", 3_145_728), ("1.5m", 1_572_864),
        ("0.5g", 536_870_912), ("1t", 1_099_511_627_776), ("1p", 1_125_899_906_842_624), ("12b", 12), ("9223372036854775807", Int64.max),
    ])
    func aSizeHasDigitsAndPerhapsAUnit(text: String, bytes: Int64) {
        #expect(byteSize(text) == bytes)
    }

    @Test(arguments: [
        "", "k", "-2", "+1", "1.", ".5", "1.2.3", "1x", "1kk", "1 ", "1  k", " 1", "1k\n", "0x10", "1e3", "9223372036854775808", "8192p",
        "99999999999999999999999", "1[", "１",
    ])
    func anythingElseIsNone(text: String) {
        #expect(byteSize(text) == nil)
    }
}
