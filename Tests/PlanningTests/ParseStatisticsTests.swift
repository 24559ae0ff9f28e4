import Testing

@testable import Planning

private func file(_ text: String) -> ArraySlice<UInt8> { Array(text.utf8)[...] }

struct ParseStatisticsTests {
    @Test(
        arguments: [
            ("12\n", 12), ("0", 0), (" 7 \n", 7), ("max\n", .max), ("-1\n", 0), ("18446744073709551615\n", .max),
            ("18446744073709551616\n", nil), ("99999999999999999999999\n", nil), ("", nil), ("\n", nil), ("-\n", nil), ("1 2\n", nil),
            ("0x10\n", nil), ("maximum\n", nil), ("1.5\n", nil), ("\u{0}\u{FF}\n", nil),
        ] as [(String, UInt64?)])
    func aFigureIsReadOrIsNone(text: String, expected: UInt64?) {
        #expect(parseFigure(file(text)) == expected)
    }

    @Test(arguments: [("max\n", nil), ("50\n", 50), ("0\n", 0), ("soon\n", nil)] as [(String, UInt64?)])
    func noLimitIsNone(text: String, expected: UInt64?) {
        #expect(parseLimit(file(text)) == expected)
    }

    @Test(
        arguments: [
            ("-1\n", -1), ("5\n", 5), ("-9223372036854775807\n", -9_223_372_036_854_775_807), ("9223372036854775808\n", nil),
            ("--1\n", nil),
            ("-\n", nil),
        ] as [(String, Int64?)])
    func aSignedFigureIsReadOrIsNone(text: String, expected: Int64?) {
        #expect(parseSignedFigure(file(text)) == expected)
    }

    @Test func figuresOfAllProcessorsStandInALine() {
        #expect(parseFigures(file("2488290 13085430 \n")) == [2_488_290, 13_085_430])
        #expect(parseFigures(file("")) == [])
        #expect(parseFigures(file("1 x 3")) == [1])
    }

    @Test func aNamedFigureIsFoundByItsWholeName() {
        let text = file("nr_periods_x 1\nnr_periods 2\nnr_throttled 3\nbroken\nlast 4")
        #expect(parseFigure(named: "nr_periods", in: text) == 2)
        #expect(parseFigure(named: "last", in: text) == 4)
        #expect(parseFigure(named: "nr", in: text) == nil)
        #expect(parseFigure(named: "broken", in: text) == nil)
    }

    @Test func namedFiguresKeepTheirOrderAndGarbageIsLeftOut() {
        let text = file("b 2\na 1\n\ngarbage\nc many\nd 18446744073709551615\n")
        #expect(parseNamedFigures(text) == [.init(name: "b", value: 2), .init(name: "a", value: 1), .init(name: "d", value: .max)])
    }

    @Test func processorsHaveTwoTimes() {
        let times = parseUsagePerCPU(file("cpu user system\n0 10 20\n1 30 40\nbroken\n2 5\n"))
        #expect(times.user == [10, 30])
        #expect(times.kernel == [20, 40])
    }

    @Test func pressureIsReadInHundredths() {
        let text = file("some avg10=1.50 avg60=0.07 avg300=100.00 total=482\nfull avg10=0.00 avg60=0.00 avg300=0.00 total=7\n")
        #expect(
            parsePressure(text)
                == Pressure(
                    some: .init(average10: 150, average60: 7, average300: 10_000, totalMicroseconds: 482),
                    full: .init(totalMicroseconds: 7)))
        #expect(parseRecentPressure(text) == 150)
    }

    @Test(arguments: [
        "", "some\u{FF}", "none avg10=0.00", "some avg10", "some avg10=x avg60=0.00", "some avg10=1.5 total=-1", "some total=",
    ])
    func whatIsNoPressureIsNone(text: String) {
        #expect(parsePressure(file(text)) == nil)
        #expect(parseRecentPressure(file(text)) == nil)
    }

    @Test func pressureOfTheProcessorsHasOneLineOnOldKernels() {
        #expect(parsePressure(file("some avg10=0.01 avg60=0.00 avg300=0.00 total=3\n"))?.some.average10 == 1)
    }

    @Test func blockDevicesHaveOneLineAnOperation() {
        let text = file("8:0 Read 4096\n8:0 Total 4096\n253:1 17\nTotal 4096\nbroken\nx:0 Read 1\n8:0 Read no\n")
        #expect(
            parseBlockIO(text) == [
                .init(major: 8, minor: 0, operation: "Read", value: 4096), .init(major: 8, minor: 0, operation: "Total", value: 4096),
                .init(major: 253, minor: 1, operation: "", value: 17),
            ])
        #expect(parseBlockIOBytes(text) == (4096, 0))
        #expect(parseBlockIOBytes(file("Total 0\n")) == (0, 0))
    }

    @Test func ioStatBecomesTheListsOfV1() {
        var blockIO = CgroupStatistics.BlockIO()
        let text = file(
            "8:16 rbytes=1 wbytes=2 rios=3 wios=4 dbytes=5 dios=6 cost.usage=7\n8:0\nbroken\n9:0 rbytes=x wbytes=18446744073709551615\n")
        parseIOStat(text, into: &blockIO)
        #expect(
            blockIO.serviceBytes == [
                .init(major: 8, minor: 16, operation: "Read", value: 1), .init(major: 8, minor: 16, operation: "Write", value: 2),
                .init(major: 9, minor: 0, operation: "Write", value: .max),
            ])
        #expect(
            blockIO.serviced == [
                .init(major: 8, minor: 16, operation: "Read", value: 3), .init(major: 8, minor: 16, operation: "Write", value: 4),
            ])
        #expect(parseIOBytes(text) == (1, 1), "a sum beyond 64 bits goes on at 0, as the kernel's counters do")
    }

    @Test(
        arguments: [
            ("0-3,7\n", [0, 1, 2, 3, 7]), ("5", [5]), ("\n", []), ("0-65535\n", []), ("3-1\n", []), ("1,x", []), ("99999\n", []),
            ("1-2-3", []),
        ] as [(String, [UInt16])])
    func aListOfProcessorsIsTheirNumbers(text: String, expected: [UInt16]) {
        #expect(parseNumberList(file(text)) == expected)
    }

    @Test(
        arguments: [
            ("hugepages-2048kB", "2MB"), ("hugepages-1048576kB", "1GB"), ("hugepages-64kB", "64KB"), ("hugepages-kB", nil), ("other", nil),
            ("hugepages-99999999999999999999kB", nil),
        ] as [(String, String?)])
    func hugePagesAreNamedAsInTheirFiles(folder: String, expected: String?) {
        #expect(hugepageSize(ofFolder: folder) == expected)
    }

    @Test func aSchemaIsTheLineOfItsResource() {
        let text = file("    L3:0=f;1=f0\n    MB:0=100\n")
        #expect(parseSchema("L3", in: text) == "L3:0=f;1=f0")
        #expect(parseSchema("MB", in: text) == "MB:0=100")
        #expect(parseSchema("L2", in: text) == nil)
    }

    @Test func anyBytesAreReadWithoutATrap() {
        // Deterministic, so that a failure can be repeated.
        var state: UInt64 = 0x9E37_79B9_7F4A_7C15
        let alphabet = Array("0123456789 max:=.-,\n\tsomefullavg10totalRead\u{0}".utf8) + [0xFF]
        for length in 0..<2000 {
            var bytes: [UInt8] = []
            for _ in 0..<(length % 61) {
                state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
                bytes.append(alphabet[Int(state >> 33) % alphabet.count])
            }
            let slice = bytes[...]
            var blockIO = CgroupStatistics.BlockIO()
            parseIOStat(slice, into: &blockIO)
            _ = (parseFigure(slice), parseLimit(slice), parseSignedFigure(slice), parseFigures(slice), parseNamedFigures(slice))
            _ = (parsePressure(slice), parseRecentPressure(slice), parseBlockIO(slice), parseIOBytes(slice), parseBlockIOBytes(slice))
            _ = (parseNumberList(slice), parseUsagePerCPU(slice), parseSchema("L3", in: slice), parseFigure(named: "some", in: slice))
        }
    }
}
