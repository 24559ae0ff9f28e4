.mounts+=[{destination:"/m",type:"bind",source:"@B@/nowhere/data",options:["bind"]}]
