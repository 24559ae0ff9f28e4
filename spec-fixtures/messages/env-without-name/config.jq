.process.env+=["=x"]
