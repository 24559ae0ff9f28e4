.hooks.prestart=[{path:"/bin/true",timeout:0}]
