.mounts+=[{destination:"/m",source:"x"}]
