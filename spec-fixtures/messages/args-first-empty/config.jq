.process.args=[""]
