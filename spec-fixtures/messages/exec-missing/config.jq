.|.process.args=["/opt/app/run"]
