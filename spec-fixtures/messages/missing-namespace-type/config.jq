.linux.namespaces+=[{}]
