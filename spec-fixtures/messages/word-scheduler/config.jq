.process.scheduler={policy:"SCHED_FOO"}
