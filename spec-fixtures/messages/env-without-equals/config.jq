.process.env+=["FOO"]
