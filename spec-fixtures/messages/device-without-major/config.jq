.linux.devices=[{path:"/dev/x",type:"c",minor:3}]
