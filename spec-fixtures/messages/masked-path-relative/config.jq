.linux.maskedPaths=["proc/kcore"]
