.mounts+=[{destination:"/m",type:"tmpfs",source:"x",options:["sizee=4k"]}]
