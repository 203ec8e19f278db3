"""Tests of the screens: real widgets, a real shop, a real local server."""
