import Foundation
import JSON
import OCISpec
import Testing

@Suite("Reading configurations")
struct ConfigurationTests {
    static let valid = Fixture.configurations(in: "valid")
    static let refused = Fixture.configurations(in: "invalid/json")
    static let broken = Fixture.configurations(in: "invalid/rules")

    @Test func thereAreAsManyFixturesAsWeMeanToHave() {
        #expect(Self.valid.count >= 75)
        #expect(Self.refused.count >= 120)
        #expect(Self.broken.count >= 110)
    }

    @Test(arguments: valid) func aValidConfigurationIsRead(_ fixture: Fixture) throws {
        _ = try Spec(configJSON: fixture.bytes)
    }

    @Test(arguments: valid) func aValidConfigurationSurvivesWritingAndReading(_ fixture: Fixture) throws {
        let spec = try Spec(configJSON: fixture.bytes)
        #expect(try Spec(configJSON: spec.configJSON()) == spec)
    }

    // Foundation's decoder and encoder are the second opinion on what ours keep.
    @Test(arguments: valid) func foundationReadsTheSame(_ fixture: Fixture) throws {
        #expect(try Spec(configJSON: fixture.bytes) == JSONDecoder().decode(Spec.self, from: Data(fixture.bytes)))
    }

    @Test(arguments: valid) func foundationReadsTheSameInWhatWeWrite(_ fixture: Fixture) throws {
        let spec = try Spec(configJSON: fixture.bytes)
        #expect(try JSONDecoder().decode(Spec.self, from: Data(spec.configJSON())) == spec)
    }

    @Test(arguments: refused) func aRefusedConfigurationNamesPathAndRule(_ fixture: Fixture) throws {
        let expected = try fixture.expectation
        let bytes = try fixture.bytes
        let error = try #require(throws: JSONError.self) { try Spec(configJSON: bytes) }
        #expect(error.pointer == expected.pointer)
        #expect(error.rule == expected.rule)
        #expect(error.line > 0 && error.column > 0)
    }

    @Test(arguments: broken) func aConfigurationThatBreaksARuleCanBeRead(_ fixture: Fixture) throws {
        _ = try Spec(configJSON: fixture.bytes)
        #expect(try !fixture.expectation.pointer.isEmpty)
    }

    // Every key of the model occurs in some fixture with a value, so the tests above cover the whole model.
    @Test func theFixturesUseEveryPropertyOfTheModel() throws {
        var seen: Set<String> = []
        for fixture in Self.valid { collect(try Spec(configJSON: fixture.bytes), into: &seen) }
        var declared: Set<String> = []
        var present: Set<String> = []
        for entry in seen {
            if entry.hasSuffix("?") { declared.insert(String(entry.dropLast())) } else { present.insert(entry) }
        }
        #expect(declared.subtracting(present).sorted() == [])
        #expect(present.count > 140)
    }

    /// Adds `Type.property` for each property that has a value and `Type.property?` for each that exists.
    private func collect(_ value: Any, into seen: inout Set<String>) {
        let mirror = Mirror(reflecting: value)
        switch mirror.displayStyle {
        case .optional, .collection: for child in mirror.children { collect(child.value, into: &seen) }
        case .dictionary:
            for child in mirror.children {
                for part in Mirror(reflecting: child.value).children { collect(part.value, into: &seen) }
            }
        case .struct where String(reflecting: type(of: value)).hasPrefix("OCISpec."):
            for child in mirror.children {
                let name = "\(type(of: value)).\(child.label ?? "")"
                seen.insert(name + "?")
                let isAbsent = Mirror(reflecting: child.value).displayStyle == .optional && Mirror(reflecting: child.value).children.isEmpty
                if !isAbsent { seen.insert(name) }
                collect(child.value, into: &seen)
            }
        default: break
        }
    }
}

@Suite("What reading keeps apart")
struct AbsenceTests {
    @Test func anAbsentListIsNotAnEmptyOne() throws {
        let absent = try Spec(configJSON: Array(#"{"ociVersion":"1.3.0"}"#.utf8))
        let empty = try Spec(configJSON: Array(#"{"ociVersion":"1.3.0","mounts":[]}"#.utf8))
        #expect(absent.mounts == nil)
        #expect(empty.mounts == [])
    }

    @Test func nullIsAbsent() throws {
        let spec = try Spec(configJSON: Array(#"{"ociVersion":"1.3.0","mounts":null,"linux":{"resources":null}}"#.utf8))
        #expect(spec.mounts == nil)
        #expect(spec.linux == Linux())
    }

    @Test func textIsKeptByteForByte() throws {
        let spec = try Spec(configJSON: Fixture.named("spaces-and-escapes.json", in: "config/valid").bytes)
        #expect(spec.root?.path == "rootfs/sub")
        #expect(spec.hostname == "😀")
        // Decomposed: the letter and its diaeresis stay two scalars, as file names need it.
        #expect(spec.annotations?.keys.first.map { Array($0.unicodeScalars.map(\.value)) } == [0xE4, 0x308])
        #expect(spec.annotations?.values.first == "\u{8}\u{C}\n\r\t\"\\/")
    }

    @Test func theLargestNumbersAreExact() throws {
        let full = try Spec(configJSON: Fixture.named("process-full.json", in: "config/valid").bytes)
        #expect(full.process?.rlimits?.last == POSIXRlimit(type: .stack, hard: 18_446_744_073_709_551_615, soft: 8_388_608))
        #expect(full.process?.user?.additionalGids?.last == 4_294_967_294)
    }
}
