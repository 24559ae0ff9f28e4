import Kernel
import KernelABI
import Testing

/// Numbers in this suite are compared with what else the process opens, so its tests run one after the other and on numbers far up.
@Suite(.serialized) struct DescriptorTests {
    @Test func aDescriptorIsClosedAtTheEndOfItsLife() throws {
        let number = try duplicate(try Kernel.open("/dev/null", .readOnly), atLeast: 300).release()
        #expect(isOpen(number))
        do { _ = FileDescriptor(adopting: number) }
        #expect(!isOpen(number))
    }

    @Test func aReleasedNumberStaysOpen() throws {
        let number = try Kernel.open("/dev/null", .readOnly).release()
        #expect(isOpen(number))
        _ = FileDescriptor(adopting: number)
    }

    @Test func aDescriptorIsClosedOnExec() throws {
        let file = try Kernel.open("/dev/null", .readOnly)
        #expect(try closesOnExec(file.number))
    }

    @Test func aListClosesAllItHolds() throws {
        var numbers: [Int32] = []
        do {
            var list = DescriptorList()
            for _ in 0..<3 { list.append(try duplicate(try Kernel.open("/dev/null", .readOnly), atLeast: 320)) }
            numbers = [list.number(at: 0), list.number(at: 1), list.number(at: 2)]
            #expect(list.count == 3)
            #expect(numbers.filter(isOpen) == numbers)
        }
        #expect(numbers.filter(isOpen) == [])
    }

    @Test func aListHandsOutItsLastAndItsFirst() throws {
        var list = DescriptorList()
        for _ in 0..<3 { list.append(try Kernel.open("/dev/null", .readOnly)) }
        let numbers = [list.number(at: 0), list.number(at: 1), list.number(at: 2)]
        let last = list.removeLast()?.release()
        let first = list.removeFirst()?.release()
        let count = list.count
        #expect(last == numbers[2])
        #expect(first == numbers[0])
        #expect(count == 1)
        for number in [last, first] { _ = number.map { FileDescriptor(adopting: $0) } }
    }

    @Test func theNonBlockingModeIsSwitched() throws {
        let pipe = try Kernel.pipe()
        try setNonBlocking(pipe.first, true)
        #expect(errno { () throws(SyscallError) in _ = try readSome(pipe.first, limit: 1) } == .EAGAIN)
        try setNonBlocking(pipe.first, false)
        try writeAll(pipe.second, [7], subject: "pipe")
        #expect(try readSome(pipe.first, limit: 1) == [7])
    }

    @Test func aDuplicateHasTheNumberAskedFor() throws {
        let file = try Kernel.open("/dev/null", .readOnly)
        try duplicate(file.number, to: 350, closeOnExec: false)
        let copy = FileDescriptor(adopting: 350)
        #expect(try !closesOnExec(copy.number))
        #expect(try status(of: copy).rdev == DeviceNumber(major: 1, minor: 3))
    }

    @Test func aDuplicateOfItselfOnlyChangesTheMark() throws {
        let file = try Kernel.open("/dev/null", .readOnly)
        try duplicate(file.number, to: file.number, closeOnExec: false)
        #expect(try !closesOnExec(file.number))
    }

    @Test func aDuplicateAboveALimitIsAbove() throws {
        let file = try Kernel.open("/dev/null", .readOnly)
        let copy = try duplicate(file, atLeast: 360)
        #expect(copy.number >= 360)
        #expect(try closesOnExec(copy.number))
    }

    @Test(arguments: [false, true])
    func aRangeIsClosed(_ oneByOne: Bool) throws {
        let file = try Kernel.open("/dev/null", .readOnly)
        for number in Int32(400)...403 { try duplicate(file.number, to: number, closeOnExec: true) }
        if oneByOne { try closeEach(from: 401, through: 402, markOnly: false) } else { try closeRange(from: 401, through: 402) }
        #expect([400, 401, 402, 403].filter(isOpen) == [400, 403])
        for number in [400, 403] as [Int32] { _ = FileDescriptor(adopting: number) }
    }

    @Test(arguments: [false, true])
    func aRangeIsMarked(_ oneByOne: Bool) throws {
        let file = try Kernel.open("/dev/null", .readOnly)
        for number in Int32(410)...413 { try duplicate(file.number, to: number, closeOnExec: false) }
        if oneByOne {
            try closeEach(from: 411, through: 412, markOnly: true)
        } else {
            try closeRange(from: 411, through: 412, markOnly: true)
        }
        #expect(try [410, 411, 412, 413].filter { try closesOnExec($0) } == [411, 412])
        for number in Int32(410)...413 { _ = FileDescriptor(adopting: number) }
    }

    @Test func anEmptyRangeIsRefused() {
        #expect(errno { () throws(SyscallError) in try closeRange(from: 2, through: 1) } == .EINVAL)
    }

    private func closesOnExec(_ number: Int32) throws -> Bool {
        let lines = String(decoding: try readFile("/proc/self/fdinfo/\(number)", limit: 4096), as: UTF8.self).split(separator: "\n")
        let flags = try #require(lines.first { $0.hasPrefix("flags:") }?.dropFirst(6).drop { $0 == "\t" })
        return try #require(Int32(flags, radix: 8)) & OpenFlags.closeOnExec.rawValue != 0
    }
}
