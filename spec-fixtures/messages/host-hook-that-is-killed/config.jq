.hooks.createRuntime=[{path:"/bin/sh",args:["sh","-c","kill -9 $$"]}]
