.linux.sysctl={"kernel.panic":"1"}
