"""Tests of the house itself: folders, imports, sizes, words."""
