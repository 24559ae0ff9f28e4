.|.process.args=["/bin/app"]
