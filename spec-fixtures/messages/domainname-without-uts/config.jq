.domainname="d"|del(.hostname)|.linux.namespaces|=map(select(.type!="uts"))
