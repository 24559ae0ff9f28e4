import CKernel
import Glibc
import KernelABI
import Testing

@Suite struct ErrnoTests {
    @Test func everyErrnoHasTheHeadersNumber() {
        let named: [(String, Errno)] = [
            ("EPERM", .EPERM), ("ENOENT", .ENOENT), ("ESRCH", .ESRCH), ("EINTR", .EINTR), ("EIO", .EIO), ("ENXIO", .ENXIO),
            ("E2BIG", .E2BIG), ("ENOEXEC", .ENOEXEC), ("EBADF", .EBADF), ("ECHILD", .ECHILD), ("EAGAIN", .EAGAIN), ("ENOMEM", .ENOMEM),
            ("EACCES", .EACCES), ("EFAULT", .EFAULT), ("ENOTBLK", .ENOTBLK), ("EBUSY", .EBUSY), ("EEXIST", .EEXIST), ("EXDEV", .EXDEV),
            ("ENODEV", .ENODEV), ("ENOTDIR", .ENOTDIR), ("EISDIR", .EISDIR), ("EINVAL", .EINVAL), ("ENFILE", .ENFILE),
            ("EMFILE", .EMFILE), ("ENOTTY", .ENOTTY), ("ETXTBSY", .ETXTBSY), ("EFBIG", .EFBIG), ("ENOSPC", .ENOSPC), ("ESPIPE", .ESPIPE),
            ("EROFS", .EROFS), ("EMLINK", .EMLINK), ("EPIPE", .EPIPE), ("EDOM", .EDOM), ("ERANGE", .ERANGE), ("EDEADLK", .EDEADLK),
            ("ENAMETOOLONG", .ENAMETOOLONG), ("ENOLCK", .ENOLCK), ("ENOSYS", .ENOSYS), ("ENOTEMPTY", .ENOTEMPTY), ("ELOOP", .ELOOP),
            ("ENOMSG", .ENOMSG), ("EIDRM", .EIDRM), ("ECHRNG", .ECHRNG), ("EL2NSYNC", .EL2NSYNC), ("EL3HLT", .EL3HLT),
            ("EL3RST", .EL3RST), ("ELNRNG", .ELNRNG), ("EUNATCH", .EUNATCH), ("ENOCSI", .ENOCSI), ("EL2HLT", .EL2HLT), ("EBADE", .EBADE),
            ("EBADR", .EBADR), ("EXFULL", .EXFULL), ("ENOANO", .ENOANO), ("EBADRQC", .EBADRQC), ("EBADSLT", .EBADSLT),
            ("EBFONT", .EBFONT), ("ENOSTR", .ENOSTR), ("ENODATA", .ENODATA), ("ETIME", .ETIME), ("ENOSR", .ENOSR), ("ENONET", .ENONET),
            ("ENOPKG", .ENOPKG), ("EREMOTE", .EREMOTE), ("ENOLINK", .ENOLINK), ("EADV", .EADV), ("ESRMNT", .ESRMNT), ("ECOMM", .ECOMM),
            ("EPROTO", .EPROTO), ("EMULTIHOP", .EMULTIHOP), ("EDOTDOT", .EDOTDOT), ("EBADMSG", .EBADMSG), ("EOVERFLOW", .EOVERFLOW),
            ("ENOTUNIQ", .ENOTUNIQ), ("EBADFD", .EBADFD), ("EREMCHG", .EREMCHG), ("ELIBACC", .ELIBACC), ("ELIBBAD", .ELIBBAD),
            ("ELIBSCN", .ELIBSCN), ("ELIBMAX", .ELIBMAX), ("ELIBEXEC", .ELIBEXEC), ("EILSEQ", .EILSEQ), ("ERESTART", .ERESTART),
            ("ESTRPIPE", .ESTRPIPE), ("EUSERS", .EUSERS), ("ENOTSOCK", .ENOTSOCK), ("EDESTADDRREQ", .EDESTADDRREQ),
            ("EMSGSIZE", .EMSGSIZE), ("EPROTOTYPE", .EPROTOTYPE), ("ENOPROTOOPT", .ENOPROTOOPT), ("EPROTONOSUPPORT", .EPROTONOSUPPORT),
            ("ESOCKTNOSUPPORT", .ESOCKTNOSUPPORT), ("EOPNOTSUPP", .EOPNOTSUPP), ("EPFNOSUPPORT", .EPFNOSUPPORT),
            ("EAFNOSUPPORT", .EAFNOSUPPORT), ("EADDRINUSE", .EADDRINUSE), ("EADDRNOTAVAIL", .EADDRNOTAVAIL), ("ENETDOWN", .ENETDOWN),
            ("ENETUNREACH", .ENETUNREACH), ("ENETRESET", .ENETRESET), ("ECONNABORTED", .ECONNABORTED), ("ECONNRESET", .ECONNRESET),
            ("ENOBUFS", .ENOBUFS), ("EISCONN", .EISCONN), ("ENOTCONN", .ENOTCONN), ("ESHUTDOWN", .ESHUTDOWN),
            ("ETOOMANYREFS", .ETOOMANYREFS), ("ETIMEDOUT", .ETIMEDOUT), ("ECONNREFUSED", .ECONNREFUSED), ("EHOSTDOWN", .EHOSTDOWN),
            ("EHOSTUNREACH", .EHOSTUNREACH), ("EALREADY", .EALREADY), ("EINPROGRESS", .EINPROGRESS), ("ESTALE", .ESTALE),
            ("EUCLEAN", .EUCLEAN), ("ENOTNAM", .ENOTNAM), ("ENAVAIL", .ENAVAIL), ("EISNAM", .EISNAM), ("EREMOTEIO", .EREMOTEIO),
            ("EDQUOT", .EDQUOT), ("ENOMEDIUM", .ENOMEDIUM), ("EMEDIUMTYPE", .EMEDIUMTYPE), ("ECANCELED", .ECANCELED), ("ENOKEY", .ENOKEY),
            ("EKEYEXPIRED", .EKEYEXPIRED), ("EKEYREVOKED", .EKEYREVOKED), ("EKEYREJECTED", .EKEYREJECTED), ("EOWNERDEAD", .EOWNERDEAD),
            ("ENOTRECOVERABLE", .ENOTRECOVERABLE), ("ERFKILL", .ERFKILL), ("EHWPOISON", .EHWPOISON), ("EWOULDBLOCK", .EWOULDBLOCK),
            ("ENOTSUP", .ENOTSUP),
        ]
        for (name, errno) in named {
            #expect(Header.value(name) == Int64(errno.rawValue), "\(name)")
        }
    }

    @Test func everyNumberUpTo133HasTheCLibrarysName() {
        for number in Int32(1)...133 where number != 41 && number != 58 {
            let name = Errno(rawValue: number).name
            #expect(Header.value(name) == Int64(number), "\(number) is called \(name)")
        }
    }

    @Test func messagesAreTheCLibrarysWithALowerCaseInitial() {
        for number in Int32(1)...133 where number != 41 && number != 58 {
            let text = String(cString: strerror(number))
            let lowered = text.hasPrefix("RFS") ? text : text.prefix(1).lowercased() + text.dropFirst()
            #expect(Errno(rawValue: number).message == lowered)
        }
    }

    @Test func theWordsClientsMatchAreSpelledOut() {
        #expect(Errno.ENOENT.message == "no such file or directory")
        #expect(Errno.EACCES.message == "permission denied")
        #expect(Errno.EPERM.message == "operation not permitted")
        #expect(Errno.EISDIR.message == "is a directory")
        #expect(Errno.EINVAL.message == "invalid argument")
        #expect(Errno.ENOTDIR.message == "not a directory")
        #expect(Errno.ESRCH.message == "no such process")
        #expect(Errno.EEXIST.message == "file exists")
        #expect(Errno.EBUSY.message == "device or resource busy")
        #expect(Errno.ENOEXEC.message == "exec format error")
    }

    @Test func descriptionJoinsNameAndMessage() {
        #expect("\(Errno.ENOENT)" == "ENOENT (no such file or directory)")
    }

    @Test func anUnknownNumberIsShownAsSuch() {
        #expect(Errno(rawValue: 999).name == "errno 999")
        #expect("\(Errno(rawValue: 41))" == "errno 41")
    }
}

@Suite struct SyscallErrorTests {
    @Test func aLineNamesCallSubjectAndErrno() {
        #expect("\(SyscallError("mount", "proc at /proc", .ENODEV))" == "mount(2) proc at /proc: ENODEV (no such device)")
    }

    @Test func withoutASubjectTheLineHasNone() {
        #expect("\(SyscallError("setsid", "", .EPERM))" == "setsid(2): EPERM (operation not permitted)")
    }

    @Test func errorsAreEqualByTheTextOfTheirCall() {
        let first = SyscallError("open", "/a", .ENOENT)
        #expect(first == SyscallError("open", "/a", .ENOENT))
        #expect(first.hashValue == SyscallError("open", "/a", .ENOENT).hashValue)
        #expect(first != SyscallError("read", "/a", .ENOENT))
        #expect(first != SyscallError("open", "/b", .ENOENT))
        #expect(first != SyscallError("open", "/a", .EPERM))
    }
}
