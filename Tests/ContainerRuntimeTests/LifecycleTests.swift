import OCISpec
import Testing

@testable import ContainerRuntime

@Suite struct OperationTests {
    /// docs/ARCHITECTURE.md, "State across processes", row by row: creating, created, running, paused, stopped.
    private static let table: [(Operation, String)] = [
        (.start, "-y---"), (.kill, "-yyy-"), (.exec, "-yy--"), (.update, "-yyy-"), (.pause, "-yy--"), (.resume, "---y-"),
        (.delete, "-y--y"),
        (.forcedDelete, "yyyyy"),
    ]

    @Test func theTableNamesEveryOperation() {
        #expect(Set(OperationTests.table.map(\.0)) == Set(Operation.allCases))
    }

    @Test(arguments: table)
    func eachOperationIsAllowedWhereTheTableSaysSo(_ operation: Operation, _ row: String) {
        let statuses: [ContainerStatus] = [.creating, .created, .running, .paused, .stopped]
        let allowed = statuses.map { operation.isAllowed(in: $0) ? "y" : "-" }.joined()
        #expect(allowed == row)
    }

    @Test func strictlyACreatedContainerIsNotDeleted() {
        #expect(!Operation.delete.isAllowed(in: .created, isStrict: true))
        #expect(Operation.delete.isAllowed(in: .stopped, isStrict: true))
        #expect(Operation.forcedDelete.isAllowed(in: .created, isStrict: true))
    }
}

@Suite struct IDTests {
    @Test(arguments: ["a", "web1", "A_b+c.d-e", "0", "..a", "_", String(repeating: "x", count: 255)])
    func aPlainNameIsAnID(_ id: String) throws {
        try ContainerFactory.checkID(id)
    }

    @Test(arguments: [
        ".", "..", "a/b", "../a", "a b", "ä", "-a", "--root", "a\u{0}", "a\nb", "a:b", "a@b", String(repeating: "x", count: 256),
    ])
    func anythingElseIsRefusedWithTheWordsThatEnginesKnow(_ id: String) {
        let error = #expect(throws: RuntimeError.self) { try ContainerFactory.checkID(id) }
        #expect(error?.kind == .invalidArgument)
        #expect(error?.message.hasPrefix("invalid container ID format") == true)
    }

    @Test func anEmptyIDIsToldApart() {
        let error = #expect(throws: RuntimeError.self) { try ContainerFactory.checkID("") }
        #expect(error?.message == "container id cannot be empty")
    }
}
