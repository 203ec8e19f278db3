"""The only room that knows all others: command line, start and quit, the local server's process, the tour."""
