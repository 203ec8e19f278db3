"""Tests of the screen of settings."""
