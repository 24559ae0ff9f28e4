.process.cwdd="/"|del(.process.cwd)
