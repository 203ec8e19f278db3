"""Tests of the store: real SQLite files in temporary folders. Imports store and core."""
