.linux.namespaces+=[{type:"pid"}]
