"""What understanding needs to know of the world: places by name. `tools.places` is the one that is used."""
