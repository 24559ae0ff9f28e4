import Glibc
import KernelABI
import Testing

@Suite struct SignalTests {
    @Test func numbersEqualTheHeaders() {
        for number in Int32(1)...31 {
            let signal = Signal(rawValue: number)
            #expect(Header.value(signal.name) == Int64(number), "\(number) is called \(signal.name)")
        }
    }

    @Test func realTimeSignalsBeginWhereTheCLibrarysDo() {
        #expect(Signal.firstRealTime.rawValue == __libc_current_sigrtmin())
        #expect(Signal.lastRealTime.rawValue == __libc_current_sigrtmax())
    }

    @Test(arguments: [
        ("TERM", 15), ("SIGTERM", 15), ("sigterm", 15), ("SigTerm", 15), ("15", 15), ("KILL", 9), ("iot", 6), ("CLD", 17), ("POLL", 29),
        ("RTMIN", 34), ("RTMIN+3", 37), ("SIGRTMIN+30", 64), ("rtmax", 64), ("RTMAX-1", 63), ("0", 0), ("999", 999),
    ])
    func everySpellingIsRead(_ text: String, _ number: Int32) {
        #expect(Signal(text)?.rawValue == number)
    }

    @Test(arguments: [
        "", "SIG", "SIGSIGTERM", "TERMX", "-9", "+9", "9x", " 9", "99999999999", "RTMIN-1", "RTMAX+1", "RTMIN+", "RTMIN+31", "RTMIN+x",
        "RTMIN+-1", "RTM", "RTMID+1", "٣",
    ])
    func anythingElseIsNoSignal(_ text: String) {
        #expect(Signal(text) == nil)
    }

    @Test func namesHaveThePrefix() {
        #expect(Signal.SIGKILL.name == "SIGKILL")
        #expect(Signal(rawValue: 34).name == "SIGRTMIN")
        #expect(Signal(rawValue: 37).name == "SIGRTMIN+3")
        #expect(Signal(rawValue: 64).name == "SIGRTMAX")
        #expect(Signal(rawValue: 32).name == "32")
    }

    @Test func everyNameIsReadBack() {
        for number in Int32(1)...64 { #expect(Signal(Signal(rawValue: number).name)?.rawValue == number) }
    }

    @Test func aSetHasTheKernelsBits() {
        #expect(SignalSet([.SIGHUP, .SIGTERM]).rawValue == 0x4001)
        #expect(([.SIGTERM] as SignalSet).contains(.SIGTERM))
        #expect(!([.SIGTERM] as SignalSet).contains(.SIGHUP))
    }

    @Test func numbersOutsideOfASetAreLeftOut() {
        #expect(SignalSet([Signal(rawValue: 0), Signal(rawValue: 65), Signal(rawValue: -1)]).rawValue == 0)
    }
}
