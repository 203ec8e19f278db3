"""The installed program in a real X server, driven from outside by keys and mouse."""
