"""Tests of the Qt room."""
