.process.oomScoreAdj=2000
