.process.args=[]
