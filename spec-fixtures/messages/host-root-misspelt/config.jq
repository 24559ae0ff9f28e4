.root.path="rotfs"
