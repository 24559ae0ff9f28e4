/// A system call that some architectures have behind another one: socketcall(2) or ipc(2), whose first argument says which is meant.
///
/// Since Linux 4.3 (x86, s390) and 5.1 (ipc), before that on others, these architectures have most of them directly as well.
/// See include/uapi/linux/net.h, include/uapi/linux/ipc.h.
public struct MultiplexedCall: Sendable, Hashable {
    /// Whether ipc(2) leads to it, not socketcall(2).
    public let isIPC: Bool
    /// The first argument of the multiplexer: `SYS_SOCKET` (1) to `SYS_SENDMMSG` (20), or `SEMOP` (1) to `SHMCTL` (24).
    public let selector: UInt32

    /// The call that libseccomp gives the negative number `pseudoNumber` where a multiplexer leads to it: -101 to -120 and -201 to -224.
    public init?(pseudoNumber: Int32) {
        switch pseudoNumber {
        case -120 ... -101: self.init(isIPC: false, selector: UInt32(-100 - pseudoNumber))
        case -224 ... -201: self.init(isIPC: true, selector: UInt32(-200 - pseudoNumber))
        default: return nil
        }
    }

    private init(isIPC: Bool, selector: UInt32) {
        self.isIPC = isIPC
        self.selector = selector
    }

    /// The name of the system call that leads to it.
    public var multiplexer: String { isIPC ? "ipc" : "socketcall" }

    /// Its own number on `architecture`, beside the multiplexer; `nil` where it has none. See the kernel's `syscall.tbl` of each.
    public func directNumber(on architecture: SeccompArchitecture) -> UInt32? {
        switch architecture {
        case .x86: isIPC ? ipcNumber() : newSocketNumber(receiveMany: 337, sendMany: 345)
        case .s390: isIPC ? ipcNumber() : newSocketNumber(receiveMany: 357, sendMany: 358)
        case .s390x: isIPC ? ipcNumber(hasTimedOperation: true) : newSocketNumber(receiveMany: 357, sendMany: 358)
        case .ppc: isIPC ? ipcNumber() : powerSocketNumber
        case .ppc64, .ppc64le: isIPC ? ipcNumber(hasTimedOperation: true) : powerSocketNumber
        case .mips, .mipsel: (isIPC ? ipcNumber() : mipsSocketNumber).map { $0 + 4000 }
        default: nil
        }
    }

    /// The numbers that all these architectures were given alike in Linux 5.1; semop(2) has none.
    private func ipcNumber(hasTimedOperation: Bool = false) -> UInt32? {
        switch selector {
        case 2, 3: 391 + selector  // semget, semctl
        case 4: hasTimedOperation ? 392 : nil  // semtimedop
        case 11, 12: 389 + selector  // msgsnd, msgrcv
        case 13: 399  // msgget
        case 14: 402  // msgctl
        case 21, 22: 376 + selector  // shmat, shmdt
        case 23: 395  // shmget
        case 24: 396  // shmctl
        default: nil
        }
    }

    /// x86 and s390 share what Linux 4.3 added; accept(2), send(2) and recv(2) were left out.
    private func newSocketNumber(receiveMany: UInt32, sendMany: UInt32) -> UInt32? {
        switch selector {
        case 1: 359  // socket
        case 2...4: 359 + selector  // bind, connect, listen
        case 6, 7: 361 + selector  // getsockname, getpeername
        case 8: 360  // socketpair
        case 11: 369  // sendto
        case 12: 371  // recvfrom
        case 13: 373  // shutdown
        case 14: 366  // setsockopt
        case 15: 365  // getsockopt
        case 16: 370  // sendmsg
        case 17: 372  // recvmsg
        case 18: 364  // accept4
        case 19: receiveMany
        case 20: sendMany
        default: nil
        }
    }

    private var powerSocketNumber: UInt32? {
        switch selector {
        case 1...9: 325 + selector  // socket, bind, connect, listen, accept, getsockname, getpeername, socketpair, send
        case 10: 336  // recv
        case 11: 335  // sendto
        case 12...17: 325 + selector  // recvfrom, shutdown, setsockopt, getsockopt, sendmsg, recvmsg
        case 18: 344  // accept4
        case 19: 343  // recvmmsg
        case 20: 349  // sendmmsg
        default: nil
        }
    }

    private var mipsSocketNumber: UInt32? {
        switch selector {
        case 1: 183  // socket
        case 2, 3: 167 + selector  // bind, connect
        case 4: 174  // listen
        case 5: 168  // accept
        case 6: 172  // getsockname
        case 7: 171  // getpeername
        case 8: 184  // socketpair
        case 9: 178  // send
        case 10: 175  // recv
        case 11: 180  // sendto
        case 12: 176  // recvfrom
        case 13: 182  // shutdown
        case 14: 181  // setsockopt
        case 15: 173  // getsockopt
        case 16: 179  // sendmsg
        case 17: 177  // recvmsg
        case 18, 19: 316 + selector  // accept4, recvmmsg
        case 20: 343  // sendmmsg
        default: nil
        }
    }
}
