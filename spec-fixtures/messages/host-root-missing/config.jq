.root.path="nowhere"
