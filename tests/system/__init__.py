"""Tests of the system room: real files, and a keyring backend of our own in place of the desktop's."""
