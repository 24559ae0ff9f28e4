.mounts+=[{destination:"/proc",type:"tmpfs",source:"x"}]
