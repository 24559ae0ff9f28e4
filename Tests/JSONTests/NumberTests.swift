import JSON
import Testing

private let names = ["int", "int8", "int16", "int32", "int64", "uint", "uint8", "uint16", "uint32", "uint64"]

private struct Present: Decodable {
    var int: Int, int8: Int8, int16: Int16, int32: Int32, int64: Int64
    var uint: UInt, uint8: UInt8, uint16: UInt16, uint32: UInt32, uint64: UInt64
}

private struct Optional: Decodable {
    var int: Int?, int8: Int8?, int16: Int16?, int32: Int32?, int64: Int64?
    var uint: UInt?, uint8: UInt8?, uint16: UInt16?, uint32: UInt32?, uint64: UInt64?
}

/// Checks the ends of a type's range and what lies beyond: at the top, as an element, as a property and as an optional one.
private func checkRange<T: FixedWidthInteger & Codable>(_ type: T.Type, _ least: String, _ below: String, _ most: String, _ above: String)
    throws
{
    let name = "\(type)".lowercased()
    let others = names.filter { $0 != name }.map { ",\"\($0)\":0" }.joined() + "}"
    for (text, value) in [(least, T.min), (most, T.max), ("0", 0), ("-0", 0), ("1", 1)] {
        #expect(try decoded(type, text) == value)
        #expect(try decoded([T].self, "[\(text)]") == [value])
        let present = try decoded(Present.self, "{\"\(name)\":\(text)" + others)
        let optional = try decoded(Optional.self, "{\"\(name)\":\(text)}")
        #expect(Mirror(reflecting: present).descendant(name) as? T == value)
        #expect(Mirror(reflecting: optional).descendant(name) as? T == value)
    }
    for text in [below, above, "99999999999999999999999999", "-99999999999999999999999999", "18446744073709551616", "-9223372036854775809"]
    {
        let rule = "must be \(least) to \(most), is \(text)"
        let column = name.utf8.count + 5
        #expect(decodingError(type, text) == "1:1: " + rule)
        #expect(decodingError([T].self, "[\(text)]") == "1:2: [0]: " + rule)
        #expect(decodingError(Present.self, "{\"\(name)\":\(text)" + others) == "1:\(column): \(name): " + rule)
        #expect(decodingError(Optional.self, "{\"\(name)\":\(text)}") == "1:\(column): \(name): " + rule)
    }
    for text in ["1.0", "1e3", "1E-1", "-0.0"] {
        #expect(decodingError(type, text) == "1:1: must be an integer without fraction or exponent, is \(text)")
    }
    #expect(decodingError(type, "\"1\"") == "1:1: must be an integer, is a string")
    #expect(decodingError(type, "true") == "1:1: must be an integer, is true")
}

struct NumberTests {
    @Test func eightBitIntegersAreHeldToTheirRange() throws {
        try checkRange(Int8.self, "-128", "-129", "127", "128")
        try checkRange(UInt8.self, "0", "-1", "255", "256")
    }

    @Test func sixteenBitIntegersAreHeldToTheirRange() throws {
        try checkRange(Int16.self, "-32768", "-32769", "32767", "32768")
        try checkRange(UInt16.self, "0", "-1", "65535", "65536")
    }

    @Test func thirtyTwoBitIntegersAreHeldToTheirRange() throws {
        try checkRange(Int32.self, "-2147483648", "-2147483649", "2147483647", "2147483648")
        try checkRange(UInt32.self, "0", "-1", "4294967295", "4294967296")
    }

    @Test func sixtyFourBitIntegersAreHeldToTheirRange() throws {
        try checkRange(Int64.self, "-9223372036854775808", "-9223372036854775809", "9223372036854775807", "9223372036854775808")
        try checkRange(Int.self, "-9223372036854775808", "-9223372036854775809", "9223372036854775807", "9223372036854775808")
        try checkRange(UInt64.self, "0", "-1", "18446744073709551615", "18446744073709551616")
        try checkRange(UInt.self, "0", "-1", "18446744073709551615", "18446744073709551616")
    }

    /// Through a double, 2^53 + 1 would become 2^53.
    @Test func integersDoNotPassThroughFloatingPoint() throws {
        #expect(try decoded(Int64.self, "9007199254740993") == 9_007_199_254_740_993)
    }

    @Test(arguments: [
        ("0", 0.0), ("-1.5", -1.5), ("1e3", 1000), ("12", 12), ("5e-324", 5e-324), ("1.7976931348623157e308", .greatestFiniteMagnitude),
    ])
    func doublesTakeEveryNumber(_ text: String, _ value: Double) throws {
        #expect(try decoded(Double.self, text) == value)
    }

    @Test func aDoubleThatDoesNotFitIsRefused() {
        #expect(decodingError(Double.self, "1e400") == "1:1: must be -1.7976931348623157e+308 to 1.7976931348623157e+308, is 1e400")
        #expect(decodingError(Float.self, "-1e39") == "1:1: must be -3.4028235e+38 to 3.4028235e+38, is -1e39")
        #expect(decodingError(Double.self, "null") == "1:1: must be a number, is null")
    }

    @Test func aLongNumberIsCutInItsMiddle() {
        let digits = String(repeating: "9", count: 500)
        #expect(decodingError(Int8.self, digits) == "1:1: must be -128 to 127, is 99999999999999999999…99999999999999999999")
    }
}
