.process.ioPriority={class:"IOPRIO_CLASS_XX"}
