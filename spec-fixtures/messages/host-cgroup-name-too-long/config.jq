.linux.cgroupsPath="@CGROUP@/"+("a"*300)
