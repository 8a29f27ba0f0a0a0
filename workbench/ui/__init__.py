"""The terminal user interface: commands go down, events come up, and one pure fold decides what is shown."""
