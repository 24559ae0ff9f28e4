.mounts+=[{destination:"/proc/sys/x",type:"tmpfs",source:"x"}]
