"""Tests of the products screen, on a real shop and a real server."""
