.root.path="config.json"
