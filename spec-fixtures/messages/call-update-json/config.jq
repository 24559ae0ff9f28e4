.process.args=["sleep","60"]
