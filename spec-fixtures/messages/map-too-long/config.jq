.linux.namespaces+=[{type:"user"}]|.linux.gidMappings=[{containerID:0,hostID:100000,size:65536}]|.linux.uidMappings=[range(341)|{containerID:.,hostID:(.+1000),size:1}]
