.hooks.poststop=[{path:"/bin/true",env:["A"]}]
