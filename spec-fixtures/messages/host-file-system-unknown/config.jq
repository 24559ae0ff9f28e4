.mounts+=[{destination:"/m",type:"quuxfs",source:"x"}]
