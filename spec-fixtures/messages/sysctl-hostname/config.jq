.linux.sysctl={"kernel.hostname":"x"}
