.mounts+=[{destination:"/m",type:"bind",source:"@B@/dta",options:["bind"]}]
