.linux.resources.hugepageLimits=[{pageSize:"2 MB",limit:0}]
