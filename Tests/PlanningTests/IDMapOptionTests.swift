import OCISpec
import Testing

@testable import Planning

@Suite struct IDMapOptionTests {
    private static let container = Linux(
        uidMappings: [LinuxIDMapping(containerID: 0, hostID: 0, size: 1), LinuxIDMapping(containerID: 1, hostID: 2, size: 1000)],
        gidMappings: [LinuxIDMapping(containerID: 0, hostID: 100_000, size: 65536)])

    @Test func rangesAreRead() throws {
        let map = try InlineIDMap("uids=0-1-10#10-11-10;gids=0-100-10", in: nil)
        #expect(map.uids == [LinuxIDMapping(containerID: 0, hostID: 1, size: 10), LinuxIDMapping(containerID: 10, hostID: 11, size: 10)])
        #expect(map.gids == [LinuxIDMapping(containerID: 0, hostID: 100, size: 10)])
    }

    /// The example of crun(1).
    @Test func aRelativeRangeIsTranslatedByTheContainersMap() throws {
        let map = try InlineIDMap("uids=@1-3-10;gids=@5-0-10", in: IDMapOptionTests.container)
        #expect(map.uids == [LinuxIDMapping(containerID: 1, hostID: 4, size: 10)])
        #expect(map.gids == [LinuxIDMapping(containerID: 5, hostID: 100_000, size: 10)])
    }

    @Test(arguments: ["uids=@0-0-2;gids=0-0-1", "uids=@0-1001-1;gids=0-0-1", "uids=@0-900-200;gids=0-0-1"])
    func aRelativeRangeOutsideOfOneEntryIsRefused(_ text: String) {
        #expect(throws: InlineIDMapProblem(rule: "must lie in one entry of linux.uidMappings where it begins with @")) {
            try InlineIDMap(text, in: IDMapOptionTests.container)
        }
    }

    @Test(arguments: [
        "", "uids=0-1-2", "gids=0-1-2", "uids=;gids=", "uids=0-1;gids=0-1-2", "uids=0-1-2-3;gids=0-1-2", "uids=a-b-c;gids=0-1-2",
        "uids=0-1-4294967296;gids=0-1-2", "uids=-1-1-2;gids=0-1-2", "uids=0-1-2;gids=0-1-2;", "uids=0-1-2;uids=0-1-2;gids=0-1-2",
        "uids=0-1-2,gids=0-1-2",
        "users=0-1-2;gids=0-1-2", "uids=0-1-2#;gids=0-1-2", "uids=+0-1-2;gids=0-1-2",
    ])
    func anotherFormIsRefused(_ text: String) {
        #expect(throws: InlineIDMapProblem(rule: "must be uids=FIRST-OUTSIDE-COUNT#…;gids=…")) { try InlineIDMap(text, in: nil) }
    }
}
