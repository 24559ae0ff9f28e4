.hooks.prestart=[{path:"hook.sh"}]
