.linux.seccomp={defaultAction:"SCMP_ACT_ALLOW",defaultErrnoRet:1}
