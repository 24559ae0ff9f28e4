.process.rlimits=[{type:"RLIMIT_NOFIL",soft:1,hard:1}]
