.linux.readonlyPaths=["proc/sys"]
