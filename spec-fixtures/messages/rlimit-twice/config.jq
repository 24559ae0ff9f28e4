.process.rlimits=[{type:"RLIMIT_AS",soft:9999999999,hard:9999999999},{type:"RLIMIT_AS",soft:9999999999,hard:9999999999}]
