.|.process.args=["/bin"]
