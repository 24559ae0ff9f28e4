import KernelABI
import OCISpec
import Planning
import Testing

@Suite struct PlanSpawnTests {
    @Test func aMiddleProcessIsUsedOnlyWhereAUserNamespaceMeetsJoinedOnes() throws {
        let user = LinuxNamespace(type: .user)
        let joinedUser = LinuxNamespace(type: .user, path: "/n/user")
        let network = LinuxNamespace(type: .network, path: "/n/net")
        let pid = LinuxNamespace(type: .pid, path: "/n/pid")
        #expect(try usesMiddleProcess([]) == false)
        #expect(try usesMiddleProcess([network, pid]) == false)
        #expect(try usesMiddleProcess([user]) == false)
        #expect(try usesMiddleProcess([user, pid]) == false)
        #expect(try usesMiddleProcess([user, network]))
        #expect(try usesMiddleProcess([joinedUser]))
        #expect(try usesMiddleProcess([joinedUser, pid]))
    }

    @Test func theUserNamespaceIsJoinedBehindTheOthersAndBeforeTheMountNamespace() throws {
        var spec = Spec.smallest
        spec.linux?.namespaces = [
            LinuxNamespace(type: .mount, path: "/n/mnt"), LinuxNamespace(type: .user, path: "/n/user"),
            LinuxNamespace(type: .uts, path: "/n/uts"), LinuxNamespace(type: .time, path: "/n/time"),
        ]
        #expect(try plan(spec).spawn.joins.map(\.path) == ["/n/uts", "/n/time", "/n/user", "/n/mnt"])
    }

    @Test func aTimeNamespaceIsMadeByInitAndNotByTheClone() throws {
        var spec = Spec.smallest
        spec.linux?.namespaces?.append(LinuxNamespace(type: .time))
        let spawn = try plan(spec).spawn
        #expect(spawn.timeOffsets == [])
        #expect(!spawn.newNamespaces.contains(.newTime))
        #expect(try plan(.smallest).spawn.timeOffsets == nil)
    }

    @Test func groupsAreLeftAloneInAJoinedUserNamespaceUnlessConfigured() throws {
        var spec = Spec.smallest
        spec.linux?.namespaces?.append(LinuxNamespace(type: .user, path: "/n/user"))
        #expect(try plan(spec).identity.additionalGids == nil)
        spec.process?.user = User(uid: 0, gid: 0, additionalGids: [7])
        #expect(try plan(spec).identity.additionalGids == [7])
    }

    @Test func mappingsBesideAPathAreExpectedAndWarnedOf() throws {
        var spec = Spec.smallest
        spec.linux?.namespaces?.append(LinuxNamespace(type: .user, path: "/n/user"))
        spec.linux?.uidMappings = [LinuxIDMapping(containerID: 0, hostID: 5, size: 6)]
        let made = try plan(spec)
        #expect(made.spawn.userMapping == nil)
        #expect(made.spawn.expectedMapping?.uids == [IDMapping(containerID: 0, hostID: 5, size: 6)])
        #expect(made.warnings.count == 1)
    }

    private func usesMiddleProcess(_ namespaces: [LinuxNamespace]) throws -> Bool {
        var spec = Spec.smallest
        spec.linux?.namespaces?.append(contentsOf: namespaces)
        if namespaces.contains(where: { $0.type == .user && $0.path == nil }) {
            spec.linux?.uidMappings = [LinuxIDMapping(containerID: 0, hostID: 1000, size: 10)]
            spec.linux?.gidMappings = [LinuxIDMapping(containerID: 0, hostID: 1000, size: 10)]
        }
        return try plan(spec).spawn.usesMiddleProcess
    }
}

@Suite struct IDMapTests {
    @Test func aMapOfTheKernelIsRead() {
        let text = Array("         0     100000       1000\n      1000     200000          1\n".utf8)
        #expect(
            parseIDMap(text) == [
                IDMapping(containerID: 0, hostID: 100_000, size: 1000), IDMapping(containerID: 1000, hostID: 200_000, size: 1),
            ])
        #expect(parseIDMap(Array("0 1\n".utf8)) == nil)
        #expect(parseIDMap(Array("0 1 4294967296\n".utf8)) == nil)
    }

    @Test func theOrderAndTheCutsOfRangesDoNotMatter() {
        let whole = [IDMapping(containerID: 0, hostID: 100, size: 30)]
        let cut = [IDMapping(containerID: 10, hostID: 110, size: 20), IDMapping(containerID: 0, hostID: 100, size: 10)]
        #expect(mapsAlike(whole, cut))
        #expect(!mapsAlike(whole, [IDMapping(containerID: 0, hostID: 100, size: 29)]))
        #expect(!mapsAlike(whole, [IDMapping(containerID: 0, hostID: 100, size: 10), IDMapping(containerID: 10, hostID: 111, size: 20)]))
    }

    @Test func rangesAtTheEndOfAllIDsDoNotOverflow() {
        let map = [IDMapping(containerID: 0, hostID: 0, size: .max), IDMapping(containerID: .max, hostID: .max, size: .max)]
        #expect(mapsAlike(map, map))
    }

    @Test func theTextForTheKernelIsOneRangeALine() {
        #expect(
            idMapText([IDMapping(containerID: 0, hostID: 5, size: 6), IDMapping(containerID: 6, hostID: 20, size: 1)]) == "0 5 6\n6 20 1\n")
    }
}
