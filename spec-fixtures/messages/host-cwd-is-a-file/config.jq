.process.cwd="/bin/busybox"
