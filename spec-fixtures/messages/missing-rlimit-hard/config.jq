.process.rlimits=[{type:"RLIMIT_AS",soft:1}]
