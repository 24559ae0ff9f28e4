.process.env+=[7]
