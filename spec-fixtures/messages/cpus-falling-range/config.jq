.linux.resources.cpu={cpus:"3-1"}
