.linux.resources.cpu={mems:"0-63"}
