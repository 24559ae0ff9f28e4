.mounts+=[{destination:"/m",type:"bind",source:"@B@/link",options:["bind"]}]
