.linux.devices=[{path:"/dev/x",type:"q",major:1,minor:1}]
