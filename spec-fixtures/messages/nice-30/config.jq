.process.scheduler={policy:"SCHED_OTHER",nice:30}
