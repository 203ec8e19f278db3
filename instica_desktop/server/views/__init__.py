"""The endpoints, one module for each section of the API. May import everything in `server` but `main`."""
