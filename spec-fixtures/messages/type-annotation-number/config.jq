.annotations={a:1}
