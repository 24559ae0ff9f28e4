.hostname=("a"*65)
