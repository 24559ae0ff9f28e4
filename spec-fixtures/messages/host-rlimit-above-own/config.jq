.process.rlimits=[{type:"RLIMIT_NPROC",soft:10,hard:99999999}]
