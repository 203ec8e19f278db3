"""The copying of a whole shop, against the real server and a network that fails."""
