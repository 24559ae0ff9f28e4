.mounts+=[{destination:"/m",type:"bind",source:"/tmp",options:["bind","idmap"]}]
