.linux.resources.cpu={cpus:"all"}
