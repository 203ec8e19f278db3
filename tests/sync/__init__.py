"""Tests of the sync room, against the real local server and the real store."""
