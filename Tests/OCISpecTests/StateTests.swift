import JSON
import OCISpec
import Testing

@Suite("State documents")
struct StateTests {
    @Test func hooksReadOneLineInRuncsOrder() throws {
        let state = State(id: "c1", status: .creating, pid: 4422, bundle: "/b", annotations: ["z": "1", "a.b/c": "<&>"])
        #expect(try state.json == Fixture.named("hook-creating.json", in: "state").bytes)
    }

    @Test func aStateWithoutProcessOrAnnotationsHasNoSuchKeys() throws {
        let state = State(id: "c1", status: .stopped, pid: 0, bundle: "/b", annotations: [:])
        #expect(try state.json == Fixture.named("hook-stopped.json", in: "state").bytes)
    }

    @Test func theListenerReadsOneLineWithTheStateInside() throws {
        let state = State(id: "c1", status: .creating, pid: 4422, bundle: "/b", annotations: ["k": "v"])
        let message = ContainerProcessState(pid: 4422, metadata: "{\"mknod\":true}", state: state)
        #expect(try message.json == Fixture.named("seccomp-listener.json", in: "state").bytes)
    }

    @Test func theListenersMetadataIsLeftOutWhenThereIsNone() throws {
        let message = ContainerProcessState(pid: 7, state: State(id: "c1", status: .running, pid: 3, bundle: "/b"))
        #expect(
            String(decoding: message.json, as: UTF8.self)
                == #"{"ociVersion":"1.3.0","fds":["seccompFd"],"pid":7,"state":{"ociVersion":"1.3.0","id":"c1","status":"running","pid":3,"bundle":"/b"}}"#
        )
    }

    @Test func theCommandPrintsRuncsShape() throws {
        let document = StateDocument(
            id: "c1", pid: 26072, status: .running, bundle: "/b", rootfs: "/b/rootfs", created: "2026-11-22T03:24:25.692418049Z",
            annotations: ["k": "v"])
        #expect(try document.json == Fixture.named("state-running.json", in: "state").bytes)
    }

    @Test func theCommandPrintsPidZeroOfAStoppedContainerAndNoEmptyAnnotations() throws {
        let document = StateDocument(
            id: "c1", pid: 0, status: .stopped, bundle: "/b", rootfs: "/b/rootfs", created: "2026-11-22T03:24:25Z", annotations: [:],
            owner: "root")
        #expect(try document.json == Fixture.named("state-stopped.json", in: "state").bytes)
    }

    @Test func documentsStandInAListOfOneLine() {
        let document = StateDocument(id: "a", pid: 1, status: .created, bundle: "/b", rootfs: "/b/r", created: "t", owner: "root")
        var json = JSONWriter()
        json.array { json in document.write(to: &json) }
        #expect(
            json.text
                == #"[{"ociVersion":"1.3.0","id":"a","pid":1,"status":"created","bundle":"/b","rootfs":"/b/r","created":"t","owner":"root"}]"#
        )
    }

    @Test func whatIsWrittenCanBeRead() throws {
        let state = State(id: "c1", status: .paused, pid: 1, bundle: "/b ☃", annotations: ["k\n": "\u{2028}"])
        #expect(try JSON.decode(State.self, from: state.json) == state)
        let message = ContainerProcessState(pid: 1, metadata: "m", state: state)
        #expect(try JSON.decode(ContainerProcessState.self, from: message.json) == message)
        let document = StateDocument(
            id: "c1", pid: 1, status: .paused, bundle: "/b", rootfs: "/r", created: "t", annotations: ["k": "v"], owner: "o")
        #expect(try JSON.decode(StateDocument.self, from: document.json) == document)
    }

    @Test func theStatusWordsAreTheSpecifications() {
        #expect(ContainerStatus.allCases.map(\.rawValue) == ["creating", "created", "running", "paused", "stopped"])
    }
}
