.mounts+=[{destination:"/m",type:"tmpfs",source:"x",options:["size=huge"]}]
