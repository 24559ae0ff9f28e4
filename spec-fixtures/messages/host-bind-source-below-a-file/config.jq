.mounts+=[{destination:"/m",type:"bind",source:"@B@/config.json/x",options:["bind"]}]
