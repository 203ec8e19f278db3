"""Which address leads to which endpoint, a module for each section of the API; each has `ROUTES`."""
