"""Tests of the files the application ships: catalogue facts, icons, fonts and the app mark."""
