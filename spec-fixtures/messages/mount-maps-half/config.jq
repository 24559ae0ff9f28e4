.mounts+=[{destination:"/m",type:"bind",source:"/tmp",options:["bind"],uidMappings:[{containerID:0,hostID:1,size:1}]}]
