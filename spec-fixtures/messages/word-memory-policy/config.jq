.linux.memoryPolicy={mode:"MPOL_BND",nodes:"0"}
