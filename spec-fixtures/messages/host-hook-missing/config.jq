.hooks.createRuntime=[{path:"@B@/no/hook"}]
