.linux.namespaces+=[{type:"user"}]
