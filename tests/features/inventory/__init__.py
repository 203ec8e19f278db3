"""Tests of the inventory screen."""
