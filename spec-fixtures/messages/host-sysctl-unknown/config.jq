.linux.sysctl={"net.ipv4.no_such":"1"}
