.linux.namespaces+=[{type:"quux"}]
