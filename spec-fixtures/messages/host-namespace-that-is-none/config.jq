.linux.namespaces|=map(if .type=="network" then .path="@B@/config.json" else . end)
