.linux.resources.cpu={cpus:"0-4095"}
