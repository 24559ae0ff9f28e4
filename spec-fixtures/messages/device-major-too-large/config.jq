.linux.devices=[{path:"/dev/x",type:"c",major:5000,minor:3}]
