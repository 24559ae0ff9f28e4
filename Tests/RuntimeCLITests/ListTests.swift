import OCISpec
import Testing

@testable import RuntimeCLI

private let web = StateDocument(
    ociVersion: "1.3.0", id: "web1", pid: 1143, status: .running, bundle: "/b", rootfs: "/b/rootfs",
    created: "2026-11-22T05:54:34.409612148Z",
    annotations: ["k": "v<"], owner: "root")
private let long = StateDocument(
    ociVersion: "1.3.0", id: "a-rather-long-id", pid: 0, status: .stopped, bundle: "/bündel", rootfs: "/r", created: "2026-11-22T05:54:34Z",
    owner: "1000")

struct ListTests {
    @Test func anEmptyTableIsItsHeading() {
        #expect(String(decoding: stateTable([]), as: UTF8.self) == "ID          PID         STATUS      BUNDLE      CREATED     OWNER\n")
    }

    @Test func aTableIsAsWideAsItsCells() {
        #expect(
            String(decoding: stateTable([web, long]), as: UTF8.self)
                == """
                ID                 PID         STATUS      BUNDLE      CREATED                          OWNER
                web1               1143        running     /b          2026-11-22T05:54:34.409612148Z   root
                a-rather-long-id   0           stopped     /bündel     2026-11-22T05:54:34Z             1000

                """)
    }

    @Test func noContainerIsNullInJSON() {
        #expect(String(decoding: stateArray([]), as: UTF8.self) == "null\n")
    }

    @Test func containersAreOneLineOfJSON() {
        #expect(
            String(decoding: stateArray([web, long]), as: UTF8.self)
                == #"[{"ociVersion":"1.3.0","id":"web1","pid":1143,"status":"running","bundle":"/b","rootfs":"/b/rootfs","#
                + #""created":"2026-11-22T05:54:34.409612148Z","annotations":{"k":"v\u003c"},"owner":"root"},"#
                + #"{"ociVersion":"1.3.0","id":"a-rather-long-id","pid":0,"status":"stopped","bundle":"/bündel","rootfs":"/r","#
                + #""created":"2026-11-22T05:54:34Z","owner":"1000"}]"# + "\n")
    }

    @Test func quietPrintsOneIDALine() {
        #expect(String(decoding: idLines([web, long]), as: UTF8.self) == "web1\na-rather-long-id\n")
        #expect(idLines([]).isEmpty)
    }

    @Test func aRootThatWasAskedForMustBeThere() throws {
        let outcome = try call("--root /proc/no-such-root list")
        #expect(
            outcome
                == Outcome(
                    status: 1, output: "",
                    error: errorLine("list: read --root /proc/no-such-root: statx(2): ENOENT (no such file or directory)")))
    }
}

struct UserNameTests {
    private let passwd = Array(
        "root:x:0:0:root:/root:/bin/bash\n\nbroken\n:x:7:7::/:\nweb:x:1000:1000::/home/web:/bin/sh\nother:x:1000::".utf8)

    @Test(arguments: [(0, "root"), (1000, "web")] as [(UInt32, String)])
    func theFirstEntryOfAnIDNamesIt(id: UInt32, name: String) {
        #expect(userName(of: id, inPasswd: passwd) == name)
    }

    @Test(arguments: [1, 7, 100] as [UInt32])
    func anIDWithoutAnEntryHasNoName(id: UInt32) {
        #expect(userName(of: id, inPasswd: passwd) == nil)
    }
}
