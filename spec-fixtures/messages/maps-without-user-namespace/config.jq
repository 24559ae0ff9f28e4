.linux.uidMappings=[{containerID:0,hostID:0,size:1}]
