.linux.seccomp={defaultAction:"SCMP_ACT_ALLOW",syscalls:[{names:["mkdir"],action:"SCMP_ACT_ERRNO",args:[{index:6,value:0,op:"SCMP_CMP_EQ"}]}]}
