.linux.namespaces|=map(if .type=="network" then .path="@B@/nowhere/net" else . end)
