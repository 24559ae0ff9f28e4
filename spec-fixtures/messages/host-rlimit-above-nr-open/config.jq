.process.rlimits=[{type:"RLIMIT_NOFILE",soft:10,hard:(@NR_OPEN@+1)}]
