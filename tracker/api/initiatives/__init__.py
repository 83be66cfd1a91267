"""The catalogue: projects, parks, platforms, talent programmes, each with the details of its kind."""
