.linux.intelRdt={memBwSchema:"L3:0=f"}
