"""First run: connect to a server with a key, or open the local shop."""
