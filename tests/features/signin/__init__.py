"""Tests of the first run, against real servers."""
