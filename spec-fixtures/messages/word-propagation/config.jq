.linux.rootfsPropagation="foo"
