.linux.personality={domain:"LINUX16"}
