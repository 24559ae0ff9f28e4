.mounts+=[{destination:"/m",type:"bind",source:"@B@/rootfs/bin",options:["bind","noexec"]}]|.process.args=["/m/busybox"]
