.linux.namespaces|=map(if .type=="network" then .path="/proc/self/ns/uts" else . end)
