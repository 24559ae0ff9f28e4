.process.cwd="tmp"
