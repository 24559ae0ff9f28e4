.hooks.createRuntime=[{path:"@B@/config.json"}]
