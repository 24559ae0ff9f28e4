.|.process.args=["/bin/bussybox"]
