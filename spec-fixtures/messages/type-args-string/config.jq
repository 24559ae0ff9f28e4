.process.args="true"
