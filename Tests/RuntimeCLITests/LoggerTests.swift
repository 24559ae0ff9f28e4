import Testing

@testable import ContainerRuntime

private func line(_ format: LogFormat, _ message: String, _ fields: [LogField] = []) -> String {
    String(decoding: logLine(format, level: "error", message: message, time: "2026-11-22T03:25:04Z", fields: fields), as: UTF8.self)
}

struct LoggerTests {
    @Test func aTextLineIsAsLogrusWritesIt() {
        #expect(
            line(.text, "state web1: container does not exist")
                == "time=\"2026-11-22T03:25:04Z\" level=error msg=\"state web1: container does not exist\"\n")
    }

    @Test(arguments: [
        ("abcXYZ019-._/@^+", "abcXYZ019-._/@^+"), ("", ""), ("a b", "\"a b\""), ("a:b", "\"a:b\""), ("a=b", "\"a=b\""), ("é", "\"é\""),
        ("a\"b\\c", #""a\"b\\c""#), ("\u{7}\u{8}\u{c}\n\r\t\u{b}", #""\a\b\f\n\r\t\v""#), ("\u{1}\u{7f}", #""\x01\x7f""#),
        ("\u{85}\u{2028}", #""\u0085\u2028""#),
    ])
    func aTextValueIsQuotedWhereNeeded(value: String, quoted: String) {
        #expect(quotedForLog(value) == quoted)
    }

    @Test func aTextLineLeavesTheFieldsOut() {
        #expect(line(.text, "x", [LogField("op", .text("state"))]) == "time=\"2026-11-22T03:25:04Z\" level=error msg=x\n")
    }

    @Test func aJSONLineHasTheThreeKeysFirst() {
        #expect(
            line(.json, "a \"b\" <c>\n", [LogField("errno", .text("ENOENT")), LogField("line", .number(41))])
                == #"{"level":"error","msg":"a \"b\" \u003cc\u003e\n","time":"2026-11-22T03:25:04Z","errno":"ENOENT","line":41}"# + "\n")
    }

    @Test func debugLinesAreWrittenOnlyWhenAskedFor() throws {
        let quiet = try Scratch()
        Logger(descriptorNumber: quiet.descriptor, format: .text, isDebug: false).debug("x")
        #expect(try quiet.text() == "")
        let talkative = try Scratch()
        Logger(descriptorNumber: talkative.descriptor, format: .text, isDebug: true).debug("x")
        #expect(withoutTimes(try talkative.text()) == "time=\"T\" level=debug msg=x\n")
    }

    @Test func aWarningIsNotRepeatedOnStderr() throws {
        let log = try Scratch()
        let echo = try Scratch()
        let logger = try Logger(appendingTo: log.path, echo: echo.descriptor, format: .text, isDebug: false)
        logger.warning("x")
        #expect(try echo.text() == "")
        #expect(withoutTimes(try log.text()) == "time=\"T\" level=warning msg=x\n")
    }
}
