import JSON
import Planning
import Testing

@testable import ContainerRuntime

@Suite struct RecordTests {
    private static let full = """
        {"id":"web1","bundle":"/b","rootfs":"/b/rootfs","phase":"created","created":"2026-11-22T03:24:25.692418049Z",\
        "creator":{"pid":7,"startTime":18446744073709551615},"process":{"pid":8,"startTime":9},\
        "annotations":{"a.b":"c","d":""},\
        "cgroup":{"hierarchies":[{"controllers":["cpu","cpuacct"],"mountPoint":"/sys/fs/cgroup/cpu","path":"web1"}],\
        "unified":{"controllers":[],"mountPoint":"/sys/fs/cgroup/unified","path":"web1"}},"madeCgroup":{"hierarchies":[]},\
        "rdt":{"group":"/sys/fs/resctrl/web1","removesGroup":true,"monitor":"/sys/fs/resctrl/web1/mon_groups/web1"},\
        "hasOwnPIDNamespace":true,"hasProgram":false,\
        "poststart":[{"origin":"hooks.poststart[0]","path":"/bin/a","arguments":["a","\\"b\\""],"environment":["K=v"],"timeoutSeconds":3}],\
        "poststop":[{"origin":"hooks.poststop[0]","path":"/bin/c","arguments":[]}]}
        """
    private static let small = """
        {"id":"c","bundle":"/b","rootfs":"/r","phase":"creating","created":"","creator":{"pid":1,"startTime":2},\
        "annotations":{},"cgroup":{"hierarchies":[]},"hasOwnPIDNamespace":false,"hasProgram":true,"poststart":[],"poststop":[]}
        """

    @Test(arguments: [full, small])
    func aRecordIsWrittenAsItWasRead(_ text: String) throws {
        let record = try ContainerRecord(JSONValue(JSONTape(parsing: Array(text.utf8))))
        #expect(String(decoding: record.json, as: UTF8.self) == text)
    }

    @Test func everyFieldIsRead() throws {
        let record = try ContainerRecord(JSONValue(JSONTape(parsing: Array(RecordTests.full.utf8))))
        #expect(record.phase == .created)
        #expect(record.creator == ProcessIdentity(pid: 7, startTime: .max))
        #expect(record.process == ProcessIdentity(pid: 8, startTime: 9))
        #expect(record.cgroup.hierarchies.first?.absolutePath == "/sys/fs/cgroup/cpu/web1")
        #expect(record.madeCgroup == CgroupHandle(hierarchies: [], unified: nil))
        #expect(record.poststart.first?.arguments == ["a", "\"b\""])
        #expect(record.poststop.first?.environment == nil)
        #expect(record.annotations == ["a.b": "c", "d": ""])
    }

    @Test func theSummaryHasWhatListShows() throws {
        let summary = try ContainerRecord.Summary(record: Array(RecordTests.full.utf8)[...])
        #expect(summary?.id == "web1")
        #expect(summary?.rootfs == "/b/rootfs")
        #expect(summary?.process == ProcessIdentity(pid: 8, startTime: 9))
        #expect(summary?.annotations == ["a.b": "c", "d": ""])
    }

    @Test(arguments: [small, String(full.dropLast()), "{\"id\":\"c\"}", ""])
    func aRecordThatIsNotAsUsualHasNoSummary(_ text: String) throws {
        #expect(try ContainerRecord.Summary(record: Array(text.utf8)[...])?.id == nil)
    }

    @Test(arguments: ["null", "[]", "{}", "\"x\"", "1"])
    func anythingElseIsRefused(_ text: String) throws {
        let tape = try JSONTape(parsing: Array(text.utf8))
        #expect(throws: JSONError.self) { try ContainerRecord(JSONValue(tape)) }
    }

    @Test(arguments: ["\"pid\":7", "\"hasProgram\":false", "\"id\":\"web1\"", "\"mountPoint\":\"/sys/fs/cgroup/cpu\"", "\"a.b\":\"c\""])
    func aValueOfAnotherTypeIsRefused(_ member: String) throws {
        let key = try #require(member.split(separator: ":").first)
        let broken = RecordTests.full.split(separator: member, maxSplits: 1).joined(separator: "\(key):[]")
        let tape = try JSONTape(parsing: Array(broken.utf8))
        #expect(throws: JSONError.self) { try ContainerRecord(JSONValue(tape)) }
    }
}
