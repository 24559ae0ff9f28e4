.linux.namespaces+=[{type:"netwrk"}]
