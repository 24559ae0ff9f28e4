.linux.resources.blockIO={weight:5}
