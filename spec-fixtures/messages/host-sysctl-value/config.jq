.linux.sysctl={"net.ipv4.ip_forward":"many"}
