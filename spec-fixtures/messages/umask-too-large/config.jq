.process.user.umask=512
