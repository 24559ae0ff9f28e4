import Testing

@testable import Planning

@Test(
    arguments: [
        ("5", .int32(5)), (" -5 ", .int32(-5)), ("0x1f", .int32(31)), ("010", .int32(8)), ("1.5", .double(1.5)), ("2e3", .double(2000)),
        ("uint64 5", .uint64(5)), ("@t 5", .uint64(5)), ("byte 0xff", .byte(255)), ("int64 -1", .int64(-1)), ("double 3", .double(3)),
        ("true", .boolean(true)), ("boolean false", .boolean(false)),
        ("'inactive-or-failed'", .string("inactive-or-failed")), ("\"it's\"", .string("it's")), (#"'\'\n\u00e9'"#, .string("'\né")),
        ("objectpath '/a/b'", .objectPath("/a/b")), ("@g 'a(sv)'", .signature("a(sv)")),
        ("['a.service', 'b.service']", .array(element: "s", [.string("a.service"), .string("b.service")])),
        ("@as []", .array(element: "s", [])), ("@at [1, 2]", .array(element: "t", [.uint64(1), .uint64(2)])),
        ("[uint64 1, 2]", .array(element: "t", [.uint64(1), .uint64(2)])),
        ("b'a'", .array(element: "y", [.byte(97), .byte(0)])),
        ("('/dev/null', 'rw')", .structure([.string("/dev/null"), .string("rw")])), ("(1,)", .structure([.int32(1)])),
        ("@a(st) [('/dev/sda', 5)]", .array(element: "(st)", [.structure([.string("/dev/sda"), .uint64(5)])])),
        ("{'a': <1>}", .array(element: "{sv}", [.entry(key: .string("a"), value: .variant(.int32(1)))])),
        ("@a{sv} {}", .array(element: "{sv}", [])), ("<'x'>", .variant(.string("x"))),
    ] as [(String, BusValue)])
func valuesInGVariantsTextAreRead(_ text: String, _ value: BusValue) throws {
    #expect(try parseGVariant(text) == value)
}

@Test(arguments: [
    ("", "a value is missing (byte 1)"),
    ("inactive", "no value begins with inactive (byte 1)"),
    ("5 6", "ends here for GVariant, but there is more (byte 3)"),
    ("3000000000", "3000000000 is no number of the type i (byte 1)"),
    ("byte 256", "256 is no number of the type y (byte 6)"),
    ("uint64 -1", "-1 is no number of the type t (byte 8)"),
    ("uint64 'a'", "a text where the type t is wanted (byte 8)"),
    ("'a", "a text that does not end (byte 3)"),
    ("'a\\", "a text that does not end (byte 4)"),
    ("'\\ud800'", "no Unicode character (byte 4)"),
    ("'\0'", "a text with a zero byte (byte 4)"),
    ("[]", "an empty list needs its type before it, as in @as [] (byte 3)"),
    ("[1, 'a']", "a text where the type i is wanted (byte 5)"),
    ("[1 2]", ", is missing (byte 4)"),
    ("{}", "an empty dictionary needs its type before it, as in @a{sv} {} (byte 3)"),
    ("{[1]: 2}", "a key that is no single value (byte 5)"),
    ("()", "a structure with too few members (byte 3)"),
    ("@(ss) ('a')", "a structure with too few members (byte 12)"),
    ("@z 1", "no type behind the @ (byte 2)"),
    ("nothing", "no value begins with nothing (byte 1)"),
    ("objectpath 'a'", "no object path (byte 15)"),
    ("-", "- is no number of the type i (byte 1)"),
    ("\u{1}", "no value begins here (byte 1)"),
])
func textThatIsNoGVariantIsRefusedWithItsPlace(_ text: String, _ problem: String) {
    let found = #expect(throws: BusProblem.self) { try parseGVariant(text) }
    #expect(found?.description == problem)
}

@Test(arguments: ["[", "(", "<", "@v ", "{1:", "@ay "])
func nestingWithoutEndIsRefused(_ opening: String) {
    #expect(throws: BusProblem.self) { try parseGVariant(String(repeating: opening, count: 20_000)) }
}

@Test func aTypeThatNoMessageCanHoldIsRefused() {
    let found = #expect(throws: BusProblem.self) { try parseGVariant("(" + String(repeating: "1,", count: 300) + ")") }
    #expect(found?.description == "has a type of more than 255 letters")
}
