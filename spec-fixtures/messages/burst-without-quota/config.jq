.linux.resources.cpu={burst:5000,quota:1000,period:100000}
