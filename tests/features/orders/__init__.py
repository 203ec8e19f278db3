"""Tests of the orders screen, on a real shop and a real server."""
