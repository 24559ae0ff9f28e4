.hooks.createRuntime=[{path:"@B@/hook"}]
