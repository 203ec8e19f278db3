"""Tests of the local server: in process through WSGI, and as a real process. May import anything of ours."""
