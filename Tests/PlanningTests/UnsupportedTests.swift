import OCISpec
import Planning
import Testing

/// What is not built yet is refused by name, never ignored.
@Suite struct UnsupportedTests {
    @Test(arguments: Property.all) func aPropertyIsRefusedByName(_ property: Property) {
        var spec = Spec.smallest
        property.set(&spec)
        #expect(throws: SpecProblem(property.path, "not supported yet")) { try plan(spec) }
    }

    @Test func anUnsupportedPropertyBreaksNoRule() {
        var spec = Spec.smallest
        spec.process?.terminal = true
        #expect(problems(in: spec, on: .v1) == [])
        #expect(unsupportedProperties(in: spec) == [SpecProblem("process.terminal", "not supported yet")])
    }

    @Test func emptyLabelsCountAsAbsent() throws {
        var spec = Spec.smallest
        spec.process?.selinuxLabel = ""
        spec.process?.apparmorProfile = ""
        spec.linux?.mountLabel = ""
        #expect(try plan(spec).warnings == [])
    }
}

/// One property that is not built yet, and how to set it.
struct Property: Sendable, CustomTestStringConvertible {
    let path: String
    let set: @Sendable (inout Spec) -> Void

    init(_ path: String, _ set: @escaping @Sendable (inout Spec) -> Void) {
        self.path = path
        self.set = set
    }

    var testDescription: String { path }

    static let all = [
        Property("process.terminal", { $0.process?.terminal = true })
    ]
}
