.linux.resources.unified={"a/b":"1"}
