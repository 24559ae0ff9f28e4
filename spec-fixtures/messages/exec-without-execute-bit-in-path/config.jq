.|.process.args=["app"]
