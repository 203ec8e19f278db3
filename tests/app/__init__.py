"""Tests of the app room: the command line as a user runs it, and the local server's process."""
