.|.process.args=["nosuchprogram"]
