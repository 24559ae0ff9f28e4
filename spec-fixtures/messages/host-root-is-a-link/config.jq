.root.path="link"
