"""Widgets without business words, one small module each. They take an object name and an accessible name.

Imports theme, paint and text of qtkit. `instica_desktop.qtkit` lists them.
"""
