.linux.resources.unified={"memory.high":"1"}
