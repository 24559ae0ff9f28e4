/// An error number of the kernel, as it stands in `errno` after a failed call.
///
/// The constants carry the kernel's own names. See errno(3); include/uapi/asm-generic/errno.h.
public struct Errno: RawRepresentable, Sendable, Hashable, CustomStringConvertible {
    /// The positive number, such as 2 for `ENOENT`.
    public let rawValue: Int32

    /// Wraps `rawValue`, known or not.
    public init(rawValue: Int32) {
        self.rawValue = rawValue
    }

    /// The kernel's name, such as `ENOENT`; `errno 999` for a number without one.
    public var name: String {
        nameAndMessage?.name ?? "errno \(rawValue)"
    }

    /// The C library's text with a lower-case initial, such as `no such file or directory`; `errno 999` for a number without one.
    public var message: String {
        nameAndMessage?.message ?? "errno \(rawValue)"
    }

    /// Name and text: `ENOENT (no such file or directory)`.
    public var description: String {
        guard let (name, message) = nameAndMessage else { return "errno \(rawValue)" }
        return "\(name) (\(message))"
    }
}

// swift-format-ignore: AlwaysUseLowerCamelCase
extension Errno {
    /// Operation not permitted.
    public static var EPERM: Errno { Errno(rawValue: 1) }
    /// No such file or directory.
    public static var ENOENT: Errno { Errno(rawValue: 2) }
    /// No such process.
    public static var ESRCH: Errno { Errno(rawValue: 3) }
    /// Interrupted system call.
    public static var EINTR: Errno { Errno(rawValue: 4) }
    /// Input/output error.
    public static var EIO: Errno { Errno(rawValue: 5) }
    /// No such device or address.
    public static var ENXIO: Errno { Errno(rawValue: 6) }
    /// Argument list too long.
    public static var E2BIG: Errno { Errno(rawValue: 7) }
    /// Exec format error.
    public static var ENOEXEC: Errno { Errno(rawValue: 8) }
    /// Bad file descriptor.
    public static var EBADF: Errno { Errno(rawValue: 9) }
    /// No child processes.
    public static var ECHILD: Errno { Errno(rawValue: 10) }
    /// Resource temporarily unavailable.
    public static var EAGAIN: Errno { Errno(rawValue: 11) }
    /// Cannot allocate memory.
    public static var ENOMEM: Errno { Errno(rawValue: 12) }
    /// Permission denied.
    public static var EACCES: Errno { Errno(rawValue: 13) }
    /// Bad address.
    public static var EFAULT: Errno { Errno(rawValue: 14) }
    /// Block device required.
    public static var ENOTBLK: Errno { Errno(rawValue: 15) }
    /// Device or resource busy.
    public static var EBUSY: Errno { Errno(rawValue: 16) }
    /// File exists.
    public static var EEXIST: Errno { Errno(rawValue: 17) }
    /// Invalid cross-device link.
    public static var EXDEV: Errno { Errno(rawValue: 18) }
    /// No such device.
    public static var ENODEV: Errno { Errno(rawValue: 19) }
    /// Not a directory.
    public static var ENOTDIR: Errno { Errno(rawValue: 20) }
    /// Is a directory.
    public static var EISDIR: Errno { Errno(rawValue: 21) }
    /// Invalid argument.
    public static var EINVAL: Errno { Errno(rawValue: 22) }
    /// Too many open files in system.
    public static var ENFILE: Errno { Errno(rawValue: 23) }
    /// Too many open files.
    public static var EMFILE: Errno { Errno(rawValue: 24) }
    /// Inappropriate ioctl for device.
    public static var ENOTTY: Errno { Errno(rawValue: 25) }
    /// Text file busy.
    public static var ETXTBSY: Errno { Errno(rawValue: 26) }
    /// File too large.
    public static var EFBIG: Errno { Errno(rawValue: 27) }
    /// No space left on device.
    public static var ENOSPC: Errno { Errno(rawValue: 28) }
    /// Illegal seek.
    public static var ESPIPE: Errno { Errno(rawValue: 29) }
    /// Read-only file system.
    public static var EROFS: Errno { Errno(rawValue: 30) }
    /// Too many links.
    public static var EMLINK: Errno { Errno(rawValue: 31) }
    /// Broken pipe.
    public static var EPIPE: Errno { Errno(rawValue: 32) }
    /// Numerical argument out of domain.
    public static var EDOM: Errno { Errno(rawValue: 33) }
    /// Numerical result out of range.
    public static var ERANGE: Errno { Errno(rawValue: 34) }
    /// Resource deadlock avoided.
    public static var EDEADLK: Errno { Errno(rawValue: 35) }
    /// File name too long.
    public static var ENAMETOOLONG: Errno { Errno(rawValue: 36) }
    /// No locks available.
    public static var ENOLCK: Errno { Errno(rawValue: 37) }
    /// Function not implemented.
    public static var ENOSYS: Errno { Errno(rawValue: 38) }
    /// Directory not empty.
    public static var ENOTEMPTY: Errno { Errno(rawValue: 39) }
    /// Too many levels of symbolic links.
    public static var ELOOP: Errno { Errno(rawValue: 40) }
    /// No message of desired type.
    public static var ENOMSG: Errno { Errno(rawValue: 42) }
    /// Identifier removed.
    public static var EIDRM: Errno { Errno(rawValue: 43) }
    /// Channel number out of range.
    public static var ECHRNG: Errno { Errno(rawValue: 44) }
    /// Level 2 not synchronized.
    public static var EL2NSYNC: Errno { Errno(rawValue: 45) }
    /// Level 3 halted.
    public static var EL3HLT: Errno { Errno(rawValue: 46) }
    /// Level 3 reset.
    public static var EL3RST: Errno { Errno(rawValue: 47) }
    /// Link number out of range.
    public static var ELNRNG: Errno { Errno(rawValue: 48) }
    /// Protocol driver not attached.
    public static var EUNATCH: Errno { Errno(rawValue: 49) }
    /// No CSI structure available.
    public static var ENOCSI: Errno { Errno(rawValue: 50) }
    /// Level 2 halted.
    public static var EL2HLT: Errno { Errno(rawValue: 51) }
    /// Invalid exchange.
    public static var EBADE: Errno { Errno(rawValue: 52) }
    /// Invalid request descriptor.
    public static var EBADR: Errno { Errno(rawValue: 53) }
    /// Exchange full.
    public static var EXFULL: Errno { Errno(rawValue: 54) }
    /// No anode.
    public static var ENOANO: Errno { Errno(rawValue: 55) }
    /// Invalid request code.
    public static var EBADRQC: Errno { Errno(rawValue: 56) }
    /// Invalid slot.
    public static var EBADSLT: Errno { Errno(rawValue: 57) }
    /// Bad font file format.
    public static var EBFONT: Errno { Errno(rawValue: 59) }
    /// Device not a stream.
    public static var ENOSTR: Errno { Errno(rawValue: 60) }
    /// No data available.
    public static var ENODATA: Errno { Errno(rawValue: 61) }
    /// Timer expired.
    public static var ETIME: Errno { Errno(rawValue: 62) }
    /// Out of streams resources.
    public static var ENOSR: Errno { Errno(rawValue: 63) }
    /// Machine is not on the network.
    public static var ENONET: Errno { Errno(rawValue: 64) }
    /// Package not installed.
    public static var ENOPKG: Errno { Errno(rawValue: 65) }
    /// Object is remote.
    public static var EREMOTE: Errno { Errno(rawValue: 66) }
    /// Link has been severed.
    public static var ENOLINK: Errno { Errno(rawValue: 67) }
    /// Advertise error.
    public static var EADV: Errno { Errno(rawValue: 68) }
    /// Srmount error.
    public static var ESRMNT: Errno { Errno(rawValue: 69) }
    /// Communication error on send.
    public static var ECOMM: Errno { Errno(rawValue: 70) }
    /// Protocol error.
    public static var EPROTO: Errno { Errno(rawValue: 71) }
    /// Multihop attempted.
    public static var EMULTIHOP: Errno { Errno(rawValue: 72) }
    /// RFS specific error.
    public static var EDOTDOT: Errno { Errno(rawValue: 73) }
    /// Bad message.
    public static var EBADMSG: Errno { Errno(rawValue: 74) }
    /// Value too large for defined data type.
    public static var EOVERFLOW: Errno { Errno(rawValue: 75) }
    /// Name not unique on network.
    public static var ENOTUNIQ: Errno { Errno(rawValue: 76) }
    /// File descriptor in bad state.
    public static var EBADFD: Errno { Errno(rawValue: 77) }
    /// Remote address changed.
    public static var EREMCHG: Errno { Errno(rawValue: 78) }
    /// Can not access a needed shared library.
    public static var ELIBACC: Errno { Errno(rawValue: 79) }
    /// Accessing a corrupted shared library.
    public static var ELIBBAD: Errno { Errno(rawValue: 80) }
    /// Section `.lib` in a.out corrupted.
    public static var ELIBSCN: Errno { Errno(rawValue: 81) }
    /// Attempting to link in too many shared libraries.
    public static var ELIBMAX: Errno { Errno(rawValue: 82) }
    /// Cannot exec a shared library directly.
    public static var ELIBEXEC: Errno { Errno(rawValue: 83) }
    /// Invalid or incomplete multibyte or wide character.
    public static var EILSEQ: Errno { Errno(rawValue: 84) }
    /// Interrupted system call should be restarted.
    public static var ERESTART: Errno { Errno(rawValue: 85) }
    /// Streams pipe error.
    public static var ESTRPIPE: Errno { Errno(rawValue: 86) }
    /// Too many users.
    public static var EUSERS: Errno { Errno(rawValue: 87) }
    /// Socket operation on non-socket.
    public static var ENOTSOCK: Errno { Errno(rawValue: 88) }
    /// Destination address required.
    public static var EDESTADDRREQ: Errno { Errno(rawValue: 89) }
    /// Message too long.
    public static var EMSGSIZE: Errno { Errno(rawValue: 90) }
    /// Protocol wrong type for socket.
    public static var EPROTOTYPE: Errno { Errno(rawValue: 91) }
    /// Protocol not available.
    public static var ENOPROTOOPT: Errno { Errno(rawValue: 92) }
    /// Protocol not supported.
    public static var EPROTONOSUPPORT: Errno { Errno(rawValue: 93) }
    /// Socket type not supported.
    public static var ESOCKTNOSUPPORT: Errno { Errno(rawValue: 94) }
    /// Operation not supported.
    public static var EOPNOTSUPP: Errno { Errno(rawValue: 95) }
    /// Protocol family not supported.
    public static var EPFNOSUPPORT: Errno { Errno(rawValue: 96) }
    /// Address family not supported by protocol.
    public static var EAFNOSUPPORT: Errno { Errno(rawValue: 97) }
    /// Address already in use.
    public static var EADDRINUSE: Errno { Errno(rawValue: 98) }
    /// Cannot assign requested address.
    public static var EADDRNOTAVAIL: Errno { Errno(rawValue: 99) }
    /// Network is down.
    public static var ENETDOWN: Errno { Errno(rawValue: 100) }
    /// Network is unreachable.
    public static var ENETUNREACH: Errno { Errno(rawValue: 101) }
    /// Network dropped connection on reset.
    public static var ENETRESET: Errno { Errno(rawValue: 102) }
    /// Software caused connection abort.
    public static var ECONNABORTED: Errno { Errno(rawValue: 103) }
    /// Connection reset by peer.
    public static var ECONNRESET: Errno { Errno(rawValue: 104) }
    /// No buffer space available.
    public static var ENOBUFS: Errno { Errno(rawValue: 105) }
    /// Transport endpoint is already connected.
    public static var EISCONN: Errno { Errno(rawValue: 106) }
    /// Transport endpoint is not connected.
    public static var ENOTCONN: Errno { Errno(rawValue: 107) }
    /// Cannot send after transport endpoint shutdown.
    public static var ESHUTDOWN: Errno { Errno(rawValue: 108) }
    /// Too many references: cannot splice.
    public static var ETOOMANYREFS: Errno { Errno(rawValue: 109) }
    /// Connection timed out.
    public static var ETIMEDOUT: Errno { Errno(rawValue: 110) }
    /// Connection refused.
    public static var ECONNREFUSED: Errno { Errno(rawValue: 111) }
    /// Host is down.
    public static var EHOSTDOWN: Errno { Errno(rawValue: 112) }
    /// No route to host.
    public static var EHOSTUNREACH: Errno { Errno(rawValue: 113) }
    /// Operation already in progress.
    public static var EALREADY: Errno { Errno(rawValue: 114) }
    /// Operation now in progress.
    public static var EINPROGRESS: Errno { Errno(rawValue: 115) }
    /// Stale file handle.
    public static var ESTALE: Errno { Errno(rawValue: 116) }
    /// Structure needs cleaning.
    public static var EUCLEAN: Errno { Errno(rawValue: 117) }
    /// Not a XENIX named type file.
    public static var ENOTNAM: Errno { Errno(rawValue: 118) }
    /// No XENIX semaphores available.
    public static var ENAVAIL: Errno { Errno(rawValue: 119) }
    /// Is a named type file.
    public static var EISNAM: Errno { Errno(rawValue: 120) }
    /// Remote I/O error.
    public static var EREMOTEIO: Errno { Errno(rawValue: 121) }
    /// Disk quota exceeded.
    public static var EDQUOT: Errno { Errno(rawValue: 122) }
    /// No medium found.
    public static var ENOMEDIUM: Errno { Errno(rawValue: 123) }
    /// Wrong medium type.
    public static var EMEDIUMTYPE: Errno { Errno(rawValue: 124) }
    /// Operation canceled.
    public static var ECANCELED: Errno { Errno(rawValue: 125) }
    /// Required key not available.
    public static var ENOKEY: Errno { Errno(rawValue: 126) }
    /// Key has expired.
    public static var EKEYEXPIRED: Errno { Errno(rawValue: 127) }
    /// Key has been revoked.
    public static var EKEYREVOKED: Errno { Errno(rawValue: 128) }
    /// Key was rejected by service.
    public static var EKEYREJECTED: Errno { Errno(rawValue: 129) }
    /// Owner died.
    public static var EOWNERDEAD: Errno { Errno(rawValue: 130) }
    /// State not recoverable.
    public static var ENOTRECOVERABLE: Errno { Errno(rawValue: 131) }
    /// Operation not possible due to RF-kill.
    public static var ERFKILL: Errno { Errno(rawValue: 132) }
    /// Memory page has hardware error.
    public static var EHWPOISON: Errno { Errno(rawValue: 133) }
    /// The same number as `EAGAIN`.
    public static var EWOULDBLOCK: Errno { EAGAIN }
    /// The same number as `EOPNOTSUPP`.
    public static var ENOTSUP: Errno { EOPNOTSUPP }
}

extension Errno {
    /// A switch and not a table, so that nothing is set up at run time.
    private var nameAndMessage: (name: String, message: String)? {
        switch rawValue {
        case 1: ("EPERM", "operation not permitted")
        case 2: ("ENOENT", "no such file or directory")
        case 3: ("ESRCH", "no such process")
        case 4: ("EINTR", "interrupted system call")
        case 5: ("EIO", "input/output error")
        case 6: ("ENXIO", "no such device or address")
        case 7: ("E2BIG", "argument list too long")
        case 8: ("ENOEXEC", "exec format error")
        case 9: ("EBADF", "bad file descriptor")
        case 10: ("ECHILD", "no child processes")
        case 11: ("EAGAIN", "resource temporarily unavailable")
        case 12: ("ENOMEM", "cannot allocate memory")
        case 13: ("EACCES", "permission denied")
        case 14: ("EFAULT", "bad address")
        case 15: ("ENOTBLK", "block device required")
        case 16: ("EBUSY", "device or resource busy")
        case 17: ("EEXIST", "file exists")
        case 18: ("EXDEV", "invalid cross-device link")
        case 19: ("ENODEV", "no such device")
        case 20: ("ENOTDIR", "not a directory")
        case 21: ("EISDIR", "is a directory")
        case 22: ("EINVAL", "invalid argument")
        case 23: ("ENFILE", "too many open files in system")
        case 24: ("EMFILE", "too many open files")
        case 25: ("ENOTTY", "inappropriate ioctl for device")
        case 26: ("ETXTBSY", "text file busy")
        case 27: ("EFBIG", "file too large")
        case 28: ("ENOSPC", "no space left on device")
        case 29: ("ESPIPE", "illegal seek")
        case 30: ("EROFS", "read-only file system")
        case 31: ("EMLINK", "too many links")
        case 32: ("EPIPE", "broken pipe")
        case 33: ("EDOM", "numerical argument out of domain")
        case 34: ("ERANGE", "numerical result out of range")
        case 35: ("EDEADLK", "resource deadlock avoided")
        case 36: ("ENAMETOOLONG", "file name too long")
        case 37: ("ENOLCK", "no locks available")
        case 38: ("ENOSYS", "function not implemented")
        case 39: ("ENOTEMPTY", "directory not empty")
        case 40: ("ELOOP", "too many levels of symbolic links")
        case 42: ("ENOMSG", "no message of desired type")
        case 43: ("EIDRM", "identifier removed")
        case 44: ("ECHRNG", "channel number out of range")
        case 45: ("EL2NSYNC", "level 2 not synchronized")
        case 46: ("EL3HLT", "level 3 halted")
        case 47: ("EL3RST", "level 3 reset")
        case 48: ("ELNRNG", "link number out of range")
        case 49: ("EUNATCH", "protocol driver not attached")
        case 50: ("ENOCSI", "no CSI structure available")
        case 51: ("EL2HLT", "level 2 halted")
        case 52: ("EBADE", "invalid exchange")
        case 53: ("EBADR", "invalid request descriptor")
        case 54: ("EXFULL", "exchange full")
        case 55: ("ENOANO", "no anode")
        case 56: ("EBADRQC", "invalid request code")
        case 57: ("EBADSLT", "invalid slot")
        case 59: ("EBFONT", "bad font file format")
        case 60: ("ENOSTR", "device not a stream")
        case 61: ("ENODATA", "no data available")
        case 62: ("ETIME", "timer expired")
        case 63: ("ENOSR", "out of streams resources")
        case 64: ("ENONET", "machine is not on the network")
        case 65: ("ENOPKG", "package not installed")
        case 66: ("EREMOTE", "object is remote")
        case 67: ("ENOLINK", "link has been severed")
        case 68: ("EADV", "advertise error")
        case 69: ("ESRMNT", "srmount error")
        case 70: ("ECOMM", "communication error on send")
        case 71: ("EPROTO", "protocol error")
        case 72: ("EMULTIHOP", "multihop attempted")
        case 73: ("EDOTDOT", "RFS specific error")
        case 74: ("EBADMSG", "bad message")
        case 75: ("EOVERFLOW", "value too large for defined data type")
        case 76: ("ENOTUNIQ", "name not unique on network")
        case 77: ("EBADFD", "file descriptor in bad state")
        case 78: ("EREMCHG", "remote address changed")
        case 79: ("ELIBACC", "can not access a needed shared library")
        case 80: ("ELIBBAD", "accessing a corrupted shared library")
        case 81: ("ELIBSCN", ".lib section in a.out corrupted")
        case 82: ("ELIBMAX", "attempting to link in too many shared libraries")
        case 83: ("ELIBEXEC", "cannot exec a shared library directly")
        case 84: ("EILSEQ", "invalid or incomplete multibyte or wide character")
        case 85: ("ERESTART", "interrupted system call should be restarted")
        case 86: ("ESTRPIPE", "streams pipe error")
        case 87: ("EUSERS", "too many users")
        case 88: ("ENOTSOCK", "socket operation on non-socket")
        case 89: ("EDESTADDRREQ", "destination address required")
        case 90: ("EMSGSIZE", "message too long")
        case 91: ("EPROTOTYPE", "protocol wrong type for socket")
        case 92: ("ENOPROTOOPT", "protocol not available")
        case 93: ("EPROTONOSUPPORT", "protocol not supported")
        case 94: ("ESOCKTNOSUPPORT", "socket type not supported")
        case 95: ("EOPNOTSUPP", "operation not supported")
        case 96: ("EPFNOSUPPORT", "protocol family not supported")
        case 97: ("EAFNOSUPPORT", "address family not supported by protocol")
        case 98: ("EADDRINUSE", "address already in use")
        case 99: ("EADDRNOTAVAIL", "cannot assign requested address")
        case 100: ("ENETDOWN", "network is down")
        case 101: ("ENETUNREACH", "network is unreachable")
        case 102: ("ENETRESET", "network dropped connection on reset")
        case 103: ("ECONNABORTED", "software caused connection abort")
        case 104: ("ECONNRESET", "connection reset by peer")
        case 105: ("ENOBUFS", "no buffer space available")
        case 106: ("EISCONN", "transport endpoint is already connected")
        case 107: ("ENOTCONN", "transport endpoint is not connected")
        case 108: ("ESHUTDOWN", "cannot send after transport endpoint shutdown")
        case 109: ("ETOOMANYREFS", "too many references: cannot splice")
        case 110: ("ETIMEDOUT", "connection timed out")
        case 111: ("ECONNREFUSED", "connection refused")
        case 112: ("EHOSTDOWN", "host is down")
        case 113: ("EHOSTUNREACH", "no route to host")
        case 114: ("EALREADY", "operation already in progress")
        case 115: ("EINPROGRESS", "operation now in progress")
        case 116: ("ESTALE", "stale file handle")
        case 117: ("EUCLEAN", "structure needs cleaning")
        case 118: ("ENOTNAM", "not a XENIX named type file")
        case 119: ("ENAVAIL", "no XENIX semaphores available")
        case 120: ("EISNAM", "is a named type file")
        case 121: ("EREMOTEIO", "remote I/O error")
        case 122: ("EDQUOT", "disk quota exceeded")
        case 123: ("ENOMEDIUM", "no medium found")
        case 124: ("EMEDIUMTYPE", "wrong medium type")
        case 125: ("ECANCELED", "operation canceled")
        case 126: ("ENOKEY", "required key not available")
        case 127: ("EKEYEXPIRED", "key has expired")
        case 128: ("EKEYREVOKED", "key has been revoked")
        case 129: ("EKEYREJECTED", "key was rejected by service")
        case 130: ("EOWNERDEAD", "owner died")
        case 131: ("ENOTRECOVERABLE", "state not recoverable")
        case 132: ("ERFKILL", "operation not possible due to RF-kill")
        case 133: ("EHWPOISON", "memory page has hardware error")
        default: nil
        }
    }
}
