.linux.resources.memory={limit:67108864,swap:1000000}
