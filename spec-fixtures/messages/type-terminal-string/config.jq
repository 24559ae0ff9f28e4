.process.terminal="no"
