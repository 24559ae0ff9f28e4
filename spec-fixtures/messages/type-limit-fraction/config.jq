.linux.resources.memory.limit=1.5
