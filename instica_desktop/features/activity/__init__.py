"""Activity: the edits on their way to the server, and those that need the user."""
