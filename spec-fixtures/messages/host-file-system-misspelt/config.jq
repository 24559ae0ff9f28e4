.mounts+=[{destination:"/m",type:"tmpf",source:"x"}]
