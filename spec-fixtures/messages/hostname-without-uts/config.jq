.linux.namespaces|=map(select(.type!="uts"))
