.mounts={}
