import KernelABI
import Testing

@Suite struct FileModeTests {
    @Test func aModeIsTakenApart() {
        let mode = FileMode(rawValue: 0o104755)
        #expect(mode.type == .regular)
        #expect(mode.permissions == FileMode(rawValue: 0o4755))
    }

    @Test func aModeIsPutTogether() {
        #expect(FileMode(type: .characterDevice, permissions: 0o666).rawValue == 0o020666)
    }

    @Test func emptyTypeBitsAreNoType() {
        #expect(FileMode(rawValue: 0o600).type == nil)
    }

    @Test func directoryEntryTypesAreThoseOfTheKernel() {
        #expect(FileType(directoryEntryType: 1) == .fifo)
        #expect(FileType(directoryEntryType: 4) == .directory)
        #expect(FileType(directoryEntryType: 8) == .regular)
        #expect(FileType(directoryEntryType: 10) == .symlink)
        #expect(FileType(directoryEntryType: 0) == nil)
        #expect(FileType(directoryEntryType: 255) == nil)
    }
}

@Suite struct DeviceNumberTests {
    /// The expected values are those of makedev(3).
    @Test(
        arguments: [
            (DeviceNumber(major: 0, minor: 0), 0), (DeviceNumber(major: 1, minor: 3), 0x103),
            (DeviceNumber(major: 259, minor: 256), 0x11_0300),
            (DeviceNumber(major: 4095, minor: 1_048_575), 0xffff_ffff),
            (DeviceNumber(major: 0x1234_5678, minor: 0x9abc_def0), 0x1234_59ab_cde6_78f0),
        ] as [(DeviceNumber, UInt64)])
    func theEncodingIsTheCLibrarys(_ device: DeviceNumber, _ encoded: UInt64) {
        #expect(device.encoded == encoded)
        #expect(DeviceNumber(encoded: encoded) == device)
    }

    @Test func theKernelHasTwelveBitsOfMajorAndTwentyOfMinor() {
        #expect(DeviceNumber(major: 4095, minor: 1_048_575).fitsKernel)
        #expect(!DeviceNumber(major: 4096, minor: 0).fitsKernel)
        #expect(!DeviceNumber(major: 0, minor: 1_048_576).fitsKernel)
    }

    @Test func itReadsMajorColonMinor() {
        #expect("\(DeviceNumber(major: 1, minor: 3))" == "1:3")
    }
}

@Suite struct IDMappingTests {
    @Test func aLineHoldsTheThreeNumbers() {
        #expect(IDMapping(containerID: 0, hostID: 100_000, size: 65536).line == "0 100000 65536")
    }
}
