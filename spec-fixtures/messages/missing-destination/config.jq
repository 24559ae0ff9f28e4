.mounts+=[{type:"tmpfs"}]
