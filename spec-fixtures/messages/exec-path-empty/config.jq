.process.env=["PATH="]|.process.args=["nosuchprogram"]
