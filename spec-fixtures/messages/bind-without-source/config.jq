.mounts+=[{destination:"/m",type:"bind",options:["bind"]}]
