import Testing

@testable import Planning

private func bytes(_ value: BusValue) -> [UInt8] {
    var writer = BusWriter()
    writer.write(value)
    return writer.bytes
}

@Test(
    arguments: [
        (.byte(7), "y", [7]),
        (.boolean(true), "b", [1, 0, 0, 0]),
        (.int16(-2), "n", [0xfe, 0xff]),
        (.uint32(258), "u", [2, 1, 0, 0]),
        (.uint64(.max), "t", [255, 255, 255, 255, 255, 255, 255, 255]),
        (.double(1), "d", [0, 0, 0, 0, 0, 0, 0xf0, 0x3f]),
        (.string("ab"), "s", [2, 0, 0, 0, 0x61, 0x62, 0]),
        (.signature("a(ss)"), "g", [5, 0x61, 0x28, 0x73, 0x73, 0x29, 0]),
        (.variant(.uint32(5)), "v", [1, 0x75, 0, 0, 5, 0, 0, 0]),
        (.array(element: "u", [.uint32(5)]), "au", [4, 0, 0, 0, 5, 0, 0, 0]),
        // The zeros before the first element do not count.
        (.array(element: "t", []), "at", [0, 0, 0, 0, 0, 0, 0, 0]),
        (.array(element: "t", [.uint64(1)]), "at", [8, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0]),
        (.structure([.byte(1), .uint32(2)]), "(yu)", [1, 0, 0, 0, 2, 0, 0, 0]),
        (
            .array(element: "{ys}", [.entry(key: .byte(1), value: .string(""))]), "a{ys}",
            [9, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0]
        ),
    ] as [(BusValue, String, [UInt8])])
func valuesBecomeTheBytesOfTheSpecification(_ value: BusValue, _ signature: String, _ expected: [UInt8]) throws {
    #expect(value.signature == signature)
    #expect(bytes(value) == expected)
    var reader = BusReader(expected, isBigEndian: false)
    #expect(try reader.values(signature) == [value])
}

@Test func theOtherByteOrderIsRead() throws {
    var reader = BusReader([0, 0, 0, 2, 0x61, 0x62, 0, 0, 1, 2, 3, 4], isBigEndian: true)
    #expect(try reader.values("su") == [.string("ab"), .uint32(0x0102_0304)])
}

/// Bytes that a careless or hostile side may send, with the type they are said to have.
@Test(
    arguments: [
        ("u", [1, 2, 3], "a message that breaks off"),
        ("s", [255, 255, 255, 255, 0], "a text that does not end"),
        ("s", [1, 0, 0, 0, 0x61], "a text that does not end"),
        ("s", [1, 0, 0, 0, 0x61, 0x62], "a text that does not end"),
        ("ay", [255, 255, 255, 255], "an array of 4294967295 bytes"),
        ("ay", [2, 0, 0, 0, 1], "an array that is longer than its message"),
        ("au", [3, 0, 0, 0, 1, 2, 3], "a message that breaks off"),
        ("au", [3, 0, 0, 0, 1, 2, 3, 4], "an array that ends within an element"),
        ("v", [0, 0], "a variant without one type"),
        ("v", [2, 0x79, 0x79, 0, 1, 1], "a variant without one type"),
        ("v", [1, 0x7a, 0], "a variant without one type"),
        ("()", [0, 0, 0, 0, 0, 0, 0, 0], "a signature that names no type"),
        ("a{yyy}", [11, 0, 0, 0, 0, 0, 0, 0, 1, 2, 3, 0, 0, 0, 0, 0, 1, 2, 3], "an entry of 3 members"),
        ("z", [0], "a signature that names no type"),
        ("a", [0, 0, 0, 0], "a signature that names no type"),
        ("(u", [0, 0, 0, 0], "a signature that names no type"),
    ] as [(String, [UInt8], String)])
func bytesThatDoNotKeepTheirWordAreRefused(_ signature: String, _ bytes: [UInt8], _ problem: String) {
    var reader = BusReader(bytes, isBigEndian: false)
    let found = #expect(throws: BusProblem.self) { try reader.values(signature) }
    #expect(found?.description == problem)
}

@Test func valuesDeepInEachOtherAreRefused() {
    // A variant in a variant, over and over.
    let nested = [[UInt8]](repeating: [1, UInt8(ascii: "v"), 0], count: 5000).flatMap(\.self)
    var reader = BusReader(nested, isBigEndian: false)
    #expect(throws: BusProblem.self) { try reader.values("v") }
    #expect(busTypeLength(Array(String(repeating: "a", count: 5000).utf8)[...]) == nil)
    #expect(busTypeLength(Array(String(repeating: "(", count: 5000).utf8)[...]) == nil)
}

/// The call `org.freedesktop.DBus.Hello`, put together by hand from the specification.
private let hello: [UInt8] =
    [0x6c, 1, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0x6d, 0, 0, 0]
    + [1, 1, 0x6f, 0, 0x15, 0, 0, 0] + Array("/org/freedesktop/DBus\0\0\0".utf8)
    + [2, 1, 0x73, 0, 0x14, 0, 0, 0] + Array("org.freedesktop.DBus\0\0\0\0".utf8)
    + [3, 1, 0x73, 0, 5, 0, 0, 0] + Array("Hello\0\0\0".utf8)
    + [6, 1, 0x73, 0, 0x14, 0, 0, 0] + Array("org.freedesktop.DBus\0\0\0\0".utf8)

@Test func aCallBecomesTheBytesOfTheSpecification() throws {
    let call = BusMessage(
        call: "Hello", of: "org.freedesktop.DBus", at: "/org/freedesktop/DBus", to: "org.freedesktop.DBus", serial: 1)
    #expect(call.bytes == hello)
    #expect(try BusMessage(hello) == call)
}

@Test func aMessageIsWholeOnlyWithItsLastByte() throws {
    #expect(try BusMessage.length(in: Array(hello.prefix(15))) == nil)
    #expect(try BusMessage.length(in: Array(hello.prefix(16))) == hello.count)
    #expect(throws: BusProblem.self) { try BusMessage(Array(hello.dropLast())) }
}

@Test func everyCutMessageIsRefusedAndNoneTraps() throws {
    let call = BusMessage(
        call: "StartTransientUnit", of: "a.b", at: "/a", to: nil, serial: 3,
        [.string("x.scope"), .array(element: "(sv)", [.structure([.string("PIDs"), .variant(.array(element: "u", [.uint32(7)]))])])])
    for index in call.bytes.indices {
        for byte in [UInt8(0), 1, 0x7f, 0xff] {
            var bytes = call.bytes
            bytes[index] = byte
            let message = try? BusMessage(bytes)
            _ = try? message?.values()
        }
        #expect(throws: BusProblem.self) { try BusMessage(Array(call.bytes.prefix(index))) }
    }
}

@Test(arguments: [
    ("unix:path=/run/user/1000/bus", [BusAddress.path("/run/user/1000/bus")]),
    ("unix:path=/run/user/1000/bus,guid=12ab", [.path("/run/user/1000/bus")]),
    ("tcp:host=a,port=1;unix:abstract=/tmp/dbus%2dx;unix:path=/b", [.abstract("/tmp/dbus-x"), .path("/b")]),
    ("unix:path=%", []), ("unix:path=%zz", []), ("unix:path=%00", []), ("unix:path=", []), ("unix:", []), ("", []), (";;=,", []),
])
func addressesOfABusAreRead(_ text: String, _ addresses: [BusAddress]) {
    #expect(busAddresses(text) == addresses)
}
