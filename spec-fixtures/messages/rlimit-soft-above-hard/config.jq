.process.rlimits=[{type:"RLIMIT_CORE",soft:5,hard:4}]
