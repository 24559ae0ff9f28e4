.linux.namespaces+=[{type:"cgroup",path:"run/x"}]
