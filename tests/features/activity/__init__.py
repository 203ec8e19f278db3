"""Tests of the list of what waits, and of choosing between two versions."""
